package respond

import (
	"cmp"
	"encoding"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// plan says where the parts of an input come from.
type plan struct {
	path    []parameter
	query   []parameter
	content []int // index of the field that the content goes to; empty for the whole, nil for none
}

// parameter is a field that comes from the path or the query.
type parameter struct {
	name  string
	index []int
}

type validator interface{ Validate() error }

// planFor returns the plan for a struct. It panics if its tags make none.
func planFor[T any]() plan {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("respond: input %v is not a struct", t))
	}
	var p plan
	untagged := p.add(t, nil)
	tagged := len(p.path)+len(p.query) > 0 || p.content != nil
	switch {
	case !tagged && t.NumField() > 0:
		p.content = []int{}
	case tagged && untagged != "":
		panic(fmt.Sprintf("respond: input %v: the field %s says not by a tag path, query or body where it comes from", t, untagged))
	}
	return p
}

// add adds the fields of a struct, and returns the name of the first without a
// tag. Fields of embedded structs without a tag are fields of the outer one.
func (p *plan) add(t reflect.Type, at []int) (untagged string) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(at[:len(at):len(at)], i)
		path, inPath := f.Tag.Lookup("path")
		query, inQuery := f.Tag.Lookup("query")
		_, inBody := f.Tag.Lookup("body")
		switch {
		case inPath:
			mustTake(t, f, f.Type)
			p.path = append(p.path, parameter{cmp.Or(path, f.Name), index})
		case inQuery:
			base := f.Type
			if base.Kind() == reflect.Slice && !isText(base) {
				base = base.Elem()
			}
			mustTake(t, f, base)
			p.query = append(p.query, parameter{cmp.Or(query, f.Name), index})
		case inBody:
			if p.content != nil {
				panic(fmt.Sprintf("respond: input %v has two fields for the content", t))
			}
			p.content = index
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			untagged = cmp.Or(untagged, p.add(f.Type, index))
		default:
			untagged = cmp.Or(untagged, f.Name)
		}
	}
	return untagged
}

// mustTake panics if texts cannot be parsed into a type.
func mustTake(t reflect.Type, f reflect.StructField, base reflect.Type) {
	if base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	if !f.IsExported() || !isText(base) && !isScalar(base) {
		panic(fmt.Sprintf("respond: input %v: the field %s cannot come from there", t, f.Name))
	}
}

// isScalar reports whether setText can set values of a type that parses no texts
// itself.
func isScalar(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return t != reflect.TypeFor[time.Duration]()
	}
	return false
}

// decode fills an input, which is a pointer to a struct.
func (p *plan) decode(r *http.Request, in any) error {
	v := reflect.ValueOf(in).Elem()
	if err := p.decodePath(r, v); err != nil {
		return err
	}
	if err := p.decodeQuery(r, v); err != nil {
		return err
	}
	if p.content != nil {
		if err := Decode(r, v.FieldByIndex(p.content).Addr().Interface()); err != nil {
			return err
		}
	}
	if len(p.content) > 0 || p.content == nil {
		return validate(in)
	}
	return nil
}

// validate validates what a pointer points to, through further pointers too.
func validate(in any) error {
	v, ok := in.(validator)
	for p := reflect.ValueOf(in); !ok && p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Pointer; {
		if p = p.Elem(); !p.IsNil() {
			v, ok = p.Interface().(validator)
		}
	}
	if ok {
		if err := v.Validate(); err != nil {
			return notValid{err}
		}
	}
	return nil
}

func (p *plan) decodePath(r *http.Request, v reflect.Value) error {
	for _, param := range p.path {
		text := r.PathValue(param.name)
		wrong := setText(v.FieldByIndex(param.index), text)
		switch {
		case wrong == "":
		case policyOf(r).BadPath400:
			return BadRequest("the path is not valid").Fields(FieldError{Parameter: param.name, Detail: wrong})
		default:
			return NotFound("")
		}
	}
	return nil
}

func (p *plan) decodeQuery(r *http.Request, v reflect.Value) error {
	if len(p.query) == 0 || r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return BadRequest("the query has too many parameters").Because(err) // it is well-formed: see soundQuery
	}
	var all []FieldError
	for _, param := range p.query {
		texts, ok := query[param.name]
		if !ok {
			continue
		}
		field := v.FieldByIndex(param.index)
		if field.Kind() != reflect.Slice || isText(field.Type()) {
			wrong := "must not be repeated"
			if len(texts) == 1 {
				wrong = setText(field, texts[0])
			}
			if wrong != "" {
				all = append(all, FieldError{Parameter: param.name, Detail: wrong})
			}
			continue
		}
		field.Set(reflect.MakeSlice(field.Type(), len(texts), len(texts)))
		for i, text := range texts {
			if wrong := setText(field.Index(i), text); wrong != "" {
				all = append(all, FieldError{Parameter: param.name, Detail: wrong})
				break
			}
		}
	}
	if !policyOf(r).AllowUnknown {
		all = p.unknown(query, all)
	}
	if all != nil {
		return BadRequest("some values of the query are not valid").Fields(all...)
	}
	return nil
}

// unknown adds the parameters of a query that the input does not have.
func (p *plan) unknown(query url.Values, all []FieldError) []FieldError {
	known := 0
	for _, param := range p.query {
		if query.Has(param.name) {
			known++
		}
	}
	if known == len(query) {
		return all
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		isIt := func(param parameter) bool { return param.name == name }
		if len(all) == maxFields || slices.ContainsFunc(p.query, isIt) {
			continue
		}
		if len(name) > maxPlace {
			name = ""
		}
		all = append(all, FieldError{Parameter: name, Detail: "is not known"})
	}
	return all
}

// isText reports whether a type parses texts itself.
func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// setText sets a value to what a text says, and returns what was expected of the
// text instead, "" if all is well. A nil pointer gets something to point to.
func setText(v reflect.Value, text string) (wrong string) {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		if wrong := setText(p.Elem(), text); wrong != "" {
			return wrong
		}
		v.Set(p)
		return ""
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if !utf8.ValidString(text) || u.UnmarshalText([]byte(text)) != nil {
			return expected(v.Type())
		}
		return ""
	}
	if v.CanInt() || v.CanUint() || v.CanFloat() {
		if !isNumber(text) {
			return expected(v.Type())
		}
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(text) {
			return "must be UTF-8"
		}
		v.SetString(text)
	case reflect.Bool:
		switch text {
		case "true", "false":
			v.SetBool(text == "true")
		default:
			return expected(v.Type())
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		var n uint64
		n, err = strconv.ParseUint(text, 10, v.Type().Bits())
		v.SetUint(n)
	default: // a float, by mustTake
		var x float64
		x, err = strconv.ParseFloat(text, v.Type().Bits())
		v.SetFloat(x)
	}
	if err != nil {
		return expected(v.Type())
	}
	return ""
}

// isNumber reports whether a text begins as a number in JSON does and has nothing
// else in it: not NaN, 0x1p3, +1, 01 or 1_0, so that each value has one text.
//
//	number = [ "-" ] int [ frac ] [ exp ]
//	int    = "0" / ( %x31-39 *DIGIT )
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	if len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		return false
	}
	return text != "-0" && strings.Trim(digits, "0123456789.eE+-") == ""
}

// policyOf returns the policy of the API that a request belongs to.
func policyOf(r *http.Request) Policy {
	if c := callOf(r.Context()); c != nil {
		return c.api.Policy
	}
	return Policy{}
}
