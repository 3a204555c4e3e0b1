package rules

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/statute-http/statute"
)

// mayAllocate are the rules that allocate where they find nothing, and why.
var mayAllocate = map[string]string{
	"206-other-range":                "mime/multipart reads multipart/byteranges",
	"206-part-without-content-range": "mime/multipart reads multipart/byteranges",
	"500-for-client-error":           "json.Valid takes its scanner from a pool, which may be empty",
	"problem-malformed":              "json.Valid takes its scanner from a pool, which may be empty",
}

// TestAllocations holds the rules to judge what has no fault without allocating:
// the good examples of all pages that are one exchange of recorded traffic.
func TestAllocations(t *testing.T) {
	const runs = 10
	kinds := plain(t)
	for _, r := range All {
		judge := statute.NewJudge([]*statute.Rule{r})
		if r.Compare != nil { // once the memory is full it allocates no more
			for i := range 10_000 {
				judge.See(at(kinds[0], "full"+strconv.Itoa(i)+".example"))
			}
		}
		worst, on := 0.0, kinds[0]
		for k, x := range kinds {
			var places []*statute.Exchange
			for i := range runs + 1 {
				y := at(x, x.Request.Authority)
				if r.Compare != nil {
					y.Request.Authority = "shop" + strconv.Itoa(k*runs+k+i) + ".example"
				}
				places = append(places, y)
			}
			i := 0
			n := testing.AllocsPerRun(runs, func() {
				judge.See(places[i])
				i++
			})
			if n > worst && len(judge.Verdict().Findings) == 0 { // else another rule silences this one
				worst, on = n, x
			}
		}
		if worst > 0 && mayAllocate[r.ID] == "" {
			t.Errorf("%s allocates %v times on %s %s: %d", r.ID, worst, on.Request.Method, on.Request.Target, on.Response.Status)
		}
	}
}

// at returns a copy of an exchange with another server.
func at(x *statute.Exchange, authority string) *statute.Exchange {
	y := *x
	y.Request.Authority = authority
	return &y
}

// plain returns the good examples of all pages that are one exchange of recorded
// traffic and draw no findings, not even if they are repeated.
func plain(t testing.TB) []*statute.Exchange {
	t.Helper()
	var kinds []*statute.Exchange
	for _, r := range All {
		for _, file := range txtar.Parse([]byte(r.Doc)).Files {
			if !strings.HasPrefix(file.Name, "good: ") {
				continue
			}
			exchanges, err := parseExample(string(file.Data))
			if err != nil {
				t.Fatal(err)
			}
			if len(exchanges) == 1 && exchanges[0].Case == nil && judged(slices.Repeat(exchanges, 2)) == "" {
				kinds = append(kinds, exchanges[0])
			}
		}
	}
	return kinds
}
