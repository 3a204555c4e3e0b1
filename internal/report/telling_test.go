package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestTellingRequest holds that a request is shown with what is wrong with it, and
// without what every request has.
func TestTellingRequest(t *testing.T) {
	host := statute.Field{Name: "Host", Value: "shop.example"}
	accept := statute.Field{Name: "Accept", Value: "application/json"}
	any := statute.Field{Name: "Accept", Value: "*/*"}
	secret := statute.Field{Name: "Authorization", Value: "Bearer " + redacted}
	for name, test := range map[string]struct{ fields, want statute.Fields }{
		"usual":     {statute.Fields{host, any, secret}, statute.Fields{}},
		"telling":   {statute.Fields{host, accept}, statute.Fields{accept}},
		"two hosts": {statute.Fields{host, any, host}, statute.Fields{host, host}},
	} {
		if diff := cmp.Diff(test.want, tellingRequest(test.fields)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
