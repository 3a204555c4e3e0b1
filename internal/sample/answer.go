package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute"
)

// answer is a response before it is written.
type answer struct {
	status int
	header http.Header
	body   []byte
	raw    bool // must be written as bytes has it: net/http would mend it
}

// write writes the answer. Content-Length goes with HEAD too; 204 and 304 have
// none (RFC 9110, 8.6).
func (a *answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if a.status != 204 && a.status != 304 {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may be gone, or have asked for none
}

// empty returns an answer without content.
func empty(status int) *answer { return &answer{status: status, header: http.Header{}} }

// file returns a 200 with content of that media type and its strong ETag.
func file(mediaType, content string) *answer {
	a := empty(200)
	a.body = []byte(content)
	sum := sha256.Sum256(a.body)
	a.header.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	a.header.Set("Cache-Control", "no-cache")
	a.header.Set("Content-Type", mediaType)
	return a
}

// ok returns a 200 with the value in JSON.
func ok(value any) *answer { return file("application/json", string(marshal(value))) }

// created returns a 201 with the resource that was made at the location.
func created(location string, value any) *answer {
	a := ok(value)
	a.status = 201
	a.header.Set("Location", location)
	return a
}

// changed returns a 200 with the resource as it is now. It has no ETag: what
// is stored is not what was sent byte for byte (RFC 9110, 9.3.4).
func changed(value any) *answer {
	a := ok(value)
	a.header.Del("ETag")
	return a
}

// invalid is one value that is not allowed: in the content, at a JSON pointer,
// or in the query, under a name.
type invalid struct {
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
}

// problem returns an error with its problem details (RFC 9457).
func problem(status int, detail string, errors ...invalid) *answer {
	code, _ := statute.LookupCode(status)
	a := empty(status)
	a.body = marshal(struct {
		Title  string    `json:"title"`
		Status int       `json:"status"`
		Detail string    `json:"detail"`
		Errors []invalid `json:"errors,omitempty"`
	}{code.Name, status, detail, errors})
	a.header.Set("Content-Type", "application/problem+json")
	a.header.Set("Cache-Control", "no-store")
	return a
}

// marshal returns a value that is known to have a JSON form in that form.
func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

// bytes returns the answer as it goes over the wire, with no more fields than
// it has, but for Content-Length where that is due.
func (a *answer) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	if a.status != 204 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(a.body))
	}
	_ = a.header.Write(&b) // a Buffer takes all
	b.WriteString("\r\n")
	b.Write(a.body)
	return b.Bytes()
}
