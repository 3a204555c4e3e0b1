package rules

import (
	"bytes"
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed soap_fault_with_200.txtar
var docSoapFaultWith200 string

var rSoapFaultWith200 = &statute.Rule{
	ID:    "soap-fault-with-200",
	Level: statute.Should,
	Cite:  []statute.Section{{Doc: "SOAP 1.1", Number: "6.2"}, {Doc: "SOAP 1.2 Part 2", Number: "Table 20"}},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   docSoapFaultWith200,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "POST" {
			return
		}
		if due := dueForFault(p.Response.Body.Bytes); due != "" {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + " with a SOAP fault",
				Expected: due,
			})
		}
	},
}

// The namespaces of envelopes.
var (
	soap11 = []byte("http://schemas.xmlsoap.org/soap/envelope/")
	soap12 = []byte("http://www.w3.org/2003/05/soap-envelope")
)

// dueForFault returns the code that is due if the content is a SOAP message with a
// fault: "500", or "400" for one that SOAP 1.2 puts down to the sender; "" if it is
// no such message.
func dueForFault(content []byte) string {
	content = content[:min(len(content), textLimit)]
	if !bytes.Contains(content, []byte("Fault")) {
		return ""
	}
	envelope, rest := nextTag(content)
	v12 := bytes.Contains(envelope, soap12)
	if !isNamed(envelope, envelope, "Envelope") || !v12 && !bytes.Contains(envelope, soap11) {
		return ""
	}
	tag, rest := nextTag(rest)
	if isNamed(tag, envelope, "Header") {
		if tag[len(tag)-1] != '/' {
			for len(tag) > 0 && (tag[0] != '/' || !isNamed(tag[1:], envelope, "Header")) {
				tag, rest = nextTag(rest)
			}
		}
		tag, rest = nextTag(rest)
	}
	for _, name := range []string{"Body", "Fault"} {
		if !isNamed(tag, envelope, name) {
			return ""
		}
		tag, rest = nextTag(rest)
	}
	if !v12 || !isNamed(tag, envelope, "Code") {
		return "500"
	}
	tag, rest = nextTag(rest)
	value, _, _ := bytes.Cut(rest, []byte("<"))
	if isNamed(tag, envelope, "Value") && bytes.HasSuffix(bytes.TrimSpace(value), []byte(":Sender")) {
		return "400"
	}
	return "500"
}

// nextTag returns what stands between the next pair of angle brackets that is a tag,
// and what follows it; both are empty if there is none.
func nextTag(content []byte) (tag, rest []byte) {
	for {
		_, after, _ := bytes.Cut(content, []byte("<"))
		end := []byte(">")
		switch {
		case bytes.HasPrefix(after, []byte("!--")):
			end = []byte("-->")
		case bytes.HasPrefix(after, []byte("![CDATA[")):
			end = []byte("]]>")
		}
		tag, rest, ok := bytes.Cut(after, end)
		switch {
		case !ok:
			return nil, nil
		case len(tag) > 0 && tag[0] != '!' && tag[0] != '?':
			return tag, rest
		}
		content = rest
	}
}

// isNamed reports whether a tag has that name, with the same prefix as the tag of
// the envelope.
func isNamed(tag, envelope []byte, name string) bool {
	prefix := envelope[:bytes.IndexByte(qualified(envelope), ':')+1]
	local, ok := bytes.CutPrefix(qualified(tag), prefix)
	return ok && string(local) == name
}

// qualified returns the name in a tag with its prefix.
func qualified(tag []byte) []byte {
	if end := bytes.IndexAny(tag, " \t\r\n/"); end >= 0 {
		return tag[:end]
	}
	return tag
}
