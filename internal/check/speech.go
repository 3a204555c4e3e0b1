package check

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// speech is what an error says.
type speech struct {
	words string            // all its texts
	lower string            // the same in lower case
	exact []string          // texts and member names that may be names of fields, or pointers to them
	about map[string]string // what it says of one field, by its squashed name
}

// spoken returns what an answer's content says. Of JSON it is the texts; the
// names of members count where they are not those of every error. A field has
// words of its own as {"email": ["is not valid"]} or as {"field": "email",
// "message": "is not valid"}; the field may be a path or a pointer (RFC 9457, 3).
func spoken(content []byte) speech {
	content = content[:min(len(content), 8<<10)]
	body := decode(content)
	s := speech{about: map[string]string{}}
	if s.words = string(content); body != nil {
		s.words = ""
		s.hear(body, 0, false)
	}
	s.lower = strings.ToLower(s.words)
	return s
}

// hear takes in a part of an error. Within is set where members are named like
// fields and nothing else.
func (s *speech) hear(v any, depth int, within bool) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if within || !slices.Contains(envelope, strings.ToLower(name)) || isList(v[name]) && !slices.Contains(summaries, strings.ToLower(name)) {
				s.exact = append(s.exact, name)
				s.note(name, texting(v[name]))
			}
			inner, isObject := v[name].(map[string]any)
			s.hear(v[name], depth+1, isObject && inner["message"] == nil && slices.Contains(byField, squash(name)))
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
			s.hear(member, depth+1, false)
		}
	case string:
		s.words += v + "\n"
		if len(v) < 100 && !strings.ContainsAny(v, " \n") {
			s.exact = append(s.exact, v, lastStep(v))
		}
	}
}

func (s *speech) note(field, words string) {
	if words != "" {
		s.about[squash(lastStep(field))] += words + "\n"
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

// byField are the members in which errors list what is wrong by field, and
// summaries those in which they list texts about the whole.
var (
	byField   = []string{"errors", "fields", "fielderrors", "validationerrors", "modelstate", "invalidparams"}
	summaries = []string{"error", "errors", "message", "messages", "msg", "detail", "details", "reason", "loc", "path", "info"}
)

func isList(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) > 0 && texting(list) != ""
}

// fieldNames are the members in which errors name a field.
var fieldNames = []string{"field", "param", "parameter", "pointer", "loc", "path", "property", "propertyPath", "attribute", "source", "target", "name", "key"}

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
	"field", "param", "parameter", "pointer", "loc", "property", "source", "target", "input", "ctx", "url", "violations",
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
		case slices.ContainsFunc(said.exact, func(s string) bool { return p.isAt(s) }):
			rank = 5
		case slices.ContainsFunc(said.exact, func(s string) bool { return strings.EqualFold(s, p.name) }), quoted(said.lower, name):
			rank = 4
		case len(value) > 3 && (strings.Contains(said.lower, strings.ToLower(value)) || strings.Contains(said.lower, strings.ToLower(url.PathEscape(value)))):
			rank = 3
		case len(name) > 2 && wholeWord(said.lower, name), spelled(p.name) != "" && wholeWord(said.lower, spelled(p.name)):
			rank = 2
		case len(lastOf(p.name)) > 2 && wholeWord(said.lower, lastOf(p.name)):
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

// isAt reports whether a pointer or a path with dots leads to a place within the
// content, or through it to what is not there yet: "#/data/relationships/author"
// and "metadata.name".
func (p *place) isAt(pointer string) bool {
	steps := strings.ReplaceAll(strings.TrimLeft(pointer, "#/$."), ".", "/")
	if !strings.Contains(steps, "/") || !strings.HasPrefix(p.key, "/") {
		return false
	}
	return "/"+steps == p.key || !p.present && strings.HasPrefix("/"+steps, p.key+"/")
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
