package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
)

// maxSilent is how many requests without an answer are kept.
const maxSilent = 20

// silence gathers the requests that the server ended the connection at in the
// place of an answer, as it does where it crashes: the first of each operation and
// cause.
type silence struct {
	kept   []*statute.Exchange
	known  map[string]bool
	last   *statute.Exchange // the latest that was answered
	fatal  *statute.Exchange // the first since then that was not
	before int               // how many were kept then
}

func (s *silence) see(x *statute.Exchange) {
	broken := x.Response.Status == 0 && strings.HasPrefix(x.Error, "connection ") // closed or reset
	if x.Response.Status != 0 {
		s.last, s.fatal = x, nil
	}
	if !broken {
		return
	}
	if s.fatal == nil {
		s.fatal, s.before = x, len(s.kept)
	}
	key := statute.OperationOf(x).String()
	if c := x.Case; c != nil {
		switch c.Cause {
		case statute.BadFraming, statute.NoHost, statute.TwoHosts, statute.LongTarget, statute.LongFields, statute.LargeContent:
			return // what cannot be read as a request may be hung up on
		}
		key += string(c.Cause)
	}
	if s.known == nil {
		s.known = map[string]bool{}
	}
	if !s.known[key] && len(s.kept) < maxSilent {
		s.known[key] = true
		s.kept = append(s.kept, x)
	}
}

// report puts what was gathered into a run. If the server was gone at the end, the
// request that it did not survive stands last: the first without an answer, not
// those that went to a dying server after it; the last with one, if there is none.
func (s *silence) report(run *report.Run, gone bool) {
	kept := s.kept
	switch {
	case gone && s.fatal != nil:
		kept = append(slices.Clip(kept[:s.before]), s.fatal)
	case gone && s.last != nil:
		kept = append(slices.Clip(kept), s.last)
	}
	run.Unanswered = kept
	if n := len(s.kept); n > 0 {
		run.Notes = append(run.Notes, fmt.Sprintf("The server ended the connection in the place of an answer to %s, the first to %s: it may have crashed.",
			counted(n, "kind of request", "kinds of requests"), statute.OperationOf(s.kept[0])))
	}
	if gone {
		run.Notes = append(run.Notes, "The server could not be reached any more, and the run ended there. The last request before that stands last among those without an answer.")
	}
}
