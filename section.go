package statute

import (
	"fmt"
	"strings"
)

// Section is a place in a standard, kept as data so that its address can be
// computed and obsolete documents can be refused by a test.
type Section struct {
	Doc    string // "RFC 9110", "Fetch", "OpenAPI", a draft's name...
	Number string // "15.5.2"; for living standards the heading's fragment
}

// RFC returns a section of an RFC: RFC(9110, "15.5.2").
func RFC(number int, section string) Section {
	return Section{fmt.Sprintf("RFC %d", number), section}
}

// String returns the citation as it stands in reports: "RFC 9110, 15.5.2".
func (s Section) String() string {
	if s.Number == "" {
		return s.Doc
	}
	return s.Doc + ", " + s.Number
}

// URL returns the address of the section's text.
func (s Section) URL() string {
	if number, ok := strings.CutPrefix(s.Doc, "RFC "); ok {
		url := "https://www.rfc-editor.org/rfc/rfc" + number
		if s.Number != "" {
			url += "#section-" + s.Number
		}
		return url
	}
	if strings.HasPrefix(s.Doc, "draft-") {
		url := "https://datatracker.ietf.org/doc/html/" + s.Doc
		if s.Number != "" {
			url += "#section-" + s.Number
		}
		return url
	}
	base, ok := map[string]string{
		"Fetch":             "https://fetch.spec.whatwg.org/",
		"GraphQL over HTTP": "https://graphql.github.io/graphql-over-http/draft/",
		"OpenAPI":           "https://spec.openapis.org/oas/latest.html",
		"IANA":              "https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml",
		"SOAP 1.1":          "https://www.w3.org/TR/2000/NOTE-SOAP-20000508/",
		"SOAP 1.2 Part 2":   "https://www.w3.org/TR/soap12-part2/",
	}[s.Doc]
	if !ok || s.Number == "" {
		return base
	}
	if fragment, ok := map[Section]string{ // where it is not the number
		{"SOAP 1.1", "6.2"}:             "_Toc478383529",
		{"SOAP 1.2 Part 2", "Table 20"}: "tabresstatereccodes",
	}[s]; ok {
		return base + "#" + fragment
	}
	return base + "#" + s.Number
}
