package lint

import (
	"embed"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// pages holds the page of each rule by its ID.
//
//go:embed page
var pages embed.FS

// responses is the section that says which answers a description should list.
var responses = statute.Section{Doc: "OpenAPI", Number: "responses-object"}

// checks are the rules and what they check of an operation, sorted by ID.
var checks = [...]struct {
	rule  *statute.Rule
	check func(*plan, *openapi.Operation) []fault
}{
	{rule("lint-201-for-get", statute.Should, statute.RFC(9110, "15.3.2"), statute.RFC(9110, "9.2.1")), createdByGet},
	{rule("lint-201-without-location", statute.Advice, statute.RFC(9110, "15.3.2")), createdNowhere},
	{rule("lint-204-with-content", statute.Should, statute.RFC(9110, "15.3.5"), statute.RFC(9110, "6.4.1")), contentOfNone},
	{rule("lint-create-without-201", statute.Should, statute.RFC(9110, "9.3.3")), createWithout201},
	{rule("lint-error-shapes-differ", statute.Advice, statute.RFC(9457, "1")), otherShape},
	{rule("lint-error-without-content", statute.Advice, statute.RFC(9110, "15.5")), errorWithoutContent},
	{rule("lint-limits-without-429", statute.Advice, statute.RFC(6585, "4")), limitsWithout429},
	{rule("lint-no-error", statute.Advice, responses), noError},
	{rule("lint-no-success", statute.Should, responses), noSuccess},
	{rule("lint-path-without-404", statute.Advice, statute.RFC(9110, "15.5.5")), pathWithout404},
	{rule("lint-redirect-without-location", statute.Advice, statute.RFC(9110, "15.4")), redirectNowhere},
	{rule("lint-secured-without-401", statute.Advice, statute.RFC(9110, "15.5.2")), securedWithout401},
	{rule("lint-unregistered-code", statute.Advice, statute.RFC(9110, "16.2.1")), unregistered},
}

// Rules returns the rules that descriptions are held to, sorted by ID.
func Rules() []*statute.Rule {
	all := make([]*statute.Rule, len(checks))
	for i, c := range checks {
		all[i] = c.rule
	}
	return all
}

func rule(id string, level statute.Level, cite ...statute.Section) *statute.Rule {
	text, err := pages.ReadFile("page/" + id + ".md")
	if err != nil {
		panic(err) // a rule without a page does not start
	}
	return &statute.Rule{ID: id, Level: level, Cite: cite, Doc: string(text)}
}

// plan is a description and what the rules need to know of all of it.
type plan struct {
	*openapi.Description
	items  map[string]bool // collections below which single things are described
	shape  string          // of the errors of most operations; "" if there is none such
	limits bool            // fields that tell limits are described
}

func newPlan(d *openapi.Description) *plan {
	p := &plan{Description: d, items: map[string]bool{}}
	shapes, most, all := map[string]int{}, "", 0
	for _, op := range d.Operations {
		if collection, last, ok := cutLast(op.Path); ok && parameter(last) {
			p.items[collection] = true
		}
		for _, shape := range errorShapes(op) {
			all++
			if shapes[shape.name]++; shapes[shape.name] > shapes[most] {
				most = shape.name
			}
		}
		for _, response := range op.Responses {
			p.limits = p.limits || slices.ContainsFunc(response.Fields, tellsLimit)
		}
	}
	if most != "" && shapes[most] >= 3 && 10*shapes[most] >= 7*all {
		p.shape = most
	}
	return p
}

func createdByGet(_ *plan, op *openapi.Operation) []fault {
	if (op.Method != "GET" && op.Method != "HEAD") || !names(op, 201) {
		return nil
	}
	return []fault{{201, "201 is described for a " + op.Method, "200"}}
}

func createdNowhere(p *plan, op *openapi.Operation) []fault {
	for _, r := range op.Responses {
		if r.Code == "201" && op.Method == "POST" && p.items[strings.TrimSuffix(op.Path, "/")] && !describes(r, "Location") {
			return []fault{{201, "201 is described without Location", "Location"}}
		}
	}
	return nil
}

func contentOfNone(_ *plan, op *openapi.Operation) []fault {
	var faults []fault
	for _, r := range op.Responses {
		code, _ := strconv.Atoi(r.Code)
		if known, ok := statute.LookupCode(code); ok && !known.Content && hasSchema(r) {
			faults = append(faults, fault{code, r.Code + " is described with content", "no content"})
		}
	}
	return faults
}

// createWithout201 looks at a POST that says by its name that it makes one thing
// of a collection.
func createWithout201(p *plan, op *openapi.Operation) []fault {
	if op.Method != "POST" || !p.items[strings.TrimSuffix(op.Path, "/")] || !creates(op) || !names(op, 200) {
		return nil
	}
	for _, r := range op.Responses {
		switch r.Code {
		case "201", "202", "204", "303", "2XX":
			return nil
		}
	}
	return []fault{{200, "a create answers 200", "201 with Location"}}
}

func otherShape(p *plan, op *openapi.Operation) []fault {
	var faults []fault
	for _, shape := range errorShapes(op) {
		if p.shape != "" && shape.name != p.shape {
			faults = append(faults, fault{shape.code, "errors are " + shape.name + ", where most are " + p.shape, p.shape})
		}
	}
	return faults
}

func errorWithoutContent(_ *plan, op *openapi.Operation) []fault {
	if op.Method == "HEAD" {
		return nil
	}
	var without []string
	for _, r := range op.Responses {
		if isError(r.Code) && len(r.Content) == 0 {
			without = append(without, r.Code)
		}
	}
	if without == nil {
		return nil
	}
	code, _ := strconv.Atoi(without[0])
	return []fault{{code, "errors are described without content", "content that explains the error"}}
}

func limitsWithout429(p *plan, op *openapi.Operation) []fault {
	if !p.limits || !slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return slices.ContainsFunc(r.Fields, tellsLimit) }) ||
		op.Declared().Covers(429) {
		return nil
	}
	return []fault{{0, "limits are described, and no 429", "429"}}
}

// noError looks at operations that can be asked wrongly.
func noError(_ *plan, op *openapi.Operation) []fault {
	if !silent(op) || len(op.Responses) == 0 || len(op.Parameters) == 0 && op.Body == nil && !op.Secured() {
		return nil
	}
	return []fault{{0, "no error is described", "4XX or default"}}
}

func noSuccess(_ *plan, op *openapi.Operation) []fault {
	if len(op.Responses) > 0 && slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return !isError(r.Code) }) {
		return nil
	}
	return []fault{{0, "no success is described", "2XX"}}
}

func pathWithout404(_ *plan, op *openapi.Operation) []fault {
	_, last, _ := cutLast(op.Path)
	declared := op.Declared()
	if op.Method == "PUT" || !parameter(last) || silent(op) || declared.Covers(404) || declared.Names(410) {
		return nil
	}
	return []fault{{0, "a thing that is named in the path, and no 404", "404"}}
}

func redirectNowhere(_ *plan, op *openapi.Operation) []fault {
	var faults []fault
	for _, r := range op.Responses {
		switch r.Code {
		case "301", "302", "303", "307", "308":
			if !describes(r, "Location") {
				code, _ := strconv.Atoi(r.Code)
				faults = append(faults, fault{code, r.Code + " is described without Location", "Location"})
			}
		}
	}
	return faults
}

func securedWithout401(_ *plan, op *openapi.Operation) []fault {
	if !op.Secured() || silent(op) || op.Declared().Covers(401) {
		return nil
	}
	return []fault{{0, "credentials are demanded, and no 401 is described", "401"}}
}

func unregistered(_ *plan, op *openapi.Operation) []fault {
	var faults []fault
	for _, r := range op.Responses {
		code, err := strconv.Atoi(r.Code)
		if err != nil {
			continue // 2XX, default
		}
		if _, ok := statute.LookupCode(code); !ok {
			faults = append(faults, fault{code, r.Code + " is no registered status code", "a registered code"})
		}
	}
	return faults
}

// names reports whether an operation lists a code.
func names(op *openapi.Operation, code int) bool { return op.Declared().Names(code) }

// silent reports whether an operation lists no error at all: one rule says so,
// and the others need not say it of each code.
func silent(op *openapi.Operation) bool {
	return !slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return r.Code == "default" || isError(r.Code) })
}

// isError reports whether a key of responses stands for errors alone.
func isError(code string) bool { return code[0] == '4' || code[0] == '5' }

// describes reports whether an answer has a header field described.
func describes(r openapi.Response, field string) bool {
	return slices.ContainsFunc(r.Fields, func(name string) bool { return strings.EqualFold(name, field) })
}

// tellsLimit reports whether a header field of that name tells a limit:
// RateLimit, RateLimit-Policy, X-RateLimit-Remaining, X-Rate-Limit.
func tellsLimit(field string) bool {
	return strings.HasPrefix(strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(field), "-", ""), "x"), "ratelimit")
}

// hasSchema reports whether an answer has content that is more than a media
// type: generators write an empty one where there is nothing to say.
func hasSchema(r openapi.Response) bool {
	return slices.ContainsFunc(r.Content, func(m openapi.Media) bool {
		s := m.Schema
		return s != nil && (s.Name != "" || len(s.Types) > 0 || len(s.Properties) > 0 || s.Items != nil || len(s.AnyOf) > 0)
	})
}

// creates reports whether the name of an operation, or the first word of what is
// said of it, is a verb that makes something.
func creates(op *openapi.Operation) bool {
	for _, text := range []string{op.ID, op.Summary} {
		text = strings.ToLower(strings.TrimSpace(text))
		for _, verb := range []string{"create", "add", "register", "insert"} {
			if strings.HasPrefix(text, verb) {
				return true
			}
		}
	}
	return false
}

// shape is how an operation describes the content of an error.
type shape struct {
	code int
	name string
}

// health are the last segments of paths whose errors are reports on the server's
// health, and no errors of the API.
var health = []string{"health", "healthz", "healthcheck", "live", "livez", "ready", "readyz", "status"}

// errorShapes returns the shapes of an operation's errors, each once: problem
// details, or the component that describes them. What has neither is passed
// over.
func errorShapes(op *openapi.Operation) []shape {
	_, last, _ := cutLast(op.Path)
	if slices.Contains(health, strings.ToLower(last)) {
		return nil
	}
	var shapes []shape
	for _, r := range op.Responses {
		if !isError(r.Code) && r.Code != "default" {
			continue
		}
		code, _ := strconv.Atoi(r.Code)
		for _, m := range r.Content {
			name := ""
			switch {
			case m.Type == "application/problem+json", m.Type == "application/problem+xml":
				name = "problem details"
			case m.Schema != nil && statute.IsJSON(m.Type):
				name = m.Schema.Name
			}
			if name != "" && !slices.ContainsFunc(shapes, func(s shape) bool { return s.name == name }) {
				shapes = append(shapes, shape{code, name})
			}
		}
	}
	return shapes
}

// cutLast cuts the last segment off a path.
func cutLast(path string) (parent, last string, ok bool) {
	path = strings.TrimSuffix(path, "/")
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// parameter reports whether a segment of a template is one parameter.
func parameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.IndexByte(segment, '}') == len(segment)-1
}
