package shop

import (
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/statutetest"
)

// TestCheck holds the shop to right use of status codes, as three principals: each
// operation is reached, and there is not one finding.
func TestCheck(t *testing.T) {
	s := open(t, Config{})
	for _, who := range []string{"ada", "grace", "admin"} {
		if err := s.Admit(t.Context(), who+"@shop.example", who); err != nil {
			t.Fatal(err)
		}
	}
	statutetest.Check(t, s, "openapi.yaml",
		statutetest.As("Bearer admin"), statutetest.AsLow("Bearer ada"), statutetest.AsOther("Bearer grace"),
		statutetest.FailOn(statute.Advice), statutetest.ReachAll())
}
