package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 412_unconditional.txtar
var doc412Unconditional string

var r412Unconditional = &statute.Rule{
	ID:    "412-unconditional",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.13"), statute.RFC(9110, "13.1")},
	On:    []int{412},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody,
	Doc:   doc412Unconditional,
	Check: func(p *statute.Pass) {
		if !mayHoldPrecondition(&p.Request) {
			p.Report(statute.Fault{
				Message:  "412 to a request without a precondition",
				Expected: "409, or 428 if a precondition is demanded",
			})
		}
	},
}

// mayHoldPrecondition reports whether a request has a precondition of HTTP, of
// WebDAV (RFC 4918, 10.4 and 10.6), of tus or of a vendor, or something that may
// serve as one: a version, a revision, an entity-tag or a lease.
func mayHoldPrecondition(r *statute.Request) bool {
	for i := range r.Fields {
		name := r.Fields[i].Name
		if strings.EqualFold(name, "If") || strings.EqualFold(name, "Overwrite") || hasPrefixFold(name, "If-") ||
			hasPrefixFold(name, "Tus-") || hasPrefixFold(name, "Upload-") || nameHolds(name, "-If-") || namesState(name) {
			return true
		}
	}
	for parameter := range strings.SplitSeq(r.Query(), "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if hasPrefixFold(name, "if") || namesState(name) {
			return true
		}
	}
	found := false
	parseJSON(r.Body.Bytes).each(func(key, _ value) bool {
		name := string(key.raw())
		found = hasPrefixFold(name, "if") || namesState(name)
		return !found
	})
	return found
}

// namesState reports whether a field, parameter or member is named for a state
// that a request can depend on.
func namesState(name string) bool {
	for _, part := range [...]string{"version", "revision", "etag", "generation", "condition", "lease", "lock", "expect"} {
		if nameHolds(name, part) {
			return true
		}
	}
	return strings.EqualFold(name, "rev") || strings.EqualFold(name, "_rev")
}
