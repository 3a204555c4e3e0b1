package report

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// The JSON of every command that judges. Its shape is a contract: fields may
// be added, none renamed.
type jsonRun struct {
	Statute     string           `json:"statute"` // the version of the shape
	Target      string           `json:"target"`
	Summary     jsonSummary      `json:"summary"`
	Notes       []string         `json:"notes,omitempty"`
	Problems    []jsonProblem    `json:"problems,omitempty"` // of the description
	LeftOut     []jsonLeftOut    `json:"left_out"`
	Off         []jsonOff        `json:"off,omitempty"`    // rules switched off, and what they would have found
	Unused      []jsonOff        `json:"unused,omitempty"` // rules switched off that would have found nothing
	Findings    []jsonFinding    `json:"findings"`
	Conventions []jsonConvention `json:"conventions,omitempty"`
	Codes       []jsonCodes      `json:"codes,omitempty"`
	Unreached   []jsonOperation  `json:"unreached,omitempty"`
	Skipped     []jsonOperation  `json:"skipped,omitempty"`
	Unanswered  []jsonSilent     `json:"unanswered,omitempty"`
	LeftBehind  []string         `json:"left_behind,omitempty"` // created, and not known to be deleted
	Made        []jsonMade       `json:"made,omitempty"`
}

type jsonSummary struct {
	Exchanges  int     `json:"exchanges"`
	Operations int     `json:"operations"` // that were tried
	Reached    int     `json:"reached"`
	Must       int     `json:"must"`
	Should     int     `json:"should"`
	Advice     int     `json:"advice"`
	Known      int     `json:"known,omitempty"` // findings that a baseline accepts
	Off        int     `json:"off,omitempty"`   // findings that are switched off
	Requests   int     `json:"requests"`
	Seconds    float64 `json:"seconds"`
}

// jsonMade is what the run made and findings are about: replaying them begins
// with that.
type jsonMade struct {
	Path    string        `json:"path"`              // "" if no path leads to it
	Name    string        `json:"name,omitempty"`    // by which requests ask for it then
	Deleted bool          `json:"deleted,omitempty"` // by a DELETE of that path, or by End
	By      jsonExchange  `json:"by"`
	End     *jsonExchange `json:"end,omitempty"`
}

// jsonSilent is a request without an answer.
type jsonSilent struct {
	Replay   string       `json:"replay"`
	Exchange jsonExchange `json:"exchange"`
}

type jsonProblem struct {
	Line    int    `json:"line,omitempty"`
	Message string `json:"message"`
}

type jsonLeftOut struct {
	Rule      string `json:"rule"`
	Exchanges int    `json:"exchanges"`
	Why       string `json:"why"`
}

type jsonOff struct {
	Rule   string `json:"rule"`
	Route  string `json:"route,omitempty"`
	Code   int    `json:"code,omitempty"`
	Reason string `json:"reason"`
	Count  int    `json:"count"` // findings, by operation and code
}

// jsonConvention is a choice of the API where several answers are right.
type jsonConvention struct {
	Name     string       `json:"name"`
	Server   string       `json:"server,omitempty"`
	Rule     string       `json:"rule"`
	Declared bool         `json:"declared,omitempty"` // by the API; else inferred
	Choices  []jsonChoice `json:"choices"`            // the API's own first
}

type jsonChoice struct {
	Answer     string   `json:"answer"`
	Operations []string `json:"operations"`
}

type jsonFinding struct {
	Rule         string            `json:"rule"`
	Level        statute.Level     `json:"level"`
	Confidence   string            `json:"confidence"` // "certain" or "likely"
	Operation    string            `json:"operation"`
	Method       string            `json:"method"`
	Path         string            `json:"path"`
	Status       int               `json:"status"`
	Expected     string            `json:"expected,omitempty"`
	Cause        statute.Cause     `json:"cause,omitempty"`
	Message      string            `json:"message"`
	Documented   bool              `json:"documented,omitempty"`
	Once         bool              `json:"once,omitempty"`
	Cite         string            `json:"cite"`
	URL          string            `json:"url"`
	Fix          string            `json:"fix"`
	Replay       string            `json:"replay"`
	Count        int               `json:"count"`
	Operations   []string          `json:"operations"`
	Servers      [][]string        `json:"servers,omitempty"` // that show it, of each of the operations, where several are judged
	Fingerprints map[string]string `json:"fingerprints"`
	Entries      []int             `json:"entries"`
	Sources      []jsonEntries     `json:"sources,omitempty"` // the entries by their files, where these are several
	Places       []jsonPlace       `json:"places,omitempty"`  // of the operations, where the description alone shows the fault
	Exchanges    []jsonExchange    `json:"exchanges"`
}

type jsonEntries struct {
	File    string `json:"file"`
	Entries []int  `json:"entries"`
}

type jsonPlace struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
}

type jsonCodes struct {
	Operation string      `json:"operation"` // "" for all that were not counted apart
	Codes     map[int]int `json:"codes"`     // answers by code; 0 for none
}

type jsonOperation struct {
	Operation string        `json:"operation"`
	Why       string        `json:"why,omitempty"`
	Last      *jsonExchange `json:"last,omitempty"`
}

type jsonExchange struct {
	Source    jsonSource     `json:"source"`
	Operation string         `json:"operation,omitempty"`
	Cause     statute.Cause  `json:"cause,omitempty"`
	Detail    string         `json:"detail,omitempty"`
	In        string         `json:"in,omitempty"`        // where the cause lies: "path", "query", "header", "body", "tls"
	Control   *int           `json:"control,omitempty"`   // the entry that it is compared with
	Elsewhere *int           `json:"elsewhere,omitempty"` // the entry that tells of the principal
	Principal string         `json:"principal,omitempty"`
	Declared  *jsonDeclared  `json:"declared,omitempty"` // by the description
	Started   *time.Time     `json:"started,omitempty"`
	Seconds   float64        `json:"seconds,omitempty"`
	Request   jsonMessage    `json:"request"`
	Interim   []jsonMessage  `json:"interim,omitempty"`
	Response  *jsonMessage   `json:"response"` // null if none came
	Error     string         `json:"error,omitempty"`
	Before    []jsonExchange `json:"before,omitempty"` // others that belong to the proof
	After     []jsonExchange `json:"after,omitempty"`
}

type jsonDeclared struct {
	Responses []string `json:"responses,omitempty"`
	Secured   bool     `json:"secured,omitempty"`
	Inherited bool     `json:"inherited,omitempty"`
}

type jsonSource struct {
	File  string `json:"file,omitempty"`
	Entry int    `json:"entry"`
	Line  int    `json:"line,omitempty"`
}

// jsonMessage is a request (with a method and a URL) or a response (with a
// status).
type jsonMessage struct {
	Method      string      `json:"method,omitempty"`
	URL         string      `json:"url,omitempty"`
	Status      int         `json:"status,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	HTTPVersion string      `json:"http_version,omitempty"`
	Headers     []jsonField `json:"headers"`
	Trailers    []jsonField `json:"trailers,omitempty"`
	Body        string      `json:"body,omitempty"`
	Row         *jsonRow    `json:"row,omitempty"`      // left out of the body
	Encoding    string      `json:"encoding,omitempty"` // "base64" for a body that is not valid UTF-8
	BodySize    int64       `json:"body_size"`
	Cut         bool        `json:"cut,omitempty"` // the body is not the whole
}

// jsonRow is one character many times over, and where in the body it stands.
type jsonRow struct {
	At    int    `json:"at"` // bytes before it
	Text  string `json:"text"`
	Times int    `json:"times"`
}

// minRow is how long a row must be to be left out of a body.
const minRow = 4 << 10

// maxBeside is how much content is kept of the answers that stand beside the first
// that shows a fault.
const maxBeside = 16 << 10

type jsonField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// writeJSON writes the run as one JSON object.
func writeJSON(w io.Writer, v *view, _ Screen) error {
	out := jsonRun{
		Statute: "1",
		Target:  v.Target,
		Summary: jsonSummary{
			Exchanges: v.Exchanges, Operations: v.Tried, Reached: v.Reached,
			Must: v.Levels[statute.Must], Should: v.Levels[statute.Should], Advice: v.Levels[statute.Advice],
			Requests: v.Requests, Seconds: v.Elapsed.Round(time.Millisecond).Seconds(),
		},
		Notes:      v.Notes,
		LeftOut:    []jsonLeftOut{},
		Findings:   []jsonFinding{},
		Unreached:  jsonOperations(v.Unreached),
		Skipped:    jsonOperations(v.Skipped),
		LeftBehind: v.Leftover,
	}
	for _, p := range v.Problems {
		out.Problems = append(out.Problems, jsonProblem(p))
	}
	for _, l := range v.Rules {
		out.LeftOut = append(out.LeftOut, jsonLeftOut{l.Rule.ID, l.Exchanges, l.Why})
	}
	for _, k := range v.Kept {
		if k.Known {
			out.Summary.Known++
		} else {
			out.Summary.Off++
		}
	}
	for _, o := range v.Off {
		off := jsonOff{o.Rule, o.Route, o.Code, o.Reason, len(o.Faults)}
		if off.Count > 0 {
			out.Off = append(out.Off, off)
		} else {
			out.Unused = append(out.Unused, off)
		}
	}
	for _, c := range v.Conventions {
		convention := jsonConvention{Name: c.Rule.Convention, Server: c.Server, Rule: c.Rule.ID, Declared: c.Declared}
		for _, choice := range c.Choices {
			convention.Choices = append(convention.Choices, jsonChoice{choice.Name, names(choice.Operations)})
		}
		out.Conventions = append(out.Conventions, convention)
	}
	for _, c := range v.Codes {
		out.Codes = append(out.Codes, jsonCodes{c.Operation.String(), c.Codes})
	}
	for _, m := range v.Made {
		made := jsonMade{Path: m.Path, Name: m.Name, Deleted: m.Deleted, By: newJSONExchange(m.By)}
		if m.End != nil {
			end := newJSONExchange(m.End)
			made.End = &end
		}
		out.Made = append(out.Made, made)
	}
	for _, x := range v.Unanswered {
		out.Unanswered = append(out.Unanswered, jsonSilent{x.Replay, newJSONExchange(x.Exchange)})
	}
	for _, f := range v.Findings {
		out.Findings = append(out.Findings, newJSONFinding(f))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func newJSONFinding(f finding) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule.ID, Level: f.Level, Confidence: f.Confidence.String(),
		Operation: f.Operation.String(), Method: f.Operation.Method, Path: f.Path, Status: f.Status,
		Expected: f.Expected, Cause: f.Cause, Message: f.Message,
		Documented: f.Documented, Once: f.Rule.Once, Fix: f.Rule.Fix(), Replay: f.Replay(),
		Count: f.Count, Fingerprints: f.Marks, Entries: f.Entries, Sources: newJSONSources(f.Finding),
		Operations: names(f.Operations), Servers: f.Servers, Exchanges: []jsonExchange{},
	}
	if cite := f.cite(); cite.Doc != "" {
		out.Cite, out.URL = cite.String(), cite.URL()
	}
	for _, place := range f.Places {
		out.Places = append(out.Places, jsonPlace(place))
	}
	for i, e := range f.Evidence {
		x := beside(e.Exchange)
		if i == 0 {
			x = newJSONExchange(e.Exchange)
		}
		for _, before := range e.Before {
			x.Before = append(x.Before, beside(before))
		}
		for _, after := range e.After {
			x.After = append(x.After, beside(after))
		}
		out.Exchanges = append(out.Exchanges, x)
	}
	if len(f.Evidence) > 0 {
		out.Method = f.Evidence[0].Request.Method // that of a HEAD or of an undeclared method is not the operation's
	}
	return out
}

// newJSONSources returns the entries of each file in the order seen; nil if there
// is but one file.
func newJSONSources(f *statute.Finding) []jsonEntries {
	if len(f.Files) < 2 {
		return nil
	}
	var out []jsonEntries
	entries := f.Entries
	for _, span := range f.Files {
		i := slices.IndexFunc(out, func(e jsonEntries) bool { return e.File == span.File })
		if i < 0 {
			i = len(out)
			out = append(out, jsonEntries{File: span.File})
		}
		out[i].Entries = append(out[i].Entries, entries[:span.Entries]...)
		entries = entries[span.Entries:]
	}
	return out
}

// names returns the names of operations.
func names(all []statute.Operation) []string {
	out := []string{}
	for _, o := range all {
		out = append(out, o.String())
	}
	return out
}

func jsonOperations(outcomes []statute.Outcome) []jsonOperation {
	var out []jsonOperation
	for _, o := range outcomes {
		op := jsonOperation{Operation: o.Operation.String(), Why: o.Why}
		if o.Last != nil {
			last := newJSONExchange(o.Last)
			op.Last = &last
		}
		out = append(out, op)
	}
	return out
}

func newJSONExchange(x *statute.Exchange) jsonExchange {
	out := jsonExchange{
		Source:    jsonSource(x.Source),
		Operation: x.Operation.String(),
		Seconds:   x.Took.Seconds(),
		Request:   newJSONMessage(x.Request.Proto, x.Request.Fields, nil, x.Request.Body),
		Error:     x.Error,
	}
	out.Request.Method, out.Request.URL = x.Request.Method, x.Request.URL()
	if !x.Start.IsZero() {
		out.Started = &x.Start
	}
	if c := x.Case; c != nil {
		out.Cause, out.Detail, out.In, out.Principal = c.Cause, c.Detail, c.In, string(c.Principal)
		if c.Control != nil {
			out.Control = &c.Control.Source.Entry
		}
		if c.Elsewhere != nil {
			out.Elsewhere = &c.Elsewhere.Source.Entry
		}
	}
	if x.Declared != nil {
		out.Declared = &jsonDeclared{x.Declared.Responses, x.Declared.Secured, x.Declared.Inherited}
	}
	for _, r := range x.Interim {
		out.Interim = append(out.Interim, newJSONResponse(r))
	}
	if x.Response.Status != 0 {
		response := newJSONResponse(x.Response)
		out.Response = &response
	}
	return out
}

// beside writes an exchange that belongs to a proof down, of a long answer the
// beginning.
func beside(x *statute.Exchange) jsonExchange {
	if content := x.Response.Body.Bytes; len(content) > maxBeside {
		brief := *x
		end := maxBeside
		for end > 0 && !utf8.RuneStart(content[end]) {
			end--
		}
		brief.Response.Body.Bytes, brief.Response.Body.Cut = content[:end], true
		x = &brief
	}
	return newJSONExchange(x)
}

func newJSONResponse(r statute.Response) jsonMessage {
	out := newJSONMessage(r.Proto, r.Fields, r.Trailer, r.Body)
	out.Status, out.Reason = r.Status, r.Reason
	return out
}

func newJSONMessage(proto string, fields, trailer statute.Fields, body statute.Body) jsonMessage {
	out := jsonMessage{HTTPVersion: proto, Headers: []jsonField{}, BodySize: body.Size, Cut: body.Cut}
	for _, f := range fields {
		out.Headers = append(out.Headers, jsonField(f))
	}
	for _, f := range trailer {
		out.Trailers = append(out.Trailers, jsonField(f))
	}
	if start, length := longestRow(string(body.Bytes)); length >= minRow && body.Bytes[start] < utf8.RuneSelf {
		out.Row = &jsonRow{start, string(body.Bytes[start : start+1]), length}
		body.Bytes = slices.Delete(slices.Clone(body.Bytes), start, start+length)
	}
	if utf8.Valid(body.Bytes) {
		out.Body = string(body.Bytes)
	} else {
		out.Body, out.Encoding = base64.StdEncoding.EncodeToString(body.Bytes), "base64"
	}
	return out
}
