package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed put_created_without_201.txtar
var docPutCreatedWithout201 string

var rPutCreatedWithout201 = &statute.Rule{
	ID:    "put-created-without-201",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.4"), statute.RFC(9110, "15.3.2")},
	On:    []int{200},
	Needs: statute.SeenRequestFields,
	Doc:   docPutCreatedWithout201,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		before, put, ok := aroundWrite(p)
		if !ok || put.Request.Method != "PUT" || put.Response.Status != 200 && put.Response.Status != 204 {
			return
		}
		if before.Response.Status != 404 && before.Response.Status != 410 {
			return
		}
		p.Report(statute.Fault{
			Message:  strconv.Itoa(put.Response.Status) + " to a PUT that created the resource",
			Expected: "201",
			Before:   []*statute.Exchange{before, put},
			At:       put,
		})
	},
}
