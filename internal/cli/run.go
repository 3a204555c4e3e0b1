package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// run checks an API and has every answer judged. The error says that the answers
// tell nothing about the API or, if there is a run all the same, that it had to
// end before its time.
func (a *app) run(ctx context.Context, t *target, l *login, config check.Config, judge *judging) (*report.Run, error) {
	if t.description != nil {
		l.schemes(t.description)
	}
	judge.redactor = a.console.keep(l.secrets())
	config.Description, config.Base = t.description, t.base
	l.give(&config)
	config.Secret = judge.redactor.Learn
	if judge.shrinks {
		config.Proofs = judge.proofs
	}
	config.Announce = func(methods []string) {
		stays := ""
		if !slices.Contains(methods, "DELETE") {
			stays = "; without DELETE, what it makes stays there"
		}
		a.console.say("writing to %s with %s%s", t.base, strings.Join(methods, ", "), stays)
	}
	config.Progress = func(p check.Progress) {
		a.console.status(fmt.Sprintf("%d of %d operations  %d requests  %s", p.Done, p.All, p.Requests, p.Operation))
	}
	said := make(chan struct{})
	quiet := context.AfterFunc(ctx, func() {
		defer close(said)
		a.console.say("interrupted: cleaning up (once more ends it at once)")
	})
	defer func() {
		if !quiet() {
			<-said
		}
	}()
	config.Failed = rules.Failed
	run := &report.Run{Target: t.base.String()}
	answers, failure := 0, ""
	var same sameness
	var silent silence
	result, broken := check.Run(ctx, config, func(x *statute.Exchange) {
		judge.see(x)
		run.Count(x)
		same.see(x)
		silent.see(x)
		if x.Response.Status != 0 {
			answers++
		} else {
			failure = x.Error
		}
	})
	a.console.status("")
	if broken != nil {
		broken = hint(fmt.Errorf("checking %s: %w", t.base, broken), "curl -i %s", word(t.base))
		if answers == 0 {
			return nil, broken
		}
	} else if err := unusable(result, answers, failure, t, l); err != nil {
		return nil, err
	}
	run.Requests, run.Elapsed = result.Requests, result.Elapsed
	run.Operations, run.Leftover = result.Operations, result.Leftover
	judge.finish(run, broken == nil && result.Ended == "")
	for _, m := range check.About(result.Made, proofs(run.Verdict)) {
		run.Made = append(run.Made, report.Made(m))
	}
	run.Resting = map[*statute.Exchange]bool{}
	for _, f := range run.Verdict.Findings {
		for _, e := range f.Evidence {
			run.Resting[e.Exchange] = check.Rests(result.Made, e.Exchange)
		}
	}
	run.Credentials = l.named()
	if d := t.description; d != nil {
		describedBy(run, d)
	} else {
		run.Notes = append(run.Notes, "No description of the API was found, so its address was checked as one GET operation. "+
			"With one (statute check openapi.yaml --url "+t.base.String()+") every operation is tried: "+
			"without credentials, with unknown ids, with invalid content.")
	}
	if note := same.note(); note != "" {
		run.Notes = append(run.Notes, note)
	}
	if result.Refused > 0 && !l.known() {
		run.Notes = append(run.Notes, counted(result.Refused, "operation", "operations")+" answered 401 or 403: no credentials were given (--auth).")
	}
	for _, version := range result.Unspoken {
		run.Notes = append(run.Notes, "The server does not speak "+version+" on this port: nothing was compared with it.")
	}
	if result.Ended != "" {
		run.Notes = append(run.Notes, "The run ended before its time, "+result.Ended+": what is not reported here was not looked for.")
	}
	if result.Limited > 0 {
		run.Notes = append(run.Notes, fmt.Sprintf("The server limited the run's requests: 429 was the answer to %d of them.", result.Limited))
	}
	if result.Burst != "" {
		run.Notes = append(run.Notes, result.Burst)
	}
	silent.report(run, broken != nil)
	return run, broken
}

// sameness tells an API that answers everything with one and the same success.
type sameness struct {
	codes   map[int]int // answers by code
	unknown int         // the code to a path that does not exist
}

func (s *sameness) see(x *statute.Exchange) {
	if s.codes == nil {
		s.codes = map[int]int{}
	}
	s.codes[x.Response.Status]++
	if x.Case != nil && x.Case.Cause == statute.UnknownPath { // a 429 has none
		s.unknown = x.Response.Status
	}
}

// note returns what is to be said before all findings of such an API, which have
// one cause; "" of any other.
func (s *sameness) note() string {
	all := 0
	for _, n := range s.codes {
		all += n
	}
	n := s.codes[s.unknown]
	if s.unknown/100 != 2 || n < 10 || 5*n < 4*all { // the few others may be of the HTTP parser
		return ""
	}
	return fmt.Sprintf("%d is the answer to %d of %d requests, also for paths that do not exist: most of what follows has that one cause.", s.unknown, n, all)
}

// unusable returns an error if the answers of a run tell nothing about the API.
func unusable(result *check.Result, answers int, failure string, t *target, l *login) error {
	reached, tried := statute.Reach(result.Operations)
	switch {
	case result.Ended != "":
		return nil
	case tried == 0 && len(result.Operations) > 0:
		return hint(fmt.Errorf("all %d operations were left out: %s", len(result.Operations), result.Operations[0].Why),
			"statute check --help")
	case result.Requests > 0 && answers == 0:
		return hint(fmt.Errorf("%s gives no answer: %s", t.base, failure), "curl -i %s", word(t.base))
	case l.known() && result.Refused > 0 && result.Admitted == 0:
		err := fmt.Errorf("%s answered 401 or 403, and none that demands credentials answered with success: credentials?",
			counted(result.Refused, "operation", "operations"))
		if len(l.credentials) == 0 { // they came from a log-in, or are a certificate
			return hint(err, "curl -i %s", word(t.base))
		}
		return hint(err, "curl -i %s -H '%s: ...'", word(t.base), l.credentials[0].Name)
	case !l.known() && result.Refused > 0 && reached == 0:
		return hint(fmt.Errorf("%s answered 401 or 403, and no credentials were given", counted(result.Refused, "operation", "operations")),
			"%s", withCredentials(t))
	}
	return nil
}

// withCredentials returns the command that gives what most operations of the
// description demand: a token, where it does not say.
func withCredentials(t *target) string {
	d := t.description
	if d == nil {
		d = &openapi.Description{}
	}
	demands, most := map[string]int{}, ""
	for _, op := range d.Operations {
		for _, name := range slices.Concat(op.Security...) {
			if demands[name]++; demands[name] > demands[most] {
				most = name
			}
		}
	}
	before, credential := "", "Authorization: Bearer $TOKEN"
	switch s := d.Schemes[most]; {
	case s.Type == "http" && strings.EqualFold(s.Scheme, "basic"):
		before, credential = `BASIC=$(printf %s "user:$PASSWORD" | base64) `, "Authorization: Basic $BASIC"
	case s.Type == "apiKey" && s.In == "query":
		credential = "?" + s.Name + "=$API_KEY"
	case s.Type == "apiKey" && s.In == "cookie":
		credential = "Cookie: " + s.Name + "=$SESSION"
	case s.Type == "apiKey":
		credential = s.Name + ": $API_KEY"
	}
	return before + "statute check " + word(t.base) + " --auth " + report.Quote(credential)
}

// nothingReached returns an error if not one operation answered with success,
// for then the report cannot say much.
func nothingReached(run *report.Run) error {
	reached, tried := statute.Reach(run.Operations)
	if reached > 0 || tried == 0 {
		return nil
	}
	err := fmt.Errorf("none of the %d operations answered with success: is %s the right base URL?", tried, run.Target)
	if tried == 1 {
		err = errors.New("the one operation that was tried did not answer with success: see its last answer in the report")
	}
	return hint(err, "statute check --help")
}
