package check

import (
	"cmp"
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
	asked       string              // the place that an answer named last
	settled     map[string]bool     // places that no answer names any more
}

func (r *run) draft(op *operation) *draft {
	d := &draft{call: &call{op: op}, run: r, tried: map[string]int{}, offered: map[string][]string{}, settled: map[string]bool{}, media: writable(op.Body)}
	d.call.path, d.from = r.find(op, op.effect, 0)
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
// an answer showed, what did elsewhere, an example, or one made from the schema.
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
	if did, ok := r.did[in+" "+name]; ok {
		return did
	}
	if len(examples) > 0 {
		return examples[0]
	}
	value := r.values.make(name, s)
	d.relate(s, value, 0, plainly(name))
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
	_, _, asks := asksFor(name)
	if sent, ok := d.sent(name); ok && mine && asks {
		all = append(all, sent)
	}
	for _, value := range known {
		if kind(s) == "array" && s.Items != nil {
			all = append(all, []any{typed(value, s.Items)})
		} else {
			all = append(all, typed(value, s))
		}
	}
	return all
}

// sent returns what the call that made the resource named by that name.
func (d *draft) sent(name string) (any, bool) {
	if d.from == nil || d.from.call == nil {
		return nil, false
	}
	for _, p := range bodyPlaces(nil, "", d.from.call.schema, d.from.call.body, 0) {
		if _, plain := scalar(p.value); p.name == name && p.present && plain && squash(name) != "id" {
			return p.value, true
		}
	}
	return nil, false
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
	d.relate(m.Schema, d.body, 0, nil)
	return true
}

// relate brings what is known into an object: what the user gave, and the
// identities that answers showed for the members that ask for them. Around are
// the words of the member that it stands in. What is read-only goes.
func (d *draft) relate(s *openapi.Schema, body any, depth int, around []string) {
	if s == nil || depth > maxDepth {
		return
	}
	if list, ok := body.([]any); ok {
		for _, item := range list {
			d.relate(s.Items, item, depth+1, around)
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
		if id, ok := d.itself(p, around); ok && (present || slices.Contains(around, "data") && depth == 1) {
			object[p.Name] = id
			continue
		}
		switch {
		case !present:
		case p.Schema.ReadOnly:
			delete(object, p.Name)
		case squash(p.Name) == "id" && len(around) > 0:
			if related := d.referred(p.Schema, object, around); len(related) > 0 {
				object[p.Name] = related[0]
			}
		default:
			if related := d.related(p.Name, p.Schema, "body"); len(related) > 0 {
				object[p.Name] = related[0]
				continue
			}
			d.relate(p.Schema, value, depth+1, inside(p.Name, around))
		}
	}
}

// inside returns the words that say what the content of a member is about.
func inside(name string, around []string) []string {
	if len(around) > 0 && slices.Contains(wrappers, squash(name)) {
		return around
	}
	return plainly(name)
}

// wrappers are names of members that hold what the member around them is about.
var wrappers = []string{"data", "attributes", "relationships", "metadata", "object", "value", "spec"}

// referred returns the ids of what an object refers to: by its type, or by the
// name of the member that it stands in.
func (d *draft) referred(s *openapi.Schema, object map[string]any, around []string) []any {
	nouns := [][]string{around}
	if t, ok := object["type"].(string); ok {
		nouns = append(nouns, plainly(t))
	}
	for _, words := range nouns {
		if all := d.related(strings.Join(words, "_")+"_id", s, "body"); len(all) > 0 {
			return all
		}
	}
	return nil
}

// itself returns the id of the path for a member by which content says which
// resource it is: the id at the top, and what is called like the parameter.
func (d *draft) itself(p openapi.Property, around []string) (any, bool) {
	names := params(bare(d.op.Path))
	if d.op.effect != changes || len(names) == 0 || !isParam(lastSegment(d.op.Path)) {
		return nil, false
	}
	last := names[len(names)-1]
	top := len(around) == 0 || len(around) == 1 && slices.Contains(wrappers, around[0])
	if !top || squash(p.Name) != "id" && squash(p.Name) != squash(last) || !suits(d.path[last], p.Schema) {
		return nil, false
	}
	return typed(d.path[last], p.Schema), true
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
				d.call.path, d.from = d.run.find(d.op, d.op.effect, d.nth)
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
	if x.Response.Status == 409 || strings.Contains(said.lower, "already") || strings.Contains(said.lower, "duplicate") {
		if d.renew(all, said) {
			return true
		}
	}
	mended := false
	named := mentioned(all, said)
	if !slices.ContainsFunc(named, func(p place) bool { return p.key == d.asked }) {
		d.settled[d.asked] = true
	}
	slices.SortStableFunc(named, func(a, b place) int { return d.tried[a.key] - d.tried[b.key] })
	for _, p := range named {
		words, apart := said.about[squash(p.name)]
		if !apart {
			words = said.words
		}
		if d.next(p, words) {
			mended, d.asked = true, p.key
		}
		if mended && !apart {
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
	values, known := d.choices(p, words)
	_, given := d.run.Values[p.name]
	if _, _, asks := asksFor(p.name); asks && !known && !given && len(d.offered[p.key]) > 2 {
		return false // ids are not guessed
	}
	offer := func(value any) bool {
		mark := text(value)
		if !known {
			mark = d.run.values.unmarked(mark)
		}
		fresh := !slices.Contains(d.offered[p.key], mark)
		if fresh {
			d.offered[p.key] = append(d.offered[p.key], mark)
		}
		return fresh
	}
	if p.present {
		offer(p.value)
	}
	at := slices.IndexFunc(values, offer)
	if at >= 0 {
		p.set(values[at])
	}
	return at >= 0
}

// choices returns the values for a place, the most promising first, and whether
// they are of what is known to exist.
func (d *draft) choices(p place, words string) (values []any, known bool) {
	in := p.in()
	if _, given := d.run.Values[p.name]; !given {
		if values = d.related(p.name, p.schema, in); len(values) > 0 {
			return values, true
		}
	}
	if self := d.selfAt(p); self != nil {
		return []any{self}, false
	}
	switch {
	case kind(p.schema) == "array":
		// An empty list is the simplest where lists hold objects.
		if values = []any{d.fill(p.name, p.schema, nil, in), []any{}}; p.schema.Items != nil && kind(p.schema.Items) == "object" {
			slices.Reverse(values)
		}
	case kind(p.schema) == "object":
		values = []any{d.whole(p.name, p.schema), d.fill(p.name, p.schema, nil, in)}
	case kind(p.schema) == "" && len(p.schema.AnyOf) > 0:
		for _, alternative := range p.schema.AnyOf {
			values = append(values, d.fill(p.name, alternative, nil, in))
		}
	default:
		if sent, ok := d.sent(p.name); ok && in == "body" {
			values = append(values, sent)
		}
		if in == "body" && d.op.effect == created {
			for _, k := range d.run.named["@"+strings.Join(plainly(p.name), " ")] { // it may be known by its address
				values = append(values, k.value)
			}
		}
		if !p.present {
			values = append(values, d.fill(p.name, p.schema, nil, in))
		}
		values = append(values, d.run.values.candidates(p.name, p.schema, words)...)
	}
	return values, false
}

// in returns where a place stands: "body", or what a parameter's In says.
func (p *place) in() string {
	if strings.HasPrefix(p.key, "/") {
		return "body"
	}
	in, _, _ := strings.Cut(p.key, " ")
	return in
}

// selfAt returns what stands in a place by which content says which resource it
// is, nil if that is another place.
func (d *draft) selfAt(p place) any {
	steps := strings.Split(p.key, "/")
	if len(steps) < 2 || steps[0] != "" || d.op.effect != changes {
		return nil
	}
	var around []string
	if len(steps) > 2 {
		around = plainly(steps[len(steps)-2])
	}
	id, _ := d.itself(openapi.Property{Name: p.name, Schema: p.schema}, around)
	return id
}

// whole returns an object with the members that it may have, and not only those
// that it must have.
func (d *draft) whole(name string, s *openapi.Schema) any {
	object, ok := d.fill(name, s, nil, "body").(map[string]any)
	if !ok {
		return nil
	}
	d.run.values.budget = maxValues
	for _, p := range s.Properties {
		if _, there := object[p.Name]; !there && !p.Schema.ReadOnly {
			object[p.Name] = d.run.values.build(p.Name, p.Schema, 1)
		}
	}
	d.relate(s, object, 0, plainly(name))
	return object
}

// renew makes texts that an answer says are taken anew.
func (d *draft) renew(all []place, said speech) bool {
	named := mentioned(all, said)
	if len(named) == 0 {
		named = all
	}
	changed := false
	slices.SortStableFunc(named, func(a, b place) int { return d.tried[a.key] - d.tried[b.key] })
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
			in := p.in()
			if p.present || in == "header" || in == "cookie" {
				continue
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
		if p.present && !d.settled[p.key] && d.tried[p.key] < 2 && kind(p.schema) == "string" && !strings.HasPrefix(p.key, "path ") && d.next(p, "") {
			d.swept++
			return d.swept < 8
		}
	}
	for _, p := range all {
		inBody := strings.HasPrefix(p.key, "/")
		if p.present || inBody && d.op.effect == created && d.run.names(d.op, p.name) { // that is the server's to choose
			continue
		}
		if (inBody || strings.HasPrefix(p.key, "query ")) && d.next(p, "") {
			d.swept++
			return d.swept < 8
		}
	}
	if d.schema != nil && d.alternative+1 < len(d.schema.AnyOf) && len(d.schema.Properties) == 0 {
		d.alternative++
		d.body = d.run.values.make("", d.schema.AnyOf[d.alternative])
		d.relate(d.schema.AnyOf[d.alternative], d.body, 0, nil)
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
