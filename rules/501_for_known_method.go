package rules

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 501_for_known_method.txtar
var doc501ForKnownMethod string

var r501ForKnownMethod = &statute.Rule{
	ID:    "501-for-known-method",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.1"), statute.RFC(9110, "15.6.2")},
	On:    []int{501},
	Needs: statute.SeenRequestFields | statute.SeenBody,
	Doc:   doc501ForKnownMethod,
	Check: func(p *statute.Pass) {
		method := p.Request.Method
		if method != "GET" && method != "HEAD" || p.Request.Fields.Has("Transfer-Encoding") || namesFunction(&p.Response) {
			return
		}
		p.Report(statute.Fault{
			Message:  "501 to " + method + ", which every server has to support",
			Expected: "200, or 405 if this resource does not take " + method,
		})
	},
}

// namesFunction reports whether a 501 says more than that the method or the
// request is not supported: "search by date is not implemented".
func namesFunction(r *statute.Response) bool {
	found := false
	eachText(r, func(text []byte) bool {
		found = !bytes.Contains(text, []byte("://")) && saysMore(text)
		return !found
	})
	return found
}

// saysMore reports whether a text holds a word that is not among plainWords.
// Paths and whatever begins with a digit do not count.
func saysMore(text []byte) bool {
	for word := range bytes.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(" \t\r\n.,:;!?'\"()_-", c) }) {
		if word[0] == '/' || '0' <= word[0] && word[0] <= '9' {
			continue
		}
		if !slices.ContainsFunc(plainWords, func(plain string) bool { return bytes.EqualFold(word, []byte(plain)) }) {
			return true
		}
	}
	return false
}

// plainWords are the words of a 501 that only says so.
var plainWords = strings.Fields(`
	a about allowed an and blank by code could does doesn error failed for get
	head http https implemented internal invalid is it message method methods no
	not notimplemented of ok on operation or problem recognized request requested
	resource response server specified status support supported t that the this to
	type unimplemented unknown unrecognized unsupported used was with yet`)
