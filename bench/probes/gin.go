package main

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

type newGinItem struct {
	Name string `json:"name" binding:"required"`
	Qty  int    `json:"qty" binding:"min=1"`
}

// withGin is the API on gin: the engine of its quick start, ShouldBindJSON, and
// AbortWithError for what goes wrong.
func withGin(e *environment) http.Handler {
	fails := func(c *gin.Context, err error) {
		switch {
		case errors.Is(err, errNone):
			c.JSON(404, gin.H{"error": "no such item"})
		case errors.Is(err, errTaken):
			c.JSON(409, gin.H{"error": "the name is taken"})
		default:
			_ = c.AbortWithError(500, err)
		}
	}
	number := func(c *gin.Context) (int, bool) {
		id, err := strconv.Atoi(c.Param("id"))
		if err != nil {
			c.JSON(400, gin.H{"error": "the id is a number"})
		}
		return id, err == nil
	}
	create := func(c *gin.Context) {
		var in newGinItem
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(400, gin.H{"error": err.Error()})
			return
		}
		i, err := e.items.create(in.Name, in.Qty)
		if err != nil {
			fails(c, err)
			return
		}
		c.Header("Location", i.location())
		c.JSON(201, i)
	}
	gin.SetMode(gin.ReleaseMode)
	s := gin.New()
	s.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, _ any) { c.AbortWithStatus(500) })) // gin.Default's, without its log
	s.GET("/items", func(c *gin.Context) {
		var in struct {
			Limit int `form:"limit"`
		}
		if err := c.ShouldBindQuery(&in); err != nil {
			c.JSON(400, gin.H{"error": err.Error()})
			return
		}
		c.JSON(200, e.items.list(in.Limit))
	})
	s.POST("/items", create)
	s.GET("/items/:id", func(c *gin.Context) {
		if id, ok := number(c); ok {
			i, err := e.items.get(id)
			if err != nil {
				fails(c, err)
				return
			}
			c.JSON(200, i)
		}
	})
	s.DELETE("/items/:id", func(c *gin.Context) {
		if id, ok := number(c); ok {
			if err := e.items.remove(id); err != nil {
				fails(c, err)
				return
			}
			c.Status(204)
		}
	})
	s.GET("/file", gin.WrapF(serveFile))
	private := s.Group("/private", func(c *gin.Context) {
		right, scope := allowed(strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer "))
		switch {
		case !right:
			c.AbortWithStatus(401)
		case !scope:
			c.AbortWithStatus(403)
		}
	})
	private.GET("", func(c *gin.Context) { c.JSON(200, "jo") })
	private.POST("", create)
	s.GET("/err/:what", func(c *gin.Context) {
		if c.Param("what") == "panic-late" {
			breakOff(c.Writer)
		}
		fails(c, e.fail(c.Request, c.Param("what")))
	})
	s.POST("/err/:what", func(c *gin.Context) { fails(c, e.fail(c.Request, c.Param("what"))) })
	return s
}
