package client

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/statute-http/statute"
)

// Problem is a problem document (RFC 9457, 3.1). Members of the wrong type are
// treated as if they were not there.
type Problem struct {
	Type     string // absolute if the response's address is known; "about:blank" if there is none
	Title    string
	Status   int
	Detail   string
	Instance string
	Members  map[string]json.RawMessage // all others
}

// parseProblem returns the problem document in the content of a response, or nil if
// it is none. Relative references are resolved against base.
func parseProblem(h http.Header, content []byte, base *url.URL) *Problem {
	if statute.MediaType(h.Get("Content-Type")) != "application/problem+json" {
		return nil
	}
	p := &Problem{Type: "about:blank"}
	if json.Unmarshal(content, &p.Members) != nil || p.Members == nil {
		return nil
	}
	for name, v := range map[string]any{
		"type": &p.Type, "title": &p.Title, "status": &p.Status, "detail": &p.Detail, "instance": &p.Instance,
	} {
		if value, ok := p.Members[name]; ok {
			delete(p.Members, name)
			_ = json.Unmarshal(value, v) // of the wrong type: ignored
		}
	}
	p.Type, p.Instance = resolve(base, p.Type), resolve(base, p.Instance)
	return p
}

// resolve returns a reference as an absolute one where that is possible.
func resolve(base *url.URL, reference string) string {
	if base == nil || reference == "" {
		return reference
	}
	u, err := base.Parse(reference)
	if err != nil {
		return reference
	}
	return u.String()
}
