package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed head_differs.txtar
var docHeadDiffers string

var rHeadDiffers = &statute.Rule{
	ID:    "head-differs",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.2"), statute.RFC(9110, "9.1")},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Over: []string{
		"401-without-challenge", "401-for-permission", "403-for-authentication", "405-without-allow",
		"405-lists-the-method", "405-allow-untrue", "406-for-anything", "411-with-length",
		"415-without-content", "500-for-client-error", "501-for-known-method", "redirect-without-location",
		"redirect-to-self", "redirect-for-authentication", "wrong-code-for-method",
	},
	Doc: docHeadDiffers,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "HEAD" || p.Request.Fields.Has("Range") || busy(p.Response.Status) {
			return
		}
		get := reading(p)
		if get == nil {
			return
		}
		f := statute.Fault{Before: []*statute.Exchange{get}}
		if p.Response.Status != 200 {
			switch p.Response.Status {
			case 303, 304, 412: // 303: the work that the GET watched has been done meanwhile
			default:
				f.Message = strconv.Itoa(p.Response.Status) + " to HEAD where GET is answered 200"
				f.Expected = "200"
				p.Report(f)
			}
			return
		}
		if name := otherField(&p.Response, &get.Response); name != "" {
			f.Message = "HEAD differs from GET in " + name
			f.Expected = name + ": " + get.Response.Fields.Get(name)
			p.Report(f)
		} else if sent, due, ok := otherLength(p, get); ok {
			f.Message = "HEAD differs from GET in Content-Length"
			f.Expected = "Content-Length: " + due + ", or none, instead of " + sent
			p.Report(f)
		}
	},
}

// busy reports whether a code speaks of the server's state at that moment.
func busy(code int) bool {
	switch code {
	case 0, 408, 425, 429, 502, 503, 504:
		return true
	}
	return false
}

// otherField returns the name of a field of the GET that the HEAD has with
// another value, or lacks, though it is not made with the content; "" if there
// is none.
func otherField(head, get *statute.Response) string {
	if due := get.MediaType(); due != "" && head.MediaType() != due {
		return "Content-Type"
	}
	for _, name := range [...]string{"Cache-Control", "Last-Modified", "Content-Language", "Content-Location"} {
		if due, ok := get.Fields.Lookup(name); ok && head.Fields.Get(name) != due {
			return name
		}
	}
	return ""
}

// otherLength returns the Content-Length of a HEAD and that of the GET where
// they differ. Content that may be of another size each time is not held
// against it: the length must be 0, the entity-tags the same, or an earlier GET
// of the same length.
func otherLength(p *statute.Pass, get *statute.Exchange) (sent, due string, differs bool) {
	sent, ok := p.Response.Fields.Lookup("Content-Length")
	due, known := get.Response.Fields.Lookup("Content-Length")
	if !ok || !known || sent == due || p.Response.Fields.Get("Content-Encoding") != get.Response.Fields.Get("Content-Encoding") {
		return "", "", false
	}
	tag, tagged := p.Response.Fields.Lookup("ETag")
	if sent == "0" || tagged && tag == get.Response.Fields.Get("ETag") {
		return sent, due, true
	}
	for _, x := range p.Past(p.Request.Path()) {
		if x != get && isReading(x) && sameReader(x, get) && x.Response.Fields.Get("Content-Length") == due {
			return sent, due, true
		}
	}
	return "", "", false
}
