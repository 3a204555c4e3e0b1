package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed code_retired.txtar
var docCodeRetired string

var rCodeRetired = &statute.Rule{
	ID:    "code-retired",
	Level: statute.Advice,
	Cite: []statute.Section{
		statute.RFC(9110, "15.4.6"), statute.RFC(9110, "15.4.7"), statute.RFC(9110, "15.5.19"),
		{Doc: "IANA"},
	},
	On:  []int{305, 306, 418, 510},
	Doc: docCodeRetired,
	Check: func(p *statute.Pass) {
		p.Report(statute.Fault{
			Message:  strconv.Itoa(p.Response.Status) + " is " + retired[p.Response.Status],
			Expected: "a code in use",
		})
	},
}

// retired says for each code that is retired what has become of it.
var retired = map[int]string{
	305: "deprecated: clients do not follow it",
	306: "reserved and no longer used",
	418: "reserved and not used",
	510: "obsolete",
}
