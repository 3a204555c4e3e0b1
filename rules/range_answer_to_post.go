package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed range_answer_to_post.txtar
var docRangeAnswerToPost string

var rRangeAnswerToPost = &statute.Rule{
	ID:    "range-answer-to-post",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.3"), statute.RFC(9110, "14.2")},
	On:    []int{206, 416},
	Needs: statute.SeenRequestFields,
	Over: []string{
		"206-without-content-range", "206-without-range-request", "206-other-range", "206-length-mismatch",
		"416-without-range", "416-without-content-range",
	},
	Doc: docRangeAnswerToPost,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "POST" || p.Request.Fields.Has("Content-Range") {
			return
		}
		f := statute.Fault{
			Message:  strconv.Itoa(p.Response.Status) + " to POST, for which Range means nothing",
			Expected: "200 or 201",
		}
		if p.Response.Status == 416 {
			f.Expected = "400 or 422"
			if p.Request.Fields.Has("Range") {
				f.Expected = "as without Range"
			}
		}
		p.Report(f)
	},
}
