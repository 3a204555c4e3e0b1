package report

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/traffic"
)

// writeHAR writes the exchanges that prove the findings, each once and in the
// order in which they were recorded or sent.
func writeHAR(w io.Writer, v *view, _ Screen) error {
	var exchanges []*statute.Exchange
	known := map[*statute.Exchange]bool{}
	for _, f := range v.Findings {
		for _, e := range f.Evidence {
			for _, x := range slices.Concat(e.Before, []*statute.Exchange{e.Exchange}, e.After) {
				if !known[x] {
					known[x] = true
					exchanges = append(exchanges, x)
				}
			}
		}
	}
	slices.SortStableFunc(exchanges, func(a, b *statute.Exchange) int {
		return cmp.Or(strings.Compare(a.Source.File, b.Source.File), cmp.Compare(a.Source.Entry, b.Source.Entry))
	})
	return traffic.WriteHAR(w, slices.Values(exchanges))
}
