package rules

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

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
	var kinds []*statute.Exchange
	for _, r := range All {
		for _, file := range txtar.Parse([]byte(r.Doc)).Files {
			if !strings.HasPrefix(file.Name, "good: ") {
				continue
			}
			exchanges, err := parseExample(string(file.Data))
			if err != nil {
				b.Fatal(err)
			}
			if len(exchanges) == 1 && exchanges[0].Case == nil && judged(slices.Repeat(exchanges, 2)) == "" {
				kinds = append(kinds, exchanges[0])
			}
		}
	}
	var traffic []*statute.Exchange
	for i := range n {
		x := *kinds[i%len(kinds)]
		x.Source.Entry = i
		x.Request.Authority = "shop" + strconv.Itoa(i) + ".example" // each alone at its place
		traffic = append(traffic, &x)
	}
	return traffic
}
