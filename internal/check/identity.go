package check

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/statute-http/statute/internal/openapi"
)

// known is a value by which requests ask for something that exists.
type known struct {
	value string
	of    *instance // nil if the value was only seen in passing
}

// made reports whether the run made what the value stands for, and it is
// still there.
func (k known) made() bool { return k.of != nil && k.of.made && !k.of.gone && k.of.found() }

// identities are the values that are known for a noun, in words: "time entry"
// for time_entry_id and timeEntryId.
type identities map[string][]known

// maxAlike bounds how many values are kept for one noun.
const maxAlike = 20

// add keeps a value. What an instance stands for comes before what was seen in
// passing, the latest first.
func (ids identities) add(noun, value string, of *instance) {
	all := ids[noun]
	if at := slices.IndexFunc(all, func(k known) bool { return k.value == value }); at >= 0 {
		if of == nil {
			return
		}
		all = slices.Delete(all, at, at+1)
	}
	switch {
	case of != nil:
		all = slices.Insert(all, 0, known{value, of})
	case len(all) < maxAlike:
		all = append(all, known{value: value})
	}
	ids[noun] = all
}

// size returns how many values are known.
func (ids identities) size() int {
	n := 0
	for _, all := range ids {
		n += len(all)
	}
	return n
}

// named returns what is known under a noun; failing that, under one that ends
// in it: the activities of "time entry activity" for "activity".
func (ids identities) named(words []string) []known {
	noun := strings.Join(words, " ")
	if all := ids[noun]; len(all) > 0 || noun == "" {
		return all
	}
	var best string
	for other := range ids {
		if strings.HasSuffix(other, " "+noun) && (best == "" || len(other) < len(best) || len(other) == len(best) && other < best) {
			best = other
		}
	}
	return ids[best]
}

// abbreviated returns what is known under a noun whose initials a short word is:
// "ro" for "read only".
func (ids identities) abbreviated(word string) []known {
	for _, noun := range slices.Sorted(maps.Keys(ids)) {
		initials := ""
		for part := range strings.FieldsSeq(noun) {
			initials += part[:1]
		}
		if len(word) > 1 && initials == word {
			return ids[noun]
		}
	}
	return nil
}

// lookup returns what is known for the words of a name without its "id": without
// the words before the noun, and without those that say which of several.
func (ids identities) lookup(words []string) []known {
	for i := range words {
		for end := len(words); end > i; end-- {
			if all := ids.named(words[i:end]); len(all) > 0 {
				return all
			}
			if !slices.Contains(roles, words[end-1]) {
				break
			}
		}
	}
	if len(words) > 0 && slices.Contains(people, words[len(words)-1]) {
		return ids.named([]string{"user"})
	}
	if len(words) == 1 {
		return ids.abbreviated(words[0])
	}
	return nil
}

// roles are words that say which of several is meant, not what.
var roles = []string{
	"from", "to", "source", "target", "destination", "dest", "src", "parent", "child", "other", "new", "old",
	"related", "first", "second", "left", "right", "current", "default", "previous", "next", "original", "base",
}

// destinations are the roles of what a procedure makes of something else.
var destinations = []string{"destination", "dest", "target", "new", "to"}

// people are words for what users are to something.
var people = []string{"author", "owner", "assignee", "creator", "reviewer", "member", "manager", "recipient", "sender", "assigned"}

// asksFor returns the words of the noun that a name asks for, and whether for
// several: "customer_id", "roleIds". The noun of plain "id" is empty.
func asksFor(name string) (words []string, several, ok bool) {
	name = strings.TrimSuffix(name, "[]")
	if plural := strings.TrimSuffix(name, "IDs"); plural != name {
		name = plural + "Ids"
	}
	words = slices.Collect(nameWords(name))
	if len(words) == 0 {
		return nil, false, false
	}
	switch last := words[len(words)-1]; last {
	case "id", "uuid", "guid":
		return words[:len(words)-1], false, true
	case "ids", "uuids":
		return words[:len(words)-1], true, true
	default:
		if len(words) == 1 && len(last) > 4 && strings.HasSuffix(last, "id") && !isWord(last) { // "customerid"
			return []string{strings.TrimSuffix(last, "id")}, false, true
		}
	}
	return nil, false, false
}

// isWord reports whether a word ends in "id" of itself.
func isWord(word string) bool {
	return slices.Contains([]string{"valid", "invalid", "android", "covid", "avoid", "solid", "fluid", "rapid", "hybrid", "plaid", "liquid"}, word)
}

// noun returns the words of what an operation is about: "time entry" for
// /projects/{id}/time_entries, "pad" for /deletePad and /createPadIfMissing.
func (o *operation) noun() []string {
	words := o.about()
	if len(words) > 0 {
		words[len(words)-1] = singular(words[len(words)-1])
	}
	return words
}

// about returns the words of noun as the path has them.
func (o *operation) about() []string {
	if !o.calls {
		return slices.Collect(nameWords(lastWord(o.Path)))
	}
	_, words := parse(lastWord(o.Path))
	if at := slices.IndexFunc(words, func(w string) bool { return slices.Contains(prepositions, w) }); at > 0 {
		words = words[:at]
	}
	return words
}

var prepositions = []string{"of", "by", "for", "from", "to", "in", "with", "without", "if", "and", "or"}

// wanted returns the values known for a place, those that this run made first.
// With mine set there are no others: what an unsafe request acts on must be the
// run's own.
func (r *run) wanted(op *operation, name string, s *openapi.Schema, mine bool) []string {
	all := r.knownFor(op, name, s, mine)
	if s.Items != nil {
		s = s.Items
	}
	var own, others []string
	for _, k := range all {
		switch {
		case k.of != nil && k.of.gone, !suits(k.value, s):
		case k.made():
			own = append(own, k.value)
		case !mine:
			others = append(others, k.value)
		}
	}
	return append(own, others...)
}

// knownFor returns what is known under the noun that a place asks for. If it must
// be the run's own, that is the very noun; else what is near to it will do, or
// what is of the same component.
func (r *run) knownFor(op *operation, name string, s *openapi.Schema, mine bool) []known {
	words, _, ok := asksFor(name)
	switch {
	case len(s.Enum) > 0, ok && len(words) == 0: // plain "id" is of what the operation itself is about
		return nil
	case ok && op.calls && slices.Contains(destinations, words[0]): // of what it makes
		return nil
	case ok && mine:
		return r.named[asked(words, op.noun())]
	case ok:
		all := r.named.lookup(words)
		if len(all) == 0 && len(withoutRoles(words)) == 0 {
			all = r.named.lookup(op.noun())
		}
		if len(all) > 0 {
			return all
		}
	case nameHas(name, handles...):
		return r.named["="+squash(name)]
	case isKey(s), op.effect == reads && !op.makes() && kind(s) == "string": // named like what it leads to
		if all := r.named[asked(plainly(name), nil)]; len(all) > 0 || mine {
			return all
		}
	}
	if s.Name != "" && !mine {
		return r.named["#"+s.Name]
	}
	return nil
}

// handles are words for texts that a server gives out to be shown again: the token
// of an upload. They are known by their names, and by these behind the noun.
var handles = []string{"token", "ticket", "handle", "cursor"}

// isKey reports whether values of a schema look like keys of something.
func isKey(s *openapi.Schema) bool {
	return kind(s) == "integer" || s.Format == "uuid" || kind(s) == "array" && s.Items != nil && kind(s.Items) == "integer"
}

// plainly returns the words of a name, the last in the singular.
func plainly(name string) []string {
	words := slices.Collect(nameWords(name))
	if len(words) > 0 {
		words[len(words)-1] = singular(words[len(words)-1])
	}
	return words
}

func withoutRoles(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(roles, w) })
}

// asked returns the noun of what is asked for with these words: that of the
// operation where they only say which of several.
func asked(words, own []string) string {
	if words = withoutRoles(words); len(words) == 0 {
		words = own
	}
	return strings.Join(words, " ")
}

// suits reports whether a value may be what the schema's type and format say.
func suits(value string, s *openapi.Schema) bool {
	switch {
	case kind(s) == "integer", kind(s) == "number":
		return isNumber(value)
	case s.Format == "uuid":
		return strings.Count(value, "-") == 4
	}
	return kind(s) == "" || kind(s) == "string"
}

// learnNamed keeps the identities that an object shows: its own, under the noun
// of the operation, and those of what it refers to. Made is what a create is
// taken to have made; the same value under another noun is of something else.
func (r *run) learnNamed(op *operation, object map[string]any, s *openapi.Schema, made *instance) {
	own := strings.Join(op.noun(), " ")
	add := func(noun string, value any) {
		if value, plain := scalar(value); plain && noun != "" {
			var of *instance
			if made != nil && noun == own && slices.Contains(slices.Collect(maps.Values(made.params)), value) {
				of = made
			}
			r.named.add(noun, value, of)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member := object[name]
		words, several, ok := asksFor(name)
		list, _ := member.([]any)
		inner, _ := member.(map[string]any)
		switch {
		case ok && len(words) == 0:
			add(own, member)
		case ok && !several:
			add(strings.Join(words, " "), member)
		case inner != nil:
			add(strings.Join(slices.Collect(nameWords(name)), " "), inner["id"])
		case made != nil && nameHas(name, handles...):
			add("="+squash(name), member)
			add("="+squash(own+" "+name), member)
		}
		if !ok && singular(name) != squash(name) {
			words = plainly(name)
		}
		for _, item := range list {
			if object, isObject := item.(map[string]any); isObject {
				item = object["id"]
			}
			add(strings.Join(words, " "), item)
		}
	}
	for _, name := range []string{"url", "href", "self", "@id", "resource_uri"} {
		if made == nil && own != "" {
			add("@"+own, object[name])
		}
	}
	if s == nil {
		return
	}
	for _, p := range s.Properties { // what is of one component may be asked for by it
		if p.Schema.Name != "" && len(p.Schema.Enum) == 0 && kind(p.Schema) != "boolean" {
			add("#"+p.Schema.Name, object[p.Name])
		}
	}
}

// scalar returns the text of a value that may be an identity.
func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, value != "" && len(value) < 500
	case json.Number, int64, float64:
		return text(value), true
	}
	return "", false
}
