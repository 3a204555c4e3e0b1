package rules

import (
	"strings"

	"github.com/statute-http/statute"
)

// unframedWith returns the code of the first response of the exchange that ends
// with its header section whatever its fields say (1xx, 204; RFC 9112, 6.3) and
// carries the field, or 0.
func unframedWith(x *statute.Exchange, field string) int {
	for i := range x.Interim {
		if x.Interim[i].Fields.Has(field) {
			return x.Interim[i].Status
		}
	}
	if r := &x.Response; (r.Class() == 1 || r.Status == 204) && r.Fields.Has(field) {
		return r.Status
	}
	return 0
}

// bringsContent reports whether a request has content or fields that announce
// some.
func bringsContent(r *statute.Request) bool {
	return !r.Body.Empty() || r.Fields.Has("Transfer-Encoding") || strings.Trim(r.Fields.Get("Content-Length"), "0") != ""
}
