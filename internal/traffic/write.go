package traffic

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// WriteHAR writes exchanges as an HTTP Archive 1.2, one at a time. [HAR] reads
// them as they were, but for bytes in field lines that are no UTF-8 and what an
// archive has no word for: Case, Declared and Operation, a scheme that is not
// known.
//
// What the standard has no member for stands in members of its own: "_seen" of
// an entry, "_error", "_interim" and "_trailer" of a response. Secrets are the
// caller's matter.
func WriteHAR(w io.Writer, exchanges iter.Seq[*statute.Exchange]) error {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	buffered.WriteString(`{"log":{"version":"1.2","creator":{"name":"statute","version":"1"},"entries":[`)
	separator := "\n"
	for x := range exchanges {
		buffered.WriteString(separator)
		separator = ","
		if err := encoder.Encode(entryOf(x)); err != nil {
			return fmt.Errorf("writing entry %d: %w", x.Source.Entry, err)
		}
	}
	buffered.WriteString("]}}\n")
	return buffered.Flush() // the writer keeps the first error
}

// The members of an entry as they are written.
type (
	harEntry struct {
		Started  time.Time   `json:"startedDateTime"`
		Time     float64     `json:"time"` // milliseconds
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Seen     []string    `json:"_seen"`
	}
	harRequest struct {
		Method      string       `json:"method"`
		URL         string       `json:"url"`
		HTTPVersion string       `json:"httpVersion"`
		Cookies     []harPair    `json:"cookies"`
		Headers     []harPair    `json:"headers"`
		QueryString []harPair    `json:"queryString"`
		PostData    *harPostData `json:"postData,omitempty"`
		HeadersSize int          `json:"headersSize"`
		BodySize    int64        `json:"bodySize"`
	}
	harPostData struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
		Encoding string    `json:"encoding,omitempty"`
	}
	harResponse struct {
		Status      int          `json:"status"`
		StatusText  string       `json:"statusText"`
		HTTPVersion string       `json:"httpVersion"`
		Cookies     []harPair    `json:"cookies"`
		Headers     []harPair    `json:"headers"`
		Content     harContent   `json:"content"`
		RedirectURL string       `json:"redirectURL"`
		HeadersSize int          `json:"headersSize"`
		BodySize    int64        `json:"bodySize"`
		Error       string       `json:"_error,omitempty"`
		Interim     []harInterim `json:"_interim,omitempty"`
		Trailer     []harPair    `json:"_trailer,omitempty"`
	}
	harContent struct {
		Size     int64  `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
	}
	harInterim struct {
		Status      int       `json:"status"`
		StatusText  string    `json:"statusText"`
		HTTPVersion string    `json:"httpVersion"`
		Headers     []harPair `json:"headers"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

func entryOf(x *statute.Exchange) *harEntry {
	q, p := &x.Request, &x.Response
	took := float64(x.Took) / float64(time.Millisecond)
	e := &harEntry{
		Started: x.Start,
		Time:    took,
		Timings: harTimings{Wait: took},
		Seen:    names(x.Seen),
		Request: harRequest{
			Method:      q.Method,
			URL:         address(q),
			HTTPVersion: q.Proto,
			Cookies:     []harPair{},
			Headers:     pairs(q.Fields),
			QueryString: query(q.Query()),
			HeadersSize: -1,
			BodySize:    q.Body.Size,
		},
		Response: harResponse{
			Status:      p.Status,
			StatusText:  p.Reason,
			HTTPVersion: p.Proto,
			Cookies:     []harPair{},
			Headers:     pairs(p.Fields),
			Content:     harContent{Size: int64(len(p.Body.Bytes)), MimeType: p.Fields.Get("Content-Type")},
			RedirectURL: p.Fields.Get("Location"),
			HeadersSize: -1,
			BodySize:    p.Body.Size,
			Error:       x.Error,
		},
	}
	if len(q.Body.Bytes) > 0 {
		data := &harPostData{MimeType: q.Fields.Get("Content-Type"), Params: []harPair{}}
		data.Text, data.Encoding = text(q.Body.Bytes)
		e.Request.PostData = data
	}
	if p.Body.Cut {
		e.Response.Content.Size = max(e.Response.Content.Size+1, p.Body.Size)
	}
	e.Response.Content.Text, e.Response.Content.Encoding = text(p.Body.Bytes)
	for _, i := range x.Interim {
		e.Response.Interim = append(e.Response.Interim, harInterim{i.Status, i.Reason, i.Proto, pairs(i.Fields)})
	}
	if len(p.Trailer) > 0 {
		e.Response.Trailer = pairs(p.Trailer)
	}
	return e
}

// text returns content as a string of JSON can hold it.
func text(content []byte) (text, encoding string) {
	if utf8.Valid(content) {
		return string(content), ""
	}
	return base64.StdEncoding.EncodeToString(content), "base64"
}

// address returns the address of a request in the form that split takes apart.
func address(q *statute.Request) string {
	if q.Target == "*" && q.Authority != "" {
		return strings.TrimSuffix((&statute.Request{Scheme: q.Scheme, Authority: q.Authority, Target: "/"}).URL(), "/") + "*"
	}
	return q.URL()
}

func pairs(fields statute.Fields) []harPair {
	all := make([]harPair, len(fields))
	for i, f := range fields {
		all[i] = harPair(f)
	}
	return all
}

// query returns the parameters of a query as they stand in it.
func query(query string) []harPair {
	all := []harPair{}
	for parameter := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(parameter, "="); name != "" {
			all = append(all, harPair{name, value})
		}
	}
	return all
}

// names returns the names of the parts that were seen.
func names(s statute.Seen) []string {
	all := []string{}
	for part := statute.Seen(1); part < statute.SeenAll; part <<= 1 {
		if s.Has(part) {
			all = append(all, part.String())
		}
	}
	return all
}
