package check

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// heed keeps what the links of an answer say of other operations' parameters
// (OpenAPI 3.1, 4.8.20).
func (r *run) heed(c *call, x *statute.Exchange) {
	for target, params := range r.linksOf(c, x) {
		r.links[target.String()] = params
	}
}

// linksOf returns the values that the links of an answer give to parameters.
func (r *run) linksOf(c *call, x *statute.Exchange) map[*operation]map[string]string {
	all := map[*operation]map[string]string{}
	for _, l := range c.op.Links {
		status := strconv.Itoa(x.Response.Status)
		if l.Code != status && l.Code != "default" && !strings.EqualFold(l.Code, status[:1]+"XX") {
			continue
		}
		at := slices.IndexFunc(r.operations, func(op *operation) bool { return op.ID != "" && op.ID == l.Target || op.String() == l.Target })
		if at < 0 {
			continue
		}
		params := map[string]string{}
		for name, expression := range l.Parameters {
			if _, plain, ok := strings.Cut(name, "."); ok { // "path.id"
				name = plain
			}
			if value, ok := evaluate(expression, c, x); ok {
				params[name] = value
			}
		}
		if len(params) > 0 {
			all[r.operations[at]] = params
		}
	}
	return all
}

// linked returns the address of what a create made, if a link gives all of it.
// Links to other things than the items of the collection lead to what was there.
func (r *run) linked(c *call, x *statute.Exchange) (string, map[string]string) {
	links, items := r.linksOf(c, x), r.itemsOf(c.op.Path)
	for _, op := range r.operations { // in a fixed order
		values, ok := links[op]
		if !ok || !slices.Contains(items, op.Path) {
			continue
		}
		address := map[string]string{}
		for _, name := range params(op.Path) {
			if value := cmp.Or(values[name], c.path[name]); value != "" {
				address[name] = value
			}
		}
		if len(address) == len(params(op.Path)) {
			return op.Path, address
		}
	}
	return "", nil
}

// evaluate returns the value of a runtime expression (OpenAPI 3.1, 4.8.20.3),
// which may stand in braces within a text.
func evaluate(expression string, c *call, x *statute.Exchange) (string, bool) {
	if before, rest, ok := strings.Cut(expression, "{$"); ok {
		inner, after, closed := strings.Cut(rest, "}")
		value, found := evaluate("$"+inner, c, x)
		if !closed || !found {
			return "", false
		}
		if strings.Contains(after, "{$") {
			if after, found = evaluate(after, c, x); !found {
				return "", false
			}
		}
		return before + value + after, true
	}
	argument := func(args []argument, name string) (string, bool) {
		for _, a := range args {
			if strings.EqualFold(a.Name, name) {
				return text(a.value), true
			}
		}
		return "", false
	}
	within := func(content []byte, pointer string) (string, bool) { return scalar(at(decode(content), pointer)) }
	switch {
	case expression == "$method":
		return x.Request.Method, true
	case expression == "$statusCode":
		return strconv.Itoa(x.Response.Status), true
	}
	for prefix, get := range map[string]func(name string) (string, bool){
		"$response.body#":   func(name string) (string, bool) { return within(x.Response.Body.Bytes, name) },
		"$request.body#":    func(name string) (string, bool) { return within(x.Request.Body.Bytes, name) },
		"$response.header.": func(name string) (string, bool) { return x.Response.Fields.Get(name), x.Response.Fields.Has(name) },
		"$request.header.":  func(name string) (string, bool) { return argument(c.field, name) }, // no credentials
		"$request.query.":   func(name string) (string, bool) { return argument(c.query, name) },
		"$request.path.":    func(name string) (string, bool) { value, ok := c.path[name]; return value, ok },
	} {
		if name, ok := strings.CutPrefix(expression, prefix); ok {
			return get(name)
		}
	}
	return "", false
}
