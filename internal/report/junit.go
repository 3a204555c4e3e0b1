package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/statute-http/statute"
)

// The JUnit report has one test case for each operation, so that its tests keep
// their names from run to run whatever is found. A case holds at most one
// failure, because many viewers show the first alone.
type junitSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Errors   int      `xml:"errors,attr"`
	Time     string   `xml:"time,attr"` // in seconds
	Suite    junitSuite
}

type junitSuite struct {
	XMLName  xml.Name `xml:"testsuite"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Errors   int      `xml:"errors,attr"`
	Time     string   `xml:"time,attr"`
	Cases    []*junitCase
	Out      *junitText `xml:"system-out"`
}

type junitCase struct {
	XMLName   xml.Name      `xml:"testcase"`
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	Time      string        `xml:"time,attr"`
	Skipped   *junitSkipped `xml:"skipped"`
	Failure   *junitFailure `xml:"failure"`
	Out       *junitText    `xml:"system-out"` // advice, and what is known or switched off
}

type junitText struct {
	Text string `xml:",cdata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"` // the rule
	Text    string `xml:",cdata"`
}

// wholeServer is the case of the rules that speak once for all operations.
const wholeServer = "the whole server"

// writeJUnit writes the run as test results: what is at or above should fails
// its operation, advice goes with the operation's output, and an operation that
// was not reached is skipped. So is none for what a baseline accepts or the user
// has switched off, because it was tested all the same: its output names that.
func writeJUnit(w io.Writer, v *view, _ Screen) error {
	suite := junitSuite{Name: Escape(v.Target), Time: fmt.Sprintf("%.3f", v.Elapsed.Seconds()), Out: junitNotes(v)}
	cases := map[string]*junitCase{}
	at := func(o string) *junitCase {
		c := cases[o]
		if c == nil {
			c = &junitCase{Name: Escape(o), ClassName: "statute", Time: "0"}
			cases[o] = c
			suite.Cases = append(suite.Cases, c)
		}
		return c
	}
	for _, o := range v.Outcomes {
		c := at(o.Operation.String())
		switch o.State {
		case statute.Unreached:
			c.Skipped = &junitSkipped{Escape("not reached" + fate(o))}
		case statute.Skipped:
			c.Skipped = &junitSkipped{Escape(o.Why)}
		}
	}
	if v.Outcomes == nil {
		for _, c := range v.Codes {
			if !v.rest(c) {
				at(nameOf(c.Operation))
			}
		}
	}
	for _, f := range v.Findings {
		if f.Rule.Once {
			at(wholeServer).add(f)
			continue
		}
		for _, o := range f.Operations {
			at(nameOf(o)).add(f.at(o))
		}
	}
	for _, k := range v.Kept {
		name := nameOf(k.Operation)
		if k.Rule.Once {
			name = wholeServer
		}
		at(name).say(Escape(k.String()) + "\n")
	}
	suite.Tests = len(suite.Cases)
	for _, c := range suite.Cases {
		switch {
		case c.Failure != nil:
			suite.Failures++
			c.Skipped = nil
		case c.Skipped != nil:
			suite.Skipped++
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	err := enc.Encode(junitSuites{
		Name: "statute", Tests: suite.Tests, Failures: suite.Failures, Skipped: suite.Skipped, Time: suite.Time, Suite: suite,
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

// add adds a finding of the operation.
func (c *junitCase) add(f finding) {
	var text strings.Builder
	p := &printer{w: bufio.NewWriter(&text)}
	p.finding(f)
	p.w.Flush() // into memory: it cannot fail
	switch {
	case f.Level < statute.Should:
		c.say(text.String())
	case c.Failure == nil:
		c.Failure = &junitFailure{Message: Escape(f.Message), Type: f.Rule.ID, Text: text.String()}
	default:
		c.Failure.Text += text.String()
	}
}

// say adds to the output.
func (c *junitCase) say(text string) {
	if c.Out == nil {
		c.Out = &junitText{}
	}
	c.Out.Text += text
}

// junitNotes returns what belongs to no operation, a line each; nil if there is
// nothing.
func junitNotes(v *view) *junitText {
	var b strings.Builder
	for _, note := range v.Notes {
		b.WriteString(Escape(note) + "\n")
	}
	for _, p := range v.Problems {
		b.WriteString(Escape(p.String()) + "\n")
	}
	for _, left := range v.Leftover {
		b.WriteString(Escape("not known to be deleted: "+left) + "\n")
	}
	if b.Len() == 0 {
		return nil
	}
	return &junitText{b.String()}
}
