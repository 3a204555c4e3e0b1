// Command validated shows respond beside a validation library: rules in struct
// tags, and one mapping that makes field errors of what breaks them.
package main

import (
	"context"
	"log"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/statute-http/statute/respond"
)

func main() {
	server := &http.Server{Addr: "127.0.0.1:8081", Handler: newAPI(), ReadHeaderTimeout: 5 * time.Second}
	log.Println("serving http://" + server.Addr)
	log.Fatal(server.ListenAndServe())
}

// order is the content of a request.
type order struct {
	Email string `json:"email" validate:"required,email"`
	Lines []line `json:"lines" validate:"min=1,max=50,dive"`
}

type line struct {
	SKU      string `json:"sku" validate:"required,max=40"`
	Quantity int    `json:"quantity" validate:"min=1,max=999"`
}

// orders takes orders and forgets them.
type orders struct{ rules *validator.Validate }

// newAPI returns an API of one operation.
func newAPI() http.Handler {
	o := orders{validator.New(validator.WithRequiredStructEnabled())}
	o.rules.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	api := &respond.API{Mappings: []respond.Mapping{respond.As(invalid)}}
	mux := api.NewMux()
	mux.Handle("POST /orders", respond.In(o.create))
	return mux
}

func (o orders) create(ctx context.Context, in order) (respond.Outcome, error) {
	if err := o.rules.StructCtx(ctx, in); err != nil {
		return respond.Outcome{}, err
	}
	return respond.Created("/orders/1", in), nil
}

// invalid returns the 422 for values that break rules.
func invalid(errs validator.ValidationErrors) error {
	var fields []respond.FieldError
	for _, e := range errs {
		_, path, _ := strings.Cut(e.Namespace(), ".") // after the type's name: lines[0].quantity
		fields = append(fields, respond.FieldError{Pointer: pointer(path), Detail: detail(e)})
	}
	return respond.Invalid(fields...)
}

// pointer returns a path of the library as a JSON pointer (RFC 6901).
func pointer(path string) string {
	return "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

// detail says what was expected, in words for clients.
func detail(e validator.FieldError) string {
	unit := ""
	switch e.Kind() {
	case reflect.String:
		unit = " characters"
	case reflect.Slice:
		unit = " members"
	}
	switch e.Tag() {
	case "required":
		return "is required"
	case "email":
		return "must be an e-mail address"
	case "min":
		return "must be at least " + e.Param() + unit
	case "max":
		return "must be at most " + e.Param() + unit
	}
	return "is not valid"
}
