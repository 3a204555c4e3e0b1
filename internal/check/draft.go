package check

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// maxTries bounds the requests spent on one operation's control.
const maxTries = 12

// draft is a call on its way to success: each answer that refuses it mends it.
type draft struct {
	*call
	run         *run
	from        *instance
	nth         int // which of the known resources
	media       []openapi.Media
	tried       map[string]int      // how often the value was changed, by place
	offered     map[string][]string // values tried, by place
	wider       int                 // how far optional values were added
	alternative int                 // of the content's schema
	subject     string              // the name of what says which resource the call changes, "" if its path does
	fresh       bool                // the call goes where nothing is yet, and makes it
	swept       int                 // places changed although no answer named them
}

func (r *run) draft(op *operation) *draft {
	d := &draft{call: &call{op: op}, run: r, tried: map[string]int{}, offered: map[string][]string{}, media: writable(op.Body)}
	d.call.path, d.from = r.find(op, 0)
	for i := range op.Parameters {
		p := &op.Parameters[i]
		_, given := r.Values[p.Name]
		_, linked := r.links[op.String()][p.Name]
		if p.In != "path" && (p.Required || given || linked) {
			d.setParameter(p, d.fill(p.Name, p.Schema, p.Examples, p.In))
		}
	}
	d.write(0)
	if s, ok := op.subject(); ok && op.effect == changes && d.from == nil {
		if own, ok := r.own(s.noun); ok && d.aim(s, own.value) {
			d.from = own.of
		}
	}
	return d
}

// aim directs the call to a resource that no path leads to, and reports whether
// it has a place for that.
func (d *draft) aim(s subject, value string) bool {
	object, ok := d.body.(map[string]any)
	switch {
	case s.parameter != nil:
		d.setParameter(s.parameter, typed(value, s.parameter.Schema))
	case ok:
		object[s.name] = typed(value, memberOf(d.schema, s.name))
	default:
		return false
	}
	d.subject = s.name
	return true
}

// fill returns the first value for a place: what the user gave, what a link or
// an answer showed, an example, or one made from the schema.
func (d *draft) fill(name string, s *openapi.Schema, examples []any, in string) any {
	r := d.run
	if given, ok := r.Values[name]; ok {
		return typed(given, s)
	}
	if in == "query" && d.op.makes() && r.names(d.op, name) {
		return typed(r.newID(&openapi.Parameter{Name: name, Schema: s}), s) // an example may be somebody's
	}
	if link, ok := r.links[d.op.String()][name]; ok && in != "body" && !d.op.unsafe() {
		return typed(link, s)
	}
	if related := d.related(name, s, in); len(related) > 0 {
		return related[0]
	}
	if len(examples) > 0 {
		return examples[0]
	}
	value := r.values.make(name, s)
	d.relate(s, value, 0)
	return value
}

// related returns values that ask for what is known to exist, each as the
// schema wants it. What the call names already comes last: a relation is
// between two.
func (d *draft) related(name string, s *openapi.Schema, in string) []any {
	mine := d.op.effect == changes || in != "body" && (d.op.unsafe() || d.op.makes())
	known := d.run.wanted(d.op, name, s, mine)
	named := func(value string) bool {
		for _, other := range d.path {
			if other == value {
				return true
			}
		}
		return false
	}
	slices.SortStableFunc(known, func(a, b string) int {
		switch {
		case named(a) == named(b):
			return 0
		case named(a):
			return 1
		}
		return -1
	})
	var all []any
	for _, value := range known {
		if kind(s) == "array" && s.Items != nil {
			all = append(all, []any{typed(value, s.Items)})
		} else {
			all = append(all, typed(value, s))
		}
	}
	return all
}

func (d *draft) setParameter(p *openapi.Parameter, value any) {
	switch p.In {
	case "query":
		d.query = with(d.query, p, value)
	case "header", "cookie":
		d.field = with(d.field, p, value)
	case "path":
		d.path[p.Name] = text(value)
	}
}

// write makes the body in the nth of the media types that Statute can write.
func (d *draft) write(nth int) bool {
	if nth >= len(d.media) {
		return false
	}
	m := d.media[nth]
	d.call.media, d.call.schema = m.Type, m.Schema
	switch {
	case len(m.Examples) > 0:
		d.body = cloneValue(m.Examples[0])
	case m.Schema != nil:
		d.body = d.run.values.make("", m.Schema)
	case statute.IsJSON(m.Type):
		d.body = map[string]any{}
	default:
		d.body = "statute"
	}
	d.relate(m.Schema, d.body, 0)
	return true
}

// relate brings what is known into an object: what the user gave, and the
// identities that answers showed for the members that ask for them. What is
// read-only goes.
func (d *draft) relate(s *openapi.Schema, body any, depth int) {
	if s == nil || depth > maxDepth {
		return
	}
	if list, ok := body.([]any); ok {
		for _, item := range list {
			d.relate(s.Items, item, depth+1)
		}
		return
	}
	object, ok := body.(map[string]any)
	if !ok {
		return
	}
	for _, p := range s.Properties {
		if given, ok := d.run.Values[p.Name]; ok && !p.Schema.ReadOnly {
			object[p.Name] = typed(given, p.Schema)
			continue
		}
		value, present := object[p.Name]
		switch {
		case !present:
		case p.Schema.ReadOnly:
			delete(object, p.Name)
		case depth == 0 && squash(p.Name) == "id" && d.op.effect == changes:
			d.identify(object, p)
		default:
			if related := d.related(p.Name, p.Schema, "body"); len(related) > 0 {
				object[p.Name] = related[0]
			} else {
				d.relate(p.Schema, value, depth+1)
			}
		}
	}
}

// identify gives a body that says which resource it is the id of the path.
func (d *draft) identify(object map[string]any, p openapi.Property) {
	names := params(bare(d.op.Path))
	if len(names) > 0 && suits(d.path[names[len(names)-1]], p.Schema) {
		object[p.Name] = typed(d.path[names[len(names)-1]], p.Schema)
	}
}

// place is where a value stands or could stand.
type place struct {
	key      string // "query limit", "/items/0/name"
	name     string
	schema   *openapi.Schema
	value    any
	present  bool
	required bool // of a member: the object demands it
	set      func(value any)
	drop     func()
}

// places returns all the places of the call: the parameters, and the members of
// the body as deep as it goes.
func (d *draft) places() []place {
	var all []place
	for i := range d.op.Parameters {
		p := &d.op.Parameters[i]
		pl := place{key: p.In + " " + p.Name, name: p.Name, schema: p.Schema, set: func(v any) { d.setParameter(p, v) }}
		for _, a := range slices.Concat(d.query, d.field) {
			if a.Parameter == p {
				pl.present, pl.value = true, a.value
			}
		}
		if p.In == "path" {
			pl.present, pl.value = true, d.path[p.Name]
			if d.op.unsafe() || d.from != nil {
				continue // what is known to exist stays, and what changes goes nowhere else
			}
		}
		all = append(all, pl)
	}
	return bodyPlaces(all, "", d.schema, d.body, 0)
}

func bodyPlaces(all []place, pointer string, s *openapi.Schema, body any, depth int) []place {
	if s == nil || depth > maxDepth {
		return all
	}
	switch body := body.(type) {
	case map[string]any:
		properties, required := s.Properties, s.Required
		if len(properties) == 0 && len(s.AnyOf) > 0 {
			properties, required = s.AnyOf[0].Properties, s.AnyOf[0].Required
		}
		for _, p := range properties {
			if p.Schema.ReadOnly {
				continue
			}
			value, present := body[p.Name]
			all = append(all, place{
				key: pointer + "/" + p.Name, name: p.Name, schema: p.Schema, value: value, present: present,
				required: slices.Contains(required, p.Name), set: func(v any) { body[p.Name] = v }, drop: func() { delete(body, p.Name) },
			})
			if present {
				all = bodyPlaces(all, pointer+"/"+p.Name, p.Schema, value, depth+1)
			}
		}
	case []any:
		if len(body) > 0 && s.Items != nil {
			all = append(all, place{
				key: pointer + "/0", schema: s.Items, value: body[0], present: true,
				set: func(v any) { body[0] = v },
			})
			all = bodyPlaces(all, pointer+"/0", s.Items, body[0], depth+1)
		}
	}
	return all
}

// mend changes the draft by what an answer says is wrong with it, and reports
// whether there was anything left to change.
func (d *draft) mend(x *statute.Exchange) bool {
	switch x.Response.Status {
	case 401, 403, 405, 501, 0, 429:
		return false
	case 404, 410:
		if len(params(d.op.Path)) > 0 && d.op.effect == reads {
			if d.nth++; d.nth < 3 {
				d.call.path, d.from = d.run.find(d.op, d.nth)
				return true
			}
			return false
		}
	case 415:
		at := slices.IndexFunc(d.media, func(m openapi.Media) bool { return m.Type == d.call.media })
		return d.write(at + 1)
	}
	said := spoken(x.Response.Body.Bytes)
	all := d.places()
	if x.Response.Status == 409 || strings.Contains(said.words, "already") || strings.Contains(said.words, "duplicate") {
		if d.renew(all, said) {
			return true
		}
	}
	mended := false
	for _, p := range mentioned(all, said) {
		words, apart := said.about[squash(p.name)]
		if !apart {
			words = said.words
		}
		if mended = d.next(p, words) || mended; mended && !apart {
			break // the words may be about any of them: one by one
		}
	}
	return mended || d.widen(all)
}

// next puts the next value into a place, or a first one where there was none,
// and reports whether there is one left. Words of an error lead the choice.
func (d *draft) next(p place, words string) bool {
	if d.subject != "" && p.name == d.subject {
		return false // what changes goes nowhere else
	}
	d.tried[p.key]++
	in, _, _ := strings.Cut(p.key, " ")
	if strings.HasPrefix(in, "/") {
		in = "body"
	}
	_, given := d.run.Values[p.name]
	var values []any
	if !given {
		values = d.related(p.name, p.schema, in)
	}
	known := len(values) > 0
	if _, _, asks := asksFor(p.name); asks && !known && !given && len(d.offered[p.key]) > 1 {
		return false // ids are not guessed
	}
	switch {
	case known:
	case kind(p.schema) == "array":
		// An empty list is the simplest where lists hold objects.
		full := d.fill(p.name, p.schema, nil, in)
		if values = []any{full, []any{}}; p.schema.Items != nil && kind(p.schema.Items) == "object" {
			slices.Reverse(values)
		}
	case kind(p.schema) == "object":
		values = []any{d.fill(p.name, p.schema, nil, in)}
	case kind(p.schema) == "" && len(p.schema.AnyOf) > 0:
		for _, alternative := range p.schema.AnyOf {
			values = append(values, d.fill(p.name, alternative, nil, in))
		}
	default:
		values = d.run.values.candidates(p.name, p.schema, words)
		if !p.present {
			values = slices.Insert(values, 0, d.fill(p.name, p.schema, nil, in))
		}
	}
	for _, value := range values {
		mark := text(value)
		if !known {
			mark = d.run.values.unmarked(mark)
		}
		if p.present && same(value, p.value) || slices.Contains(d.offered[p.key], mark) {
			continue
		}
		d.offered[p.key] = append(d.offered[p.key], mark)
		p.set(value)
		return true
	}
	return false
}

// renew makes texts that an answer says are taken anew.
func (d *draft) renew(all []place, said speech) bool {
	named := mentioned(all, said)
	if len(named) == 0 {
		named = all
	}
	changed := false
	for _, p := range named {
		old, isText := p.value.(string)
		if !isText || !p.present || p.name == d.subject && p.name != "" || len(p.schema.Enum) > 0 || strings.HasPrefix(p.key, "path ") || d.tried[p.key] > 3 {
			continue
		}
		d.tried[p.key]++
		if value := d.run.values.format(p.name, cmp.Or(p.schema.Format, nameFormat(p.name))); value != "" && value != old {
			p.set(value)
		} else {
			p.set(fit(d.run.values.fresh()+old, p.schema))
		}
		changed = true
	}
	return changed
}

// widen adds optional values where no answer says what is missing: first those
// that the description gives or that ask for what is known, then the rest one by
// one, then another alternative of the content.
func (d *draft) widen(all []place) bool {
	d.wider++
	if d.wider == 1 {
		added := false
		for _, p := range all {
			in, _, _ := strings.Cut(p.key, " ")
			if p.present || in == "header" || in == "cookie" {
				continue
			}
			if strings.HasPrefix(in, "/") {
				in = "body"
			}
			if p.schema.Default != nil || len(p.schema.Examples) > 0 || len(d.related(p.name, p.schema, in)) > 0 {
				p.set(d.fill(p.name, p.schema, nil, in))
				added = true
			}
		}
		if added {
			return true
		}
	}
	for _, p := range all {
		if p.present && d.tried[p.key] < 2 && kind(p.schema) == "string" && !strings.HasPrefix(p.key, "path ") && d.next(p, "") {
			d.swept++
			return d.swept < 8
		}
	}
	for _, p := range all {
		if !p.present && (strings.HasPrefix(p.key, "/") || strings.HasPrefix(p.key, "query ")) && d.next(p, "") {
			d.swept++
			return d.swept < 8
		}
	}
	if d.schema != nil && d.alternative+1 < len(d.schema.AnyOf) && len(d.schema.Properties) == 0 {
		d.alternative++
		d.body = d.run.values.make("", d.schema.AnyOf[d.alternative])
		d.relate(d.schema.AnyOf[d.alternative], d.body, 0)
		return true
	}
	return false
}

// fillUp adds the texts that the content may hold and does not, and the objects
// that they stand in, and reports whether there were any.
func (d *draft) fillUp() bool {
	added := false
	for range 2 {
		for _, p := range bodyPlaces(nil, "", d.schema, d.body, 0) {
			_, _, asks := asksFor(p.name)
			if t := kind(p.schema); !p.present && !asks && (t == "string" || t == "object") {
				p.set(d.fill(p.name, p.schema, nil, "body"))
				added = true
			}
		}
	}
	return added
}

// speech is what an error says.
type speech struct {
	words string            // all its texts, in lower case
	exact []string          // texts and member names that may be names of fields, or pointers to them
	about map[string]string // what it says of one field, in lower case, by its squashed name
}

// spoken returns what an answer's content says. Of JSON it is the texts; the
// names of members count where they are not those of every error. A field has
// words of its own as {"email": ["is not valid"]} or as {"field": "email",
// "message": "is not valid"}; the field may be a path or a pointer (RFC 9457, 3).
func spoken(content []byte) speech {
	content = content[:min(len(content), 8<<10)]
	body := decode(content)
	s := speech{about: map[string]string{}}
	if body == nil {
		s.words = strings.ToLower(string(content))
		return s
	}
	s.hear(body, 0)
	return s
}

func (s *speech) hear(v any, depth int) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if member := v[name]; !slices.Contains(envelope, strings.ToLower(name)) {
				s.exact = append(s.exact, name)
				s.note(name, texting(member))
			}
			s.hear(v[name], depth+1)
		}
		for _, name := range fieldNames {
			if field := fieldOf(v[name]); field != "" {
				s.exact = append(s.exact, field)
				s.note(field, texting(v))
				break
			}
		}
	case []any:
		for _, member := range v {
			s.hear(member, depth+1)
		}
	case string:
		s.words += strings.ToLower(v) + "\n"
		if len(v) < 100 && !strings.ContainsAny(v, " \n") {
			s.exact = append(s.exact, v, lastStep(v))
		}
	}
}

func (s *speech) note(field, words string) {
	if words != "" {
		s.about[squash(lastStep(field))] += strings.ToLower(words) + "\n"
	}
}

// texting returns the texts of an object or a list, or the one text, that are
// sentences rather than names.
func texting(v any) string {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, " ") {
			return v
		}
	case []any:
		var all []string
		for _, member := range v {
			if words := texting(member); words != "" {
				all = append(all, words)
			}
		}
		return strings.Join(all, "\n")
	case map[string]any:
		var all []any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, v[name])
		}
		return texting(all)
	}
	return ""
}

// fieldNames are the members in which errors name a field.
var fieldNames = []string{"field", "param", "parameter", "pointer", "loc", "path", "property", "propertyPath", "attribute", "source", "name", "key"}

// fieldOf returns the name of a field or the pointer to it: a text, the last of
// a list (["body", "email"]), or what an object points to.
func fieldOf(v any) string {
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, " ") {
			return v
		}
	case []any:
		for _, step := range slices.Backward(v) {
			if name, ok := step.(string); ok {
				return name
			}
		}
	case map[string]any:
		return fieldOf(cmp.Or(v["pointer"], v["parameter"], v["header"]))
	}
	return ""
}

// lastStep returns the last part of a path or a pointer to a field.
func lastStep(field string) string {
	field = strings.TrimRight(field, "/.]")
	if i := strings.LastIndexAny(field, "/.["); i >= 0 && i+1 < len(field) {
		return field[i+1:]
	}
	return field
}

// envelope are the names of members that errors have of themselves.
var envelope = []string{
	"error", "errors", "message", "msg", "code", "status", "statuscode", "title", "detail", "details", "type",
	"instance", "name", "path", "timestamp", "trace", "data", "result", "success", "ok", "reason", "info",
	"field", "param", "parameter", "pointer", "loc", "property", "source", "input", "ctx", "url", "violations",
}

// mentioned returns the places that an error names, the most plainly named
// first: by a pointer, by their exact name, in quotes, by the value they hold,
// in passing ("customer" for customer_id).
func mentioned(all []place, said speech) []place {
	type rated struct {
		place
		rank int
	}
	var found []rated
	for _, p := range all {
		if p.name == "" {
			continue
		}
		name := strings.ToLower(p.name)
		rank := 0
		value, _ := p.value.(string)
		switch {
		case strings.Count(p.key, "/") > 1 && slices.ContainsFunc(said.exact, func(s string) bool { return strings.TrimPrefix(s, "#") == p.key }):
			rank = 5
		case slices.ContainsFunc(said.exact, func(s string) bool { return strings.EqualFold(s, p.name) }), quoted(said.words, name):
			rank = 4
		case len(value) > 3 && (strings.Contains(said.words, strings.ToLower(value)) || strings.Contains(said.words, strings.ToLower(url.PathEscape(value)))):
			rank = 3
		case len(name) > 2 && wholeWord(said.words, name), spelled(p.name) != "" && wholeWord(said.words, spelled(p.name)):
			rank = 2
		case len(lastOf(p.name)) > 2 && wholeWord(said.words, lastOf(p.name)):
			rank = 1
		}
		if rank > 0 {
			found = append(found, rated{p, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b rated) int { return b.rank - a.rank })
	places := make([]place, 0, len(found))
	for _, f := range found {
		if f.rank == found[0].rank {
			places = append(places, f.place)
		}
	}
	return places
}

// lastOf returns the last word of a name.
func lastOf(name string) string {
	words := slices.Collect(nameWords(name))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// spelled returns a name as people write it: "start date" for start_date,
// "customer" for customer_id. "" if it is one short word.
func spelled(name string) string {
	words, _, ok := asksFor(name)
	if ok {
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(roles, w) })
	} else {
		words = slices.Collect(nameWords(name))
	}
	if all := strings.Join(words, " "); len(all) > 3 {
		return all
	}
	return ""
}

func quoted(text, name string) bool {
	for _, q := range []string{"'%s'", `"%s"`, "`%s`", "“%s”", "‘%s’", "[%s]", "<%s>"} {
		if strings.Contains(text, fmt.Sprintf(q, name)) {
			return true
		}
	}
	return false
}

func wholeWord(text, word string) bool {
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return false
		}
		before, after := i == 0 || !isWordByte(rest[i-1]), i+len(word) == len(rest) || !isWordByte(rest[i+len(word)])
		if before && after {
			return true
		}
		rest = rest[i+len(word):]
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
