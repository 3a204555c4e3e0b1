package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/conditional"
)

// withHuma is the API on huma over net/http's mux, with its defaults.
func withHuma(e *environment) http.Handler {
	type newHumaItem struct {
		Name string `json:"name" minLength:"1"`
		Qty  int    `json:"qty" minimum:"1"`
	}
	type newInput struct{ Body newHumaItem }
	type created struct {
		Location string `header:"Location"`
		Body     item
	}
	type read struct {
		ETag string `header:"ETag"`
		Body item
	}
	known := func(err error) error {
		switch {
		case errors.Is(err, errNone):
			return huma.Error404NotFound("no such item")
		case errors.Is(err, errTaken):
			return huma.Error409Conflict("the name is taken")
		}
		return err
	}
	create := func(_ context.Context, in *newInput) (*created, error) {
		i, err := e.items.create(in.Body.Name, in.Body.Qty)
		if err != nil {
			return nil, known(err)
		}
		return &created{i.location(), i}, nil
	}
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("items", "1"))
	huma.Get(api, "/items", func(_ context.Context, in *struct {
		Limit int `query:"limit"`
	},
	) (*struct{ Body []item }, error) {
		return &struct{ Body []item }{e.items.list(in.Limit)}, nil
	})
	huma.Register(api, huma.Operation{OperationID: "create", Method: "POST", Path: "/items", DefaultStatus: 201}, create)
	huma.Get(api, "/items/{id}", func(_ context.Context, in *struct {
		ID int `path:"id"`
		conditional.Params
	},
	) (*read, error) {
		i, err := e.items.get(in.ID)
		if err != nil {
			return nil, known(err)
		}
		if in.HasConditionalParams() {
			if err := in.PreconditionFailed(i.tag(), modified); err != nil {
				return nil, err
			}
		}
		return &read{`"` + i.tag() + `"`, i}, nil
	})
	huma.Put(api, "/items/{id}", func(_ context.Context, in *struct {
		ID int `path:"id"`
		conditional.Params
		Body newHumaItem
	},
	) (*read, error) {
		old, err := e.items.get(in.ID)
		if err != nil {
			return nil, known(err)
		}
		if in.HasConditionalParams() {
			if err := in.PreconditionFailed(old.tag(), modified); err != nil {
				return nil, err
			}
		}
		i, err := e.items.replace(in.ID, in.Body.Name, in.Body.Qty)
		if err != nil {
			return nil, known(err)
		}
		return &read{`"` + i.tag() + `"`, i}, nil
	})
	huma.Delete(api, "/items/{id}", func(_ context.Context, in *struct {
		ID int `path:"id"`
	},
	) (*struct{}, error) {
		return nil, known(e.items.remove(in.ID))
	})
	mux.HandleFunc("GET /file", serveFile)
	authenticate := func(ctx huma.Context, next func(huma.Context)) {
		right, scope := allowed(strings.TrimPrefix(ctx.Header("Authorization"), "Bearer "))
		switch {
		case !right:
			_ = huma.WriteErr(api, ctx, 401, "Unauthorized")
		case !scope:
			_ = huma.WriteErr(api, ctx, 403, "Forbidden")
		default:
			next(ctx)
		}
	}
	private := huma.Operation{OperationID: "private", Method: "GET", Path: "/private", Middlewares: huma.Middlewares{authenticate}}
	huma.Register(api, private, func(context.Context, *struct{}) (*struct{ Body string }, error) {
		return &struct{ Body string }{"jo"}, nil
	})
	private.OperationID, private.Method, private.DefaultStatus = "create-private", "POST", 201
	huma.Register(api, private, create)
	huma.Get(api, "/err/panic-late", func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			ctx.SetHeader("Content-Type", "application/json")
			_, _ = ctx.BodyWriter().Write([]byte(strings.Repeat(" ", 4<<10) + `{"partial":`))
			panic("late")
		}}, nil
	})
	failing := func(ctx context.Context, in *struct {
		What string `path:"what"`
	},
	) (*struct{}, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, "POST", "/", strings.NewReader(valid))
		if err != nil {
			return nil, err
		}
		return nil, known(e.fail(r, in.What))
	}
	huma.Get(api, "/err/{what}", failing)
	huma.Post(api, "/err/{what}", failing)
	return mux
}
