package report

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// maxReport is how many bytes a report that is read may have, with all that was
// left out of its bodies.
const maxReport = 256 << 20

// Misfit says in the words of JSON what encoding/json says in those of Go: that a
// value is of the wrong kind. Any other error stays as it is.
func Misfit(err error) error {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return err
	case wrong.Field == "":
		return errors.New("it is a JSON " + wrong.Value)
	}
	return fmt.Errorf("%s is a JSON %s", wrong.Field, wrong.Value)
}

// Read reads a JSON report as far as it tells how its findings are seen again:
// Target, Made and Verdict. A finding whose rule is not among those given has one
// that is nothing but its ID.
func Read(r io.Reader, rules []*statute.Rule) (*Run, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxReport {
		return nil, fmt.Errorf("it has more than %d bytes", maxReport)
	}
	var in jsonRun
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("it is no JSON report: %w", Misfit(err))
	}
	if in.Statute != "1" {
		return nil, errors.New("it is no JSON report of Statute")
	}
	size := len(data)
	for _, m := range in.Made {
		size += m.By.leftOut() + m.End.leftOut()
	}
	for _, f := range in.Findings {
		for i := range f.Exchanges {
			size += f.Exchanges[i].leftOut()
		}
	}
	if size > maxReport {
		return nil, fmt.Errorf("it has more than %d bytes", maxReport)
	}
	run := &Run{Target: in.Target, Verdict: &statute.Verdict{}}
	for _, m := range in.Made {
		by, err := m.By.exchange()
		if err != nil {
			return nil, fmt.Errorf("what made %s: %w", cmp.Or(m.Path, m.Name), err)
		}
		made := Made{Path: m.Path, Name: m.Name, By: by, Deleted: m.Deleted}
		if m.End != nil {
			if made.End, err = m.End.exchange(); err != nil {
				return nil, fmt.Errorf("what deleted %s: %w", cmp.Or(m.Path, m.Name), err)
			}
		}
		run.Made = append(run.Made, made)
	}
	for i, f := range in.Findings {
		finding, err := f.finding(rules)
		if err != nil {
			return nil, fmt.Errorf("finding %d: %w", i+1, err)
		}
		run.Verdict.Findings = append(run.Verdict.Findings, finding)
	}
	return run, nil
}

// leftOut returns how many bytes were left out of the bodies of an exchange and of
// those beside it, far too many for some that cannot be.
func (x *jsonExchange) leftOut() int {
	if x == nil {
		return 0
	}
	size := x.Request.Row.size()
	if x.Response != nil {
		size += x.Response.Row.size()
	}
	for _, all := range [][]jsonExchange{x.Before, x.After} {
		for i := range all {
			size += all[i].leftOut()
		}
	}
	return size
}

func (r *jsonRow) size() int {
	switch {
	case r == nil:
		return 0
	case len(r.Text) != 1 || r.Times < 0 || r.Times > maxReport:
		return maxReport + 1
	}
	return r.Times
}

func (f *jsonFinding) finding(rules []*statute.Rule) (*statute.Finding, error) {
	out := &statute.Finding{
		Rule: &statute.Rule{ID: f.Rule}, Level: f.Level, Operation: operationOf(f.Operation), Path: f.Path, Status: f.Status,
		Cause: f.Cause, Message: f.Message, Expected: f.Expected, Count: f.Count, Entries: f.Entries, Marks: f.Fingerprints,
	}
	for _, r := range rules {
		if r.ID == f.Rule {
			out.Rule = r
		}
	}
	for _, name := range f.Operations {
		out.Operations = append(out.Operations, operationOf(name))
	}
	for _, x := range f.Exchanges {
		e, err := x.evidence()
		if err != nil {
			return nil, err
		}
		out.Evidence = append(out.Evidence, e)
	}
	return out, nil
}

// evidence reads a proof. Its exchanges know each other by their entries.
func (x *jsonExchange) evidence() (statute.Evidence, error) {
	type pair struct {
		x  *statute.Exchange
		in *jsonExchange
	}
	var all []pair
	var failed error
	read := func(list []jsonExchange) []*statute.Exchange {
		var out []*statute.Exchange
		for i := range list {
			y, err := list[i].exchange()
			failed = errors.Join(failed, err)
			all = append(all, pair{y, &list[i]})
			out = append(out, y)
		}
		return out
	}
	e := statute.Evidence{Before: read(x.Before)}
	e.Exchange = read([]jsonExchange{*x})[0]
	e.After = read(x.After)
	if failed != nil {
		return e, failed
	}
	at := func(entry *int) *statute.Exchange {
		for _, p := range all {
			if entry != nil && p.in.Source.Entry == *entry {
				return p.x
			}
		}
		return nil
	}
	for _, p := range all {
		if c := p.x.Case; c != nil {
			c.Control, c.Elsewhere = at(p.in.Control), at(p.in.Elsewhere)
		}
	}
	return e, nil
}

func (x *jsonExchange) exchange() (*statute.Exchange, error) {
	out := &statute.Exchange{
		Source: statute.Source(x.Source), Seen: statute.SeenAll, Operation: operationOf(x.Operation), Error: x.Error,
		Request: statute.Request{Method: x.Request.Method, Proto: x.Request.HTTPVersion, Fields: fieldsOf(x.Request.Headers)},
	}
	if x.Cause != "" || x.Principal != "" {
		out.Case = &statute.Case{Cause: x.Cause, In: x.In, Detail: x.Detail, Principal: statute.Principal(x.Principal)}
	}
	if x.Declared != nil {
		out.Declared = &statute.Declared{Responses: x.Declared.Responses, Secured: x.Declared.Secured, Inherited: x.Declared.Inherited}
	}
	if err := splitURL(&out.Request, x.Request.URL); err != nil {
		return nil, err
	}
	var err error
	if out.Request.Body, err = x.Request.content(); err != nil {
		return nil, fmt.Errorf("the request of entry %d: %w", x.Source.Entry, err)
	}
	if r := x.Response; r != nil {
		out.Response = statute.Response{
			Status: r.Status, Reason: r.Reason, Proto: r.HTTPVersion, Fields: fieldsOf(r.Headers), Trailer: fieldsOf(r.Trailers),
		}
		if out.Response.Body, err = r.content(); err != nil {
			return nil, fmt.Errorf("the answer of entry %d: %w", x.Source.Entry, err)
		}
	}
	return out, nil
}

// splitURL takes apart what [statute.Request.URL] has put together.
func splitURL(r *statute.Request, text string) error {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme != "http" && scheme != "https" {
		r.Target = text
		return nil
	}
	authority, _, _ := strings.Cut(rest, "/")
	authority, _, _ = strings.Cut(authority, "?")
	if _, err := url.Parse(scheme + "://" + authority); err != nil {
		return fmt.Errorf("the URL %q: %w", text, err)
	}
	r.Scheme, r.Authority, r.Target = scheme, authority, rest[len(authority):]
	if r.Method == "OPTIONS" && r.Target == "/*" {
		r.Target = "*"
	}
	return nil
}

func (m *jsonMessage) content() (statute.Body, error) {
	content := []byte(m.Body)
	if m.Encoding == "base64" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(m.Body); err != nil {
			return statute.Body{}, err
		}
	}
	if row := m.Row; row != nil {
		if row.At < 0 || row.At > len(content) {
			return statute.Body{}, fmt.Errorf("nothing was left out at byte %d of its body", row.At)
		}
		content = slices.Insert(content, row.At, bytes.Repeat([]byte(row.Text), row.Times)...)
	}
	return statute.Body{Bytes: content, Size: m.BodySize, Cut: m.Cut}, nil
}

func fieldsOf(lines []jsonField) statute.Fields {
	var out statute.Fields
	for _, f := range lines {
		out = append(out, statute.Field(f))
	}
	return out
}

func operationOf(name string) statute.Operation {
	method, path, _ := strings.Cut(name, " ")
	return statute.Operation{Method: method, Path: path}
}
