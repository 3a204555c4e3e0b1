package rules

import "github.com/statute-http/statute"

// Failed reports whether the content of a 2xx says that the request failed, by
// the rule that reports it: such an answer is no success to build on.
func Failed(x *statute.Exchange) bool {
	judge := statute.NewJudge([]*statute.Rule{r200WithErrorBody})
	judge.See(x)
	return len(judge.Verdict().Findings) > 0
}
