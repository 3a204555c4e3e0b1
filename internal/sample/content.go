package sample

import (
	"fmt"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/statute-http/statute"
)

// mergePatch is the media type of RFC 7396.
const mergePatch = "application/merge-patch+json"

// drain is how much of content that is too large is read all the same, in
// bytes: a connection closed on a client that still sends may lose the answer.
const drain = 16 << 20

// read reads the content of methods that have some. Nothing is read, and so no
// 100 sent, where the client waits for leave and announces too much.
func (q *request) read() *answer {
	if q.Method != "POST" && q.Method != "PUT" && q.Method != "PATCH" {
		return nil
	}
	tooLarge := problem(413, "the content is larger than 1 MiB")
	if q.ContentLength > maxContent && q.Header.Get("Expect") != "" {
		return tooLarge
	}
	var err error
	q.content, err = io.ReadAll(io.LimitReader(q.Body, maxContent+1))
	if err != nil {
		return problem(400, "the content ends before its announced end, or its chunks are malformed")
	}
	if len(q.content) > maxContent {
		_, _ = io.CopyN(io.Discard, q.Body, drain)
		return tooLarge
	}
	return nil
}

// object returns the content, which must be a JSON object of the media type,
// or of one built on it if that is JSON itself.
func (q *request) object(mediaType string) (map[string]any, *answer) {
	if len(q.content) == 0 {
		return nil, problem(400, "the content is missing")
	}
	sent := statute.MediaType(q.Header.Get("Content-Type"))
	coding := q.Header.Get("Content-Encoding")
	switch {
	case coding != "" && !strings.EqualFold(coding, "identity"):
		a := problem(415, "the content must not be encoded")
		a.header.Set("Accept-Encoding", "identity")
		return nil, a
	case sent != mediaType && (mediaType != "application/json" || !statute.IsJSON(sent)):
		a := problem(415, "the content must be of type "+mediaType)
		a.header.Set("Accept", mediaType)
		if q.Method != "PUT" { // Accept-Patch (RFC 5789, 3.1) or Accept-Post
			a.header.Set("Accept-"+q.Method, mediaType)
		}
		return nil, a
	}
	var value any
	if err := json.Unmarshal(q.content, &value); err != nil {
		detail := "the content is not well-formed JSON"
		if syntax, ok := err.(*jsontext.SyntacticError); ok {
			detail = fmt.Sprintf("%s: see byte %d", detail, syntax.ByteOffset)
		}
		return nil, problem(400, detail)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, problem(422, "the content must be an object", invalid{Detail: "must be an object"})
	}
	return object, nil
}

// field is a member of an object and what must hold of it.
type field struct {
	name     string
	required bool
	wrong    func(value any) string // what is wrong with the value, "" if nothing; nil: the value is left aside
}

// take makes a T of an object whose members are all valid; a 422 names each
// that is not.
func take[T any](object map[string]any, fields []field) (*T, *answer) {
	var errors []invalid
	for _, f := range fields {
		value, present := object[f.name]
		switch {
		case f.wrong == nil:
			delete(object, f.name)
		case present:
			if wrong := f.wrong(value); wrong != "" {
				errors = append(errors, invalid{Pointer: "/" + f.name, Detail: wrong})
			}
		case f.required:
			errors = append(errors, invalid{Pointer: "/" + f.name, Detail: "is required"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			errors = append(errors, invalid{Pointer: "/" + escape(name), Detail: "is not known"})
		}
	}
	if errors != nil {
		return nil, problem(422, "some of the values are not allowed", errors...)
	}
	var taken T
	if err := json.Unmarshal(marshal(object), &taken); err != nil {
		panic(err) // the fields and T disagree
	}
	return &taken, nil
}

// escape returns a name as a token of a JSON pointer (RFC 6901, 3).
func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// text demands a string of that many characters.
func text(least, most int) func(any) string {
	return func(value any) string {
		if s, ok := value.(string); !ok || utf8.RuneCountInString(s) < least || utf8.RuneCountInString(s) > most {
			return fmt.Sprintf("must be a string of %d to %d characters", least, most)
		}
		return ""
	}
}

// integer demands a whole number within the bounds.
func integer(least, most int) func(any) string {
	return func(value any) string {
		if n, ok := value.(float64); !ok || n != float64(int(n)) || int(n) < least || int(n) > most {
			return fmt.Sprintf("must be an integer from %d to %d", least, most)
		}
		return ""
	}
}

// oneOf demands one of the words.
func oneOf(words []string) func(any) string {
	return func(value any) string {
		if s, ok := value.(string); !ok || !slices.Contains(words, s) {
			return "must be one of " + strings.Join(words, ", ")
		}
		return ""
	}
}

// email demands an e-mail address without a name.
func email(value any) string {
	s, _ := value.(string)
	if address, err := mail.ParseAddress(s); err != nil || address.Address != s {
		return "must be an e-mail address"
	}
	return ""
}
