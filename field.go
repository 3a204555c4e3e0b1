package statute

import (
	"iter"
	"strings"
)

// Field is one field line as it was sent: the name in its sender's spelling,
// the value without the white space around it.
type Field struct {
	Name  string
	Value string
}

// Fields are the field lines of a message in the order in which they came.
// Lines of the same name are not joined.
type Fields []Field

// Lookup returns the value of the first line of that name, and whether there
// is one. Names are compared without regard to case.
func (f Fields) Lookup(name string) (string, bool) {
	for i := range f {
		if strings.EqualFold(f[i].Name, name) {
			return f[i].Value, true
		}
	}
	return "", false
}

// Get returns the value of the first line of that name, or "".
func (f Fields) Get(name string) string {
	value, _ := f.Lookup(name)
	return value
}

// Has reports whether there is a line of that name, be its value empty.
func (f Fields) Has(name string) bool {
	_, ok := f.Lookup(name)
	return ok
}

// Values yields the value of each line of that name.
func (f Fields) Values(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range f {
			if strings.EqualFold(f[i].Name, name) && !yield(f[i].Value) {
				return
			}
		}
	}
}

// List yields the members of a comma-separated list field over all its lines
// (RFC 9110, 5.6.1): white space trimmed, empty members left out, commas inside
// quoted strings respected.
func (f Fields) List(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for value := range f.Values(name) {
			for member := range SplitList(value) {
				if !yield(member) {
					return
				}
			}
		}
	}
}

// HasToken reports whether the list field holds the token, in any case;
// parameters after a semicolon are not looked at.
func (f Fields) HasToken(name, token string) bool {
	for member := range f.List(name) {
		member, _, _ = strings.Cut(member, ";")
		if strings.EqualFold(strings.TrimSpace(member), token) {
			return true
		}
	}
	return false
}

// SplitList yields the members of one comma-separated value; see [Fields.List].
func SplitList(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i <= len(value); i++ {
			switch {
			case i == len(value), value[i] == ',' && !quoted:
				if member := strings.Trim(value[start:i], " \t"); member != "" && !yield(member) {
					return
				}
				start = i + 1
			case value[i] == '"':
				quoted = !quoted
			case value[i] == '\\' && quoted:
				i = min(i+1, len(value)-1)
			}
		}
	}
}

// MediaType returns the type and subtype of a Content-Type value in lower
// case, without parameters: "application/problem+json".
func MediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}

// IsJSON reports whether a media type (as [MediaType] returns it) is JSON or
// built on it by the suffix "+json" (RFC 6839, 3.1).
func IsJSON(mediaType string) bool {
	return mediaType == "application/json" || mediaType == "text/json" || strings.HasSuffix(mediaType, "+json")
}
