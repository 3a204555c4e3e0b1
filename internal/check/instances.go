package check

import (
	"bytes"
	"cmp"
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
	_, _, ok := align(i.call.op.Path, i.template)
	return ok
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
				for _, object := range descriptions(member) {
					if params := itemParams(item, c.op.Path, c.path, object, sentNames); params != nil {
						r.remember(&instance{template: item, params: params})
						r.named.add(strings.Join(c.op.noun(), " "), params[lastParam(item)], nil)
						break
					}
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
	if noun := strings.Join(c.op.noun(), " "); noun != "" && (made.noun != "" || made.template != "" && made.isItem()) {
		r.named.add(noun, made.params[cmp.Or(made.noun, lastParam(made.template))], made)
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
// something was made, and where: a redirect to what may be the result, or no whole
// answer at all. A server error does so if the request was right.
func mayHaveMade(x *statute.Exchange) bool {
	switch x.Response.Class() {
	case 0:
		return true
	case 3:
		return !undone(x)
	case 5:
		return x.Case != nil && !x.Case.Cause.Wrong()
	}
	return false
}

// undone reports whether a redirect says that nothing was done: the request is to
// be sent elsewhere (RFC 9110, 15.4.2, 15.4.8 and 15.4.9), or after a log-in.
func undone(x *statute.Exchange) bool {
	switch x.Response.Status {
	case 301, 307, 308:
		return true
	}
	location, err := url.Parse(x.Response.Fields.Get("Location"))
	if err != nil {
		return false
	}
	_, last := splitLast(location.Path)
	return nameHas(last, "login", "logon", "signin", "auth", "authenticate", "authorize") || nameHas(last, "log", "sign") && nameHas(last, "in", "on")
}

// addressOf finds the template and the parameters of what a create made in the
// answer's content or, failing that, in the content that was sent.
func (r *run) addressOf(c *call, answered any) (string, map[string]string) {
	for _, item := range r.itemsOf(c.op.Path) {
		for _, object := range descriptions(answered) {
			if params := itemParams(item, c.op.Path, c.path, object, idNames); params != nil {
				return item, params
			}
		}
		for _, object := range descriptions(c.body) {
			if params := itemParams(item, c.op.Path, c.path, object, sentNames); params != nil {
				return item, params
			}
		}
	}
	for _, object := range descriptions(answered) {
		for _, op := range r.operations { // its full name may tell that it is elsewhere
			if address := addressIn(op.Path, object); isParam(lastSegment(op.Path)) && len(address) == len(params(op.Path)) && address != nil {
				return op.Path, address
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
		if _, rest, ok := align(collection, path); ok && rest != "" {
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
	all := maps.Clone(known)
	if address := addressIn(item, object); address != nil {
		for name, value := range known {
			if address[name] == "" && slices.Contains(params(item), name) {
				address[name] = value
			}
		}
		if len(address) == len(params(item)) {
			return address
		}
	}
	if above, _, ok := align(collection, item); ok {
		all = renamed(known, above)
	}
	var open []string
	maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(params(item), name) })
	for _, name := range params(item) {
		if _, ok := all[name]; !ok {
			open = append(open, name)
		}
	}
	if all == nil {
		all = map[string]string{}
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

// selfNames are the members in which things tell their own address or full name.
var selfNames = []string{"self", "href", "url", "uri", "@id", "id", "name", "selfLink", "resource_uri", "_links", "links"}

// addressIn returns the parameters of an item's path that an object tells as its
// own address, nil if it tells none that fits: {"name": "memos/17"}, {"_links":
// {"self": {"href": "/orders/17"}}}.
func addressIn(item string, object map[string]any) map[string]string {
	for _, name := range selfNames {
		switch value := object[name].(type) {
		case string:
			if address, ok := tail(item, value); ok {
				return address
			}
		case map[string]any:
			if address := addressIn(item, value); address != nil && (name == "self" || name == "links" || name == "_links") {
				return address
			}
		}
	}
	return nil
}

// renamed returns values under the names that another template has for them.
func renamed(values, names map[string]string) map[string]string {
	all := map[string]string{}
	for name, value := range values {
		all[cmp.Or(names[name], name)] = value
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
	base, err := url.Parse(r.client.Scheme + "://" + r.client.Authority + x.Request.Target)
	if err != nil {
		return ""
	}
	resolved := base.ResolveReference(location)
	target := resolved.RequestURI()
	// What stands above the place it was made at was there before.
	above := strings.HasPrefix(strings.TrimSuffix(x.Request.Path(), "/")+"/", strings.TrimSuffix(resolved.EscapedPath(), "/")+"/")
	if !strings.EqualFold(resolved.Host, r.client.Authority) || above && x.Request.Method == "POST" {
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

// find returns values for the parameters of an operation's path: from an
// instance whose template the path begins with, the longest first and those
// that this run made before others; further parameters from names, examples
// and types. What changes something goes to an instance that this run made.
func (r *run) find(op *operation, effect effect, nth int) (map[string]string, *instance) {
	var found []*instance
	for _, i := range r.instances {
		if i.gone || i.template == "" || effect == changes && !i.made || i.maker() != statute.Full {
			continue
		}
		if _, _, ok := align(i.template, op.Path); ok {
			found = append(found, i)
		}
	}
	made := func(i *instance) int {
		if i.made {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(len(b.template), len(a.template)), cmp.Compare(made(a), made(b)))
	})
	var from *instance
	values := map[string]string{}
	if len(found) > 0 {
		from = found[min(nth, len(found)-1)]
		names, _, _ := align(from.template, op.Path)
		values = renamed(from.params, names)
	}
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In != "path" || values[p.Name] != "" {
			continue
		}
		if effect == changes && from != nil {
			values[p.Name] = r.newID(p) // a second resource that the operation names must be no stranger's
		} else if given, ok := r.Values[p.Name]; ok {
			values[p.Name] = given
		} else if link := r.links[op.String()][p.Name]; link != "" {
			values[p.Name] = link
		} else if named := r.wanted(op, p.Name, p.Schema, effect == changes); len(named) > 0 {
			slices.SortStableFunc(named, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") }) // a segment is wanted
			values[p.Name] = named[min(nth, len(named)-1)]
		} else if all := r.values.candidates(p.Name, p.Schema, ""); len(all) > 0 {
			values[p.Name] = text(all[min(nth, len(all)-1)])
		} else {
			values[p.Name] = "1"
		}
	}
	if effect == changes && from == nil && len(params(op.Path)) == 1 {
		from = r.calledBy(op, values)
	}
	if effect == changes && from != nil {
		return values, from // what changes goes to what the run made, whatever the user gives
	}
	for name := range values { // what the user gives wins
		if given, ok := r.Values[name]; ok && values[name] != given {
			values[name], from = given, nil
		}
	}
	return values, from
}

// calledBy finds what this run made under a name of its own that the parameter of
// a path has as well, such as the user of /profiles/{username}, and puts that name
// into the values.
func (r *run) calledBy(op *operation, values map[string]string) *instance {
	name := lastParam(op.Path)
	for _, i := range r.instances {
		if !i.made || i.gone || i.call == nil || i.maker() != statute.Full || i.create.Response.Class() != 2 {
			continue
		}
		for _, object := range descriptions(i.call.body) {
			if sent, ok := object[name].(string); ok && r.values.drew(sent) {
				values[name] = sent
				return i
			}
		}
	}
	return nil
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

// descriptions returns the objects in which a body may say what it is about:
// itself, the one that it wraps, and what these say of themselves in a member of
// their own: {"metadata": {"name": "a"}}.
func descriptions(body any) []map[string]any {
	var all []map[string]any
	for _, source := range []any{body, unwrap(body)} {
		object, ok := source.(map[string]any)
		if !ok {
			continue
		}
		all = append(all, object)
		for _, name := range []string{"metadata", "meta", "attributes"} {
			if inner, ok := object[name].(map[string]any); ok {
				all = append(all, inner)
			}
		}
	}
	return all
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
