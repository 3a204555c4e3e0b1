package check

import (
	"cmp"
	"fmt"
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
	run   *run
	from  *instance
	nth   int // which of the known resources
	media []openapi.Media
	tried map[string]int // values tried, by place
	wider int            // how far optional values were added
	fresh bool           // the call goes where nothing is yet, and makes it
	swept int            // places changed although no answer named them
}

func (r *run) draft(op *operation) *draft {
	d := &draft{call: &call{op: op}, run: r, tried: map[string]int{}, media: writable(op.Body)}
	d.call.path, d.from = r.find(op, 0)
	for i := range op.Parameters {
		p := &op.Parameters[i]
		_, given := r.Values[p.Name]
		if p.In != "path" && (p.Required || given) {
			d.setParameter(p, r.fill(p.Name, p.Schema, p.Examples))
		}
	}
	d.write(0)
	return d
}

// fill returns the first value for a place: what the user gave, an example,
// an identity that an answer showed, or one made from the schema.
func (r *run) fill(name string, s *openapi.Schema, examples []any) any {
	if given, ok := r.Values[name]; ok {
		return typed(given, s)
	}
	if len(examples) > 0 {
		return examples[0]
	}
	if known := r.named[squash(name)]; known != "" && strings.HasSuffix(squash(name), "id") && len(s.Enum) == 0 {
		return typed(known, s)
	}
	return r.values.make(name, s)
}

func (d *draft) setParameter(p *openapi.Parameter, value any) {
	switch p.In {
	case "query":
		d.query = with(d.query, p, value)
	case "header":
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
	d.call.media = m.Type
	switch {
	case len(m.Examples) > 0:
		d.body = cloneValue(m.Examples[0])
	case m.Schema == nil:
		d.body = map[string]any{}
	default:
		d.body = d.run.values.make("", m.Schema)
	}
	d.relate(m.Schema, d.body, 0)
	return true
}

// relate puts the identities that answers showed into the members that ask for
// them: customer_id gets the id of a customer.
func (d *draft) relate(s *openapi.Schema, body any, depth int) {
	object, ok := body.(map[string]any)
	if !ok || s == nil || depth > maxDepth {
		return
	}
	for _, p := range s.Properties {
		value, present := object[p.Name]
		if !present {
			continue
		}
		key := squash(p.Name)
		if known := d.run.named[key]; known != "" && strings.HasSuffix(key, "id") && key != "id" && len(p.Schema.Enum) == 0 && len(p.Schema.Examples) == 0 {
			object[p.Name] = typed(known, p.Schema)
			continue
		}
		d.relate(p.Schema, value, depth+1)
		if list, ok := value.([]any); ok && len(list) > 0 && p.Schema.Items != nil {
			d.relate(p.Schema.Items, list[0], depth+1)
		}
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
		if p.In != "cookie" {
			all = append(all, pl)
		}
	}
	if i := slices.IndexFunc(d.media, func(m openapi.Media) bool { return m.Type == d.call.media }); i >= 0 {
		all = bodyPlaces(all, "", d.media[i].Schema, d.body, 0)
	}
	return all
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
	for _, p := range mentioned(all, said) {
		if d.next(p, said.words) {
			return true
		}
	}
	return d.widen(all)
}

// next puts the next value into a place, or a first one where there was none,
// and reports whether there is one left. Words of an error lead the choice.
func (d *draft) next(p place, words string) bool {
	n := d.tried[p.key]
	d.tried[p.key]++
	var values []any
	switch kind(p.schema) {
	case "array":
		// An empty list is the simplest where lists hold objects.
		full := d.run.values.make(p.name, p.schema)
		if values = []any{full, []any{}}; p.schema.Items != nil && kind(p.schema.Items) == "object" {
			slices.Reverse(values)
		}
	case "object":
		values = []any{d.run.values.make(p.name, p.schema)}
	default:
		values = d.run.values.candidates(p.name, p.schema, words)
		if !p.present {
			values = slices.Insert(values, 0, d.run.fill(p.name, p.schema, nil))
		} else if len(d.run.values.led(words)) > 0 {
			n = max(0, n-1)
		}
	}
	for _, value := range values[min(n, len(values)):] {
		if !p.present || !same(value, p.value) {
			p.set(value)
			return true
		}
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
		if !isText || !p.present || len(p.schema.Enum) > 0 || strings.HasPrefix(p.key, "path ") || d.tried[p.key] > 3 {
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
// that the description gives, then the rest one by one.
func (d *draft) widen(all []place) bool {
	d.wider++
	if d.wider == 1 {
		added := false
		for _, p := range all {
			if !p.present && !strings.HasPrefix(p.key, "header ") && (p.schema.Default != nil || len(p.schema.Examples) > 0) {
				p.set(d.run.fill(p.name, p.schema, nil))
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
		if !p.present && strings.HasPrefix(p.key, "/") && d.next(p, "") {
			d.swept++
			return d.swept < 8
		}
	}
	return false
}

// speech is what an error says.
type speech struct {
	words string   // all its texts, in lower case
	exact []string // texts and member names that may be names of fields, without pointer or path
}

// spoken returns what an answer's content says. Of JSON it is the texts; the
// names of members count where they are not those of every error.
func spoken(content []byte) speech {
	content = content[:min(len(content), 8<<10)]
	body := decode(content)
	if body == nil {
		return speech{words: strings.ToLower(string(content))}
	}
	var s speech
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > 6 {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if !slices.Contains(envelope, strings.ToLower(name)) {
					s.exact = append(s.exact, name)
				}
				walk(member, depth+1)
			}
		case []any:
			for _, member := range v {
				walk(member, depth+1)
			}
		case string:
			s.words += strings.ToLower(v) + "\n"
			v = strings.TrimPrefix(v, "body.")
			if i := strings.LastIndexAny(v, "/."); i >= 0 && i+1 < len(v) {
				v = v[i+1:]
			}
			if len(v) < 60 && !strings.ContainsAny(v, " \n") {
				s.exact = append(s.exact, v)
			}
		}
	}
	walk(body, 0)
	return s
}

// envelope are the names of members that errors have of themselves.
var envelope = []string{
	"error", "errors", "message", "msg", "code", "status", "statuscode", "title", "detail", "details", "type",
	"instance", "name", "path", "timestamp", "trace", "data", "result", "success", "ok", "reason", "info",
}

// mentioned returns the places that an error names, the most plainly named
// first: by their exact name, in quotes, by the value they hold, in passing.
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
		case slices.ContainsFunc(said.exact, func(s string) bool { return strings.EqualFold(s, p.name) }), quoted(said.words, name):
			rank = 3
		case len(value) > 3 && strings.Contains(said.words, strings.ToLower(value)):
			rank = 2
		case len(name) > 2 && wholeWord(said.words, name):
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
