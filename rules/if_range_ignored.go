package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed if_range_ignored.txtar
var docIfRangeIgnored string

var rIfRangeIgnored = &statute.Rule{
	ID:    "if-range-ignored",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "13.1.5")},
	On:    []int{206},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docIfRangeIgnored,
	Check: func(p *statute.Pass) {
		condition, ok := p.Request.Fields.Lookup("If-Range")
		if !ok || p.Request.Method != "GET" || !p.Request.Fields.Has("Range") {
			return
		}
		f := statute.Fault{Message: "206 though If-Range names another version", Expected: "200 with the whole"}
		if p.Case != nil && p.Case.Cause == statute.OldPart {
			f.Message = "206 to an If-Range with a false ETag"
		} else if !namesOther(condition, p.Response.Fields) {
			return
		}
		p.Report(f)
	},
}

// namesOther reports whether the condition of an If-Range is false for what a
// 206 is a part of, by the 206's own fields. A date counts only where the
// representation is younger.
func namesOther(condition string, fields statute.Fields) bool {
	if isEntityTag(condition) {
		tag, ok := fields.Lookup("ETag")
		return ok && isEntityTag(tag) && !sameEntityTag(tag, condition)
	}
	date, ok := parseHTTPDate(condition)
	modified, known := parseHTTPDate(fields.Get("Last-Modified"))
	return ok && known && modified.After(date)
}
