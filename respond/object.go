package respond

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// objectWriter writes JSON objects, member by member; the first error stays.
type objectWriter struct {
	b    *bytes.Buffer
	more bool // the next member is not the first
	err  error
}

func (w *objectWriter) begin() {
	w.b.WriteByte('{')
	w.more = false
}

func (w *objectWriter) end() {
	w.b.WriteByte('}')
	w.more = true
}

// name starts a member whose name needs no escapes.
func (w *objectWriter) name(name string) {
	w.next()
	w.b.WriteByte('"')
	w.b.WriteString(name)
	w.b.WriteString(`":`)
}

// next parts a member from the one before it.
func (w *objectWriter) next() {
	if w.more {
		w.b.WriteByte(',')
	}
	w.more = true
}

func (w *objectWriter) quote(s string) {
	quoted, err := jsontext.AppendQuote(w.b.AvailableBuffer(), s)
	if err != nil {
		quoted, _ = jsontext.AppendQuote(quoted[:0], strings.ToValidUTF8(s, "\uFFFD"))
	}
	w.b.Write(quoted)
}

// text writes a member that is left out when empty.
func (w *objectWriter) text(name, value string) {
	if value != "" {
		w.name(name)
		w.quote(value)
	}
}

func (w *objectWriter) number(name string, n int) {
	w.name(name)
	w.b.Write(strconv.AppendInt(w.b.AvailableBuffer(), int64(n), 10))
}

// value writes a member of any name and kind.
func (w *objectWriter) value(name string, value any) {
	w.next()
	w.quote(name)
	w.b.WriteByte(':')
	if err := json.MarshalWrite(w.b, value, json.Deterministic(true)); err != nil && w.err == nil {
		w.err = err
	}
}

// list writes field errors under the names that their parts are to have; it is
// left out when empty.
func (w *objectWriter) list(name string, fields []FieldError, pointer, parameter, detail string) {
	if len(fields) == 0 {
		return
	}
	w.name(name)
	for i, f := range fields {
		w.b.WriteByte("[,"[min(i, 1)])
		w.begin()
		w.text(pointer, f.Pointer)
		w.text(parameter, f.Parameter)
		w.text(detail, f.Detail)
		w.end()
	}
	w.b.WriteByte(']')
}
