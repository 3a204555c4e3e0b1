package rules

import (
	"strconv"
	"testing"

	"github.com/statute-http/statute"
)

// BenchmarkSee judges recorded exchanges of all kinds without findings: the
// good examples of all pages that are one exchange, each at a place of its own.
func BenchmarkSee(b *testing.B) {
	traffic := mixed(b, 20_000)
	b.ReportAllocs()
	judge := statute.NewJudge(All)
	for i := 0; b.Loop(); i++ {
		judge.See(traffic[i%len(traffic)])
	}
	if findings := judge.Verdict().Findings; len(findings) > 0 {
		b.Fatalf("%s: %s", findings[0].Rule.ID, findings[0].Message)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "exchanges/s")
}

// mixed returns n exchanges that draw no findings.
func mixed(b *testing.B, n int) []*statute.Exchange {
	b.Helper()
	kinds := plain(b)
	var traffic []*statute.Exchange
	for i := range n {
		x := at(kinds[i%len(kinds)], "shop"+strconv.Itoa(i)+".example") // each alone at its place
		x.Source.Entry = i
		traffic = append(traffic, x)
	}
	return traffic
}
