package check

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// instance is a resource that is known to exist: the template of its path and
// the values of the template's parameters. Where no path leads to it, requests
// ask for it by a parameter named after the noun, which is then its only one.
type instance struct {
	template string
	noun     string // "pad"; "" where there is a template
	params   map[string]string
	made     bool              // by this run
	gone     bool              // deleted
	end      *statute.Exchange // deleted what no path leads to
	create   *statute.Exchange // the answer that made it, nil if not made by this run
	call     *call             // the call that made it
	read     *statute.Exchange // the latest successful read, nil if there was none
	location string            // the target that its Location gave, "" without one
}

// found reports whether it is known how to ask for the instance.
func (i *instance) found() bool { return i.template != "" || i.noun != "" && i.params != nil }

// forget gives up how to ask for the instance: it may be something else.
func (i *instance) forget() { i.template, i.noun, i.location, i.params = "", "", "", nil }

// isItem reports whether what a call made stands at the path of the call or below
// it: then it is of no other kind that has the same name.
func (i *instance) isItem() bool {
	return strings.HasPrefix(bare(i.template)+"/", strings.TrimSuffix(bare(i.call.op.Path), "/")+"/")
}

// maker returns who made an instance; Full, if nobody with credentials of its
// own did.
func (i *instance) maker() statute.Principal {
	if i.create != nil && i.create.Case != nil && (i.create.Case.Principal == statute.Low || i.create.Case.Principal == statute.Other) {
		return i.create.Case.Principal
	}
	return statute.Full
}

// learn takes from an answer what the API says exists: the instances that a
// list shows, or the one that a create made, which it returns. What was known
// before cannot have been made just now.
func (r *run) learn(c *call, x *statute.Exchange) *instance {
	if r.Failed != nil && r.Failed(x) {
		return nil
	}
	if c.op.effect == created && mayHaveMade(x) {
		r.remember(&instance{made: true, create: x, call: c})
		return nil
	}
	if x.Response.Class() != 2 {
		return nil
	}
	body := decode(x.Response.Body.Bytes)
	schema := c.op.answer(x.Response.Status)
	if c.op.Method == "GET" && !c.op.makes() {
		if inner, ok := unwrap(body).(map[string]any); ok {
			r.learnNamed(c.op, inner, nil, nil)
		}
		for _, member := range members(body, lastWord(c.op.Path)) {
			r.learnNamed(c.op, member, listed(schema), nil)
			for _, item := range r.itemsOf(c.op.Path) {
				if params := itemParams(item, c.op.Path, c.path, member, sentNames); params != nil {
					r.remember(&instance{template: item, params: params})
				}
			}
		}
		return nil
	}
	if c.op.effect != created && x.Response.Status != 201 && !c.op.makes() {
		return nil
	}
	made := &instance{made: true, create: x, call: c}
	r.address(made, body)
	fresh := r.remember(made)
	for _, source := range []any{body, unwrap(body)} {
		if object, ok := source.(map[string]any); ok {
			r.learnNamed(c.op, object, schema, made)
		}
	}
	if made.noun != "" {
		r.named.add(made.noun, made.params[made.noun], made)
	}
	if !fresh {
		return nil
	}
	return made
}

// address finds how to ask for what a create made: where its Location says, at
// the very path of a PUT, by a link, or by an identity in what was answered or
// sent.
func (r *run) address(made *instance, answered any) {
	c := made.call
	if made.location = r.locate(made.create); made.location != "" {
		made.template, made.params = r.matchTarget(made.location)
		if !isParam(lastSegment(made.template)) {
			made.template, made.params = "", nil // a collection, or what is there once
		}
	}
	if made.template == "" && c.op.Method == "PUT" {
		made.template, made.params = c.op.Path, c.path
	}
	if made.template == "" {
		made.template, made.params = r.linked(c, made.create)
	}
	if made.template == "" {
		made.template, made.params = r.addressOf(c, answered)
	}
	if made.template == "" {
		made.noun, made.params = r.askedOf(c, answered)
	}
}

// mayHaveMade reports whether an answer to a create leaves open whether
// something was made, and where: a redirect, or no whole answer at all. A
// server error does so if the request was right.
func mayHaveMade(x *statute.Exchange) bool {
	switch x.Response.Class() {
	case 0, 3:
		return true
	case 5:
		return x.Case != nil && !x.Case.Cause.Wrong()
	}
	return false
}

// addressOf finds the template and the parameters of what a create made in the
// answer's content or, failing that, in the content that was sent.
func (r *run) addressOf(c *call, answered any) (string, map[string]string) {
	for _, item := range r.itemsOf(c.op.Path) {
		for _, source := range []any{answered, unwrap(answered)} {
			if object, ok := source.(map[string]any); ok {
				if params := itemParams(item, c.op.Path, c.path, object, idNames); params != nil {
					return item, params
				}
			}
		}
		for _, source := range []any{c.body, unwrap(c.body)} {
			if object, ok := source.(map[string]any); ok {
				if params := itemParams(item, c.op.Path, c.path, object, sentNames); params != nil {
					return item, params
				}
			}
		}
	}
	return "", nil
}

// remember keeps an instance and reports true, unless it is known.
func (r *run) remember(i *instance) bool {
	if i.found() {
		for _, known := range r.instances {
			if !known.gone && known.template == i.template && known.noun == i.noun && maps.Equal(known.params, i.params) {
				return false
			}
		}
	}
	if !i.made && len(r.instances) >= maxSeen {
		return false
	}
	r.instances = append(r.instances, i)
	return true
}

// maxSeen bounds how many resources are kept that others made.
const maxSeen = 2000

// itemsOf returns the templates of the items of a collection: those that add
// parameters to its path, or else those whose last segment is a parameter that
// the collection's answers may name ("/silences" and "/silence/{silenceID}").
func (r *run) itemsOf(collection string) []string {
	var below, beside []string
	for _, op := range r.operations {
		path := bare(op.Path)
		if rest, ok := strings.CutPrefix(path, strings.TrimSuffix(bare(collection), "/")+"/"); ok {
			if onlyParams(rest) && !slices.Contains(below, op.Path) {
				below = append(below, op.Path)
			}
			continue
		}
		parent, last := splitLast(path)
		if isParam(last) && singular(lastWord(parent)) == singular(lastWord(collection)) && !slices.Contains(beside, op.Path) {
			beside = append(beside, op.Path)
		}
	}
	return append(below, beside...)
}

// bare returns a template without the format at its end that some APIs let
// clients choose there: "/orders/{id}.{format}".
func bare(template string) string {
	return strings.TrimSuffix(strings.TrimSuffix(template, ".{format}"), ".json")
}

func onlyParams(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if !isParam(segment) {
			return false
		}
	}
	return true
}

// isParam reports whether a segment of a template is one parameter and nothing
// else.
func isParam(segment string) bool {
	return strings.LastIndexByte(segment, '{') == 0 && strings.IndexByte(segment, '}') == len(segment)-1
}

func splitLast(path string) (parent, last string) {
	i := strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')
	if i < 0 {
		return "", path
	}
	return path[:i], strings.TrimSuffix(path[i+1:], "/")
}

// lastWord returns the last segment of a path that is no parameter.
func lastWord(path string) string {
	path = bare(path)
	for path != "" {
		parent, last := splitLast(path)
		if !isParam(last) {
			return last
		}
		path = parent
	}
	return ""
}

func singular(word string) string {
	word = squash(word)
	switch {
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"):
		return strings.TrimSuffix(word, "es")
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// params returns the names of a template's parameters in order.
func params(template string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		name, after, _ := strings.Cut(rest, "}")
		names, template = append(names, name), after
	}
}

// The names that identities have where a resource has one, beside that of the
// parameter itself; %s stands for the resource's noun. In an answer, a code, a
// key or a name may be anything; in what was sent they are the client's choice.
var (
	idNames   = []string{"id", "%sid", "uuid", "%suuid", "uid", "slug", "%s", "identifier"}
	sentNames = append(idNames[:len(idNames):len(idNames)], "name", "%sname", "key", "code", "username")
)

// itemParams returns the values of an item template's parameters: those of the
// collection's own call, the rest from what an answer or a request says of the
// item, under its own name or one of those given; nil if one is not said.
func itemParams(item, collection string, known map[string]string, object map[string]any, names []string) map[string]string {
	all := map[string]string{}
	var open []string
	for _, name := range params(item) {
		if value, ok := known[name]; ok {
			all[name] = value
		} else {
			open = append(open, name)
		}
	}
	noun := singular(lastWord(collection))
	if len(open) > 1 {
		names = nil
	}
	for _, name := range open {
		value, ok := identityOf(name, noun, object, names)
		if !ok {
			return nil
		}
		all[name] = value
	}
	return all
}

// identityOf finds the value of a path parameter among an object's members: by
// its own name, without the noun before it, or by one of the names given.
func identityOf(param, noun string, object map[string]any, names []string) (string, bool) {
	wanted := squash(param)
	for _, name := range append([]string{wanted, strings.TrimPrefix(wanted, noun)}, names...) {
		want := strings.ReplaceAll(name, "%s", noun)
		for name, value := range object {
			if want != "" && squash(name) == want {
				switch value.(type) {
				case string, json.Number, int64, float64:
					if s := text(value); s != "" {
						return s, true
					}
				}
			}
		}
	}
	return "", false
}

// locate returns the target that a Location field leads to, if that is on the
// same server.
func (r *run) locate(x *statute.Exchange) string {
	location, err := url.Parse(x.Response.Fields.Get("Location"))
	if err != nil || location.String() == "" {
		return ""
	}
	base, err := url.Parse(r.client.scheme + "://" + r.client.authority + x.Request.Target)
	if err != nil {
		return ""
	}
	resolved := base.ResolveReference(location)
	target := resolved.RequestURI()
	// What stands above the place it was made at was there before.
	above := strings.HasPrefix(strings.TrimSuffix(x.Request.Path(), "/")+"/", strings.TrimSuffix(resolved.EscapedPath(), "/")+"/")
	if !strings.EqualFold(resolved.Host, r.client.authority) || above && x.Request.Method == "POST" {
		return ""
	}
	return target
}

// matchTarget finds the operations' template that a target fits, the one with
// the fewest parameters first.
func (r *run) matchTarget(target string) (string, map[string]string) {
	path, _, _ := strings.Cut(target, "?")
	path, ok := strings.CutPrefix(path, strings.TrimSuffix(r.Base.EscapedPath(), "/"))
	if !ok || !strings.HasPrefix(path, "/") || strays("", path) {
		return "", nil
	}
	var best string
	var found map[string]string
	for _, op := range r.operations {
		values, ok := fits(op.Path, path)
		if ok && (best == "" || len(values) < len(found)) {
			best, found = op.Path, values
		}
	}
	return best, found
}

// fits matches a path with a template segment by segment.
func fits(template, path string) (map[string]string, bool) {
	want, got := strings.Split(strings.Trim(template, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		if !fitsSegment(want[i], got[i], values) {
			return nil, false
		}
	}
	return values, true
}

// fitsSegment matches one segment with its template, which may hold several
// parameters ("{id}.{format}"), and notes their values. A parameter ends where
// the text behind it stands last.
func fitsSegment(want, got string, values map[string]string) bool {
	for {
		before, rest, ok := strings.Cut(want, "{")
		if !ok {
			return want == got
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !strings.HasPrefix(got, before) {
			return false
		}
		got = got[len(before):]
		literal, _, _ := strings.Cut(after, "{")
		end := len(got)
		if literal != "" {
			end = strings.LastIndex(got, literal)
		}
		if end <= 0 {
			return false
		}
		value, err := url.PathUnescape(got[:end])
		if err != nil {
			return false
		}
		values[name], want, got = value, after, got[end:]
	}
}

// find returns values for the parameters of an operation's path: from an
// instance whose template the path begins with, the longest first and those
// that this run made before others; further parameters from names, examples
// and types. For an unsafe operation the instance must be made by this run.
func (r *run) find(op *operation, nth int) (map[string]string, *instance) {
	var found []*instance
	for _, i := range r.instances {
		if i.gone || i.template == "" || op.effect == changes && !i.made || i.maker() != statute.Full {
			continue
		}
		if op.Path == i.template || strings.HasPrefix(op.Path, bare(i.template)+"/") {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b *instance) int {
		if len(a.template) != len(b.template) {
			return len(b.template) - len(a.template)
		}
		if a.made != b.made {
			if a.made {
				return -1
			}
			return 1
		}
		return 0
	})
	var from *instance
	values := map[string]string{}
	if len(found) > 0 {
		from = found[min(nth, len(found)-1)]
		for name, value := range from.params {
			values[name] = value
		}
	}
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In != "path" || values[p.Name] != "" {
			continue
		}
		if op.effect == changes && from != nil {
			values[p.Name] = r.newID(p) // a second resource that the operation names must be no stranger's
		} else if given, ok := r.Values[p.Name]; ok {
			values[p.Name] = given
		} else if link := r.links[op.String()][p.Name]; link != "" {
			values[p.Name] = link
		} else if named := r.wanted(op, p.Name, p.Schema, op.unsafe() && op.effect == changes); len(named) > 0 {
			values[p.Name] = named[min(nth, len(named)-1)]
		} else if all := r.values.candidates(p.Name, p.Schema, ""); len(all) > 0 {
			values[p.Name] = text(all[min(nth, len(all)-1)])
		} else {
			values[p.Name] = "1"
		}
	}
	if op.effect == changes && from != nil {
		return values, from // what changes goes to what the run made, whatever the user gives
	}
	for name := range values { // what the user gives wins
		if given, ok := r.Values[name]; ok && values[name] != given {
			values[name], from = given, nil
		}
	}
	return values, from
}

// decode reads JSON; nil for anything else. Numbers stay as they are written.
func decode(content []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// members returns the objects of a list: of an array, or of an array among an
// object's members, or among those of the one object in it; the object itself
// if there is none. Of several arrays it is the one named like the list, or as
// lists often are. A text in a list stands for an object that has it as its id,
// and a member of an object that is named like the list and holds objects alone
// has its name as its id.
func members(body any, name string) []map[string]any {
	array, ok := body.([]any)
	if object, isObject := body.(map[string]any); isObject {
		if array, ok = arrayIn(object, name, 0); !ok {
			return append(keyed(object, name), object)
		}
	}
	var all []map[string]any
	if ok {
		for _, value := range array {
			switch value := value.(type) {
			case map[string]any:
				all = append(all, value)
			case string:
				all = append(all, map[string]any{"id": value})
			}
		}
	}
	return all
}

// keyed returns the objects that stand in an object under their ids:
// {"charts": {"cpu": {...}, "disk": {...}}}.
func keyed(object map[string]any, name string) []map[string]any {
	var all []map[string]any
	for _, member := range slices.Sorted(maps.Keys(object)) {
		inner, _ := object[member].(map[string]any)
		if singular(member) != singular(name) || singular(member) == squash(member) {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(inner)) {
			value, isObject := inner[id].(map[string]any)
			if !isObject {
				return nil
			}
			value = maps.Clone(value)
			value["id"] = id
			all = append(all, value)
		}
	}
	return all
}

// arrayIn returns the array that is the list in an object.
func arrayIn(object map[string]any, name string, depth int) ([]any, bool) {
	var arrays, objects []string
	for _, member := range slices.Sorted(maps.Keys(object)) {
		switch object[member].(type) {
		case []any:
			arrays = append(arrays, member)
		case map[string]any:
			objects = append(objects, member)
		}
	}
	like := func(member string) bool {
		return singular(member) == singular(name) || slices.Contains([]string{"data", "items", "results", "content", "records", "list", "value"}, member)
	}
	switch at := slices.IndexFunc(arrays, like); {
	case at >= 0:
		return object[arrays[at]].([]any), true
	case len(arrays) == 1:
		return object[arrays[0]].([]any), true
	case len(arrays) == 0 && depth < 2:
		at := slices.IndexFunc(objects, func(member string) bool { return like(member) || member == "_embedded" || member == "result" })
		if at >= 0 {
			return arrayIn(object[objects[at]].(map[string]any), name, depth+1)
		}
	}
	return nil, false
}

// unwrap returns the object inside an object that has no other member, or
// inside the member "data": {"order": {...}}.
func unwrap(body any) any {
	object, ok := body.(map[string]any)
	if !ok {
		return nil
	}
	if data, ok := object["data"].(map[string]any); ok {
		return data
	}
	if len(object) == 1 {
		for _, value := range object {
			return value
		}
	}
	return nil
}

// answer returns the schema of the content that the description promises for a
// status, nil if it promises none.
func (o *operation) answer(status int) *openapi.Schema {
	for _, code := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		for _, response := range o.Responses {
			if response.Code == code {
				for _, m := range response.Content {
					if m.Schema != nil {
						return m.Schema
					}
				}
			}
		}
	}
	return nil
}

// listed returns the schema of a list's items, or the schema itself if it is of
// no list.
func listed(s *openapi.Schema) *openapi.Schema {
	if s == nil || s.Items != nil {
		if s != nil {
			return s.Items
		}
		return nil
	}
	var items []*openapi.Schema
	for _, p := range s.Properties {
		if p.Schema.Items != nil {
			items = append(items, p.Schema.Items)
		}
	}
	if len(items) == 1 {
		return items[0]
	}
	return s
}
