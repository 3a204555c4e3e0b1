package main

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
)

type newEchoItem struct {
	Name string `json:"name" validate:"required"`
	Qty  int    `json:"qty" validate:"min=1"`
}

// echoValidator is the one that echo's documentation shows.
type echoValidator struct{ validator *validator.Validate }

func (v *echoValidator) Validate(i any) error {
	if err := v.validator.Struct(i); err != nil {
		return echo.ErrBadRequest.Wrap(err)
	}
	return nil
}

// withEcho is the API on echo, with its middleware for panics, content, keys and
// quotas.
func withEcho(e *environment) http.Handler {
	known := func(err error) error {
		switch {
		case errors.Is(err, errNone):
			return echo.NewHTTPError(404, "no such item")
		case errors.Is(err, errTaken):
			return echo.NewHTTPError(409, "the name is taken")
		}
		return err
	}
	create := func(c *echo.Context) error {
		var in newEchoItem
		if err := c.Bind(&in); err != nil {
			return err
		}
		if err := c.Validate(&in); err != nil {
			return err
		}
		i, err := e.items.create(in.Name, in.Qty)
		if err != nil {
			return known(err)
		}
		c.Response().Header().Set("Location", i.location())
		return c.JSON(201, i)
	}
	s := echo.New()
	s.Logger = slog.New(slog.DiscardHandler)
	s.Validator = &echoValidator{validator.New()}
	s.Use(middleware.Recover(), middleware.BodyLimit(1<<20))
	s.GET("/items", func(c *echo.Context) error {
		limit, err := echo.QueryParamOr[int](c, "limit", 0)
		if err != nil {
			return err
		}
		return c.JSON(200, e.items.list(limit))
	})
	s.POST("/items", create)
	s.GET("/items/:id", func(c *echo.Context) error {
		id, err := echo.PathParam[int](c, "id")
		if err != nil {
			return err
		}
		i, err := e.items.get(id)
		if err != nil {
			return known(err)
		}
		return c.JSON(200, i)
	})
	s.DELETE("/items/:id", func(c *echo.Context) error {
		id, err := echo.PathParam[int](c, "id")
		if err != nil {
			return err
		}
		if err := e.items.remove(id); err != nil {
			return known(err)
		}
		return c.NoContent(204)
	})
	s.GET("/file", echo.WrapHandler(http.HandlerFunc(serveFile)))
	private := s.Group("/private", middleware.KeyAuth(func(_ *echo.Context, key string, _ middleware.ExtractorSource) (bool, error) {
		right, scope := allowed(key)
		if right && !scope {
			return false, echo.ErrForbidden
		}
		return right, nil
	}))
	private.GET("", func(c *echo.Context) error { return c.JSON(200, "jo") })
	private.POST("", create)
	quota := middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
		Rate: 2.0 / 3, Burst: 2, ExpiresIn: time.Minute,
	})
	s.GET("/limited", func(c *echo.Context) error { return c.JSON(200, true) }, middleware.RateLimiter(quota))
	s.GET("/err/panic-late", func(c *echo.Context) error {
		breakOff(c.Response())
		return nil
	})
	s.Any("/err/:what", func(c *echo.Context) error { return known(e.fail(c.Request(), c.Param("what"))) })
	return s
}
