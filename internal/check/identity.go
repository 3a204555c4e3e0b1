package check

import (
	"encoding/json"
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

// nounOf returns the words of what a path is about: "time entry" for
// /projects/{id}/time_entries and "pad" for /deletePad.
func nounOf(path string) []string {
	words := slices.Collect(nameWords(lastWord(path)))
	if len(words) > 1 && isVerb(words[0]) {
		words = words[1:]
		if at := slices.IndexFunc(words, func(w string) bool { return slices.Contains(prepositions, w) }); at > 0 {
			words = words[:at]
		}
	}
	if len(words) > 0 {
		words[len(words)-1] = singular(words[len(words)-1])
	}
	return words
}

var prepositions = []string{"of", "by", "for", "from", "to", "in", "with", "without", "if", "and", "or"}

// verbs are words with which the names of operations begin.
var verbs = []string{
	"get", "list", "find", "search", "read", "fetch", "query", "count", "show", "check", "create", "add", "new", "insert",
	"set", "put", "save", "copy", "clone", "send", "append", "write", "register", "upload", "import", "export", "post",
}

func isVerb(word string) bool { return slices.Contains(verbs, word) || acts(word) }

// wanted returns the values known for a place, those that this run made first.
// With mine set there are no others: what an unsafe request acts on must be the
// run's own.
func (r *run) wanted(op *operation, name string, s *openapi.Schema, mine bool) []string {
	if len(s.Enum) > 0 {
		return nil
	}
	words, _, ok := asksFor(name)
	var all []known
	switch {
	case ok && len(words) == 0:
		return nil // of what the operation itself is about
	case ok && calls(op.Path) && slices.Contains(destinations, words[0]):
		return nil // of what the operation makes
	case ok:
		if all = r.named.lookup(words); len(all) == 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(roles, w) }) {
			all = r.named.lookup(nounOf(op.Path))
		}
	case kind(s) == "integer" || kind(s) == "array" && s.Items != nil && kind(s.Items) == "integer" || s.Format == "uuid":
		words = slices.Collect(nameWords(name)) // a key that is named like what it leads to
		if len(words) > 0 {
			words[len(words)-1] = singular(words[len(words)-1])
			all = r.named[strings.Join(words, " ")]
		}
	}
	if s.Name != "" && len(all) == 0 {
		all = r.named["#"+s.Name]
	}
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
// of the collection, and those of what it refers to. Made is what a create is
// taken to have made.
func (r *run) learnNamed(path string, object map[string]any, s *openapi.Schema, made *instance) {
	noun := strings.Join(nounOf(path), " ")
	own := func(value string) *instance {
		if made != nil {
			for _, param := range made.params {
				if param == value {
					return made
				}
			}
		}
		return nil
	}
	for name, member := range object {
		value, plain := scalar(member)
		words, several, ok := asksFor(name)
		switch {
		case plain && ok && len(words) == 0:
			if noun != "" {
				r.named.add(noun, value, own(value))
			}
		case plain && ok:
			r.named.add(strings.Join(words, " "), value, own(value))
		case several:
			list, _ := member.([]any)
			for _, item := range list {
				if value, plain := scalar(item); plain {
					r.named.add(strings.Join(words, " "), value, nil)
				}
			}
		default:
			if inner, isObject := member.(map[string]any); isObject {
				if value, plain := scalar(inner["id"]); plain {
					words := slices.Collect(nameWords(name))
					r.named.add(strings.Join(words, " "), value, own(value))
				}
			}
		}
	}
	if s == nil {
		return
	}
	for _, p := range s.Properties { // what is of one component may be asked for by it
		if value, plain := scalar(object[p.Name]); plain && p.Schema.Name != "" && len(p.Schema.Enum) == 0 && kind(p.Schema) != "boolean" {
			r.named.add("#"+p.Schema.Name, value, own(value))
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
