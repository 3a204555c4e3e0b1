package shop

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"github.com/statute-http/statute/respond"
)

// rules reads the rules of a type from its tags "validate". The names of members
// are those that they have in JSON.
var rules = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
})

// valid returns what is wrong with content by the rules of its type: an error
// for each member.
func valid(content any) error {
	err := rules().Struct(content)
	broken, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return err
	}
	var errs []error
	for _, e := range broken {
		_, path, _ := strings.Cut(e.Namespace(), ".") // after the type's name: lines[0].quantity
		errs = append(errs, respond.Field(pointer(path), expected(e)))
	}
	return errors.Join(errs...)
}

// pointer returns a path of the library as a JSON pointer (RFC 6901).
func pointer(path string) string {
	return "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

// expected says what a rule demands, in words for clients.
func expected(e validator.FieldError) string {
	verb, unit := "be", ""
	switch e.Kind() {
	case reflect.String:
		verb, unit = "have", " characters"
	case reflect.Slice:
		verb, unit = "have", " members"
	}
	if e.Param() == "1" {
		unit = strings.TrimSuffix(unit, "s")
	}
	switch e.Tag() {
	case "required":
		return "is required"
	case "email":
		return "must be an e-mail address"
	case "oneof":
		return "must be one of " + strings.Join(strings.Fields(e.Param()), ", ")
	case "min":
		return "must " + verb + " at least " + e.Param() + unit
	case "max":
		return "must " + verb + " at most " + e.Param() + unit
	}
	return "is not valid"
}
