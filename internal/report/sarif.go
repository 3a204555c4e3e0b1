package report

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// The part of SARIF 2.1.0 (OASIS, errata 01) that is written. Names are those of
// the standard.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
	ColumnKind  string            `json:"columnKind"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string             `json:"id"`
	Name                 string             `json:"name"`
	ShortDescription     sarifText          `json:"shortDescription"`
	FullDescription      sarifText          `json:"fullDescription"`
	Help                 sarifText          `json:"help"`
	HelpURI              string             `json:"helpUri,omitempty"`
	DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	Properties           sarifTags          `json:"properties"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifTags struct {
	Tags []string `json:"tags"`
}

type sarifInvocation struct {
	ExecutionSuccessful        bool                `json:"executionSuccessful"`
	ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Level               string            `json:"level"`
	Message             sarifText         `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	WebRequest          *sarifRequest     `json:"webRequest,omitempty"`
	WebResponse         *sarifResponse    `json:"webResponse,omitempty"`
	Properties          sarifProperties   `json:"properties"`
}

type sarifProperties struct {
	Confidence string        `json:"confidence,omitempty"`
	Cause      statute.Cause `json:"cause,omitempty"`
	Expected   string        `json:"expected,omitempty"`
	Documented bool          `json:"documented,omitempty"`
	Cite       string        `json:"cite,omitempty"`
	Fix        string        `json:"fix,omitempty"`
	Replay     string        `json:"replay,omitempty"`
}

type sarifLocation struct {
	PhysicalLocation sarifPhysical  `json:"physicalLocation"`
	LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifRequest struct {
	Protocol string            `json:"protocol"`
	Version  string            `json:"version,omitempty"`
	Method   string            `json:"method,omitempty"`
	Target   string            `json:"target,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	Body     *sarifContent     `json:"body,omitempty"`
}

type sarifResponse struct {
	Protocol           string            `json:"protocol"`
	Version            string            `json:"version,omitempty"`
	StatusCode         int               `json:"statusCode,omitempty"`
	ReasonPhrase       string            `json:"reasonPhrase,omitempty"`
	Headers            map[string]string `json:"headers,omitempty"`
	Body               *sarifContent     `json:"body,omitempty"`
	NoResponseReceived bool              `json:"noResponseReceived,omitempty"`
}

// sarifContent is content as text or, if it is no UTF-8, as base64.
type sarifContent struct {
	Text   string `json:"text,omitempty"`
	Binary string `json:"binary,omitempty"`
}

// What code-scanning viewers take of a text, and what a log of many results can
// afford of a body: the JSON report has the rest.
const (
	maxSARIFText = 1024     // characters
	maxSARIFBody = 16 << 10 // bytes
)

// writeSARIF writes the run as a SARIF log with one result for each fault of
// each operation, because fingerprints are kept by operation. A fault of the
// whole server is one result. What a baseline accepts or the user has switched off
// is left out: code scanning opens an alert for every result, suppressed or not.
func writeSARIF(w io.Writer, v *view, _ Screen) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "Statute", Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: true}},
		Results:     []sarifResult{},
		ColumnKind:  "utf16CodeUnits",
	}
	said := &run.Invocations[0].ToolExecutionNotifications
	for _, note := range v.Notes {
		*said = append(*said, sarifNotification{"note", sarifMessage(note)})
	}
	for _, p := range v.Problems {
		*said = append(*said, sarifNotification{"warning", sarifMessage(p.String())})
	}
	for _, left := range v.Leftover {
		*said = append(*said, sarifNotification{"warning", sarifMessage("not known to be deleted: " + left)})
	}
	index := map[*statute.Rule]int{}
	for _, f := range v.Findings {
		rule, known := index[f.Rule]
		if !known {
			rule = len(index)
			index[f.Rule] = rule
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(f.Rule))
		}
		for _, o := range f.Operations {
			run.Results = append(run.Results, newSARIFResult(v, f, o, rule))
			if f.Rule.Once {
				break
			}
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func newSARIFRule(r *statute.Rule) sarifRule {
	page := r.Page()
	about, _, _ := strings.Cut(r.Part(""), "\n\n")
	out := sarifRule{
		ID:                   r.ID,
		Name:                 pascal(r.ID),
		ShortDescription:     sarifText{Text: r.Title()},
		FullDescription:      sarifText{Text: clip(strings.Join(strings.Fields(about), " "), maxSARIFText)},
		Help:                 sarifText{Text: page, Markdown: page},
		DefaultConfiguration: sarifConfiguration{sarifLevel(r.Level)},
		Properties:           sarifTags{[]string{"http"}},
	}
	for _, section := range r.Cite {
		tag := strings.ToLower(strings.ReplaceAll(section.Doc, "RFC ", "rfc"))
		if tag = strings.ReplaceAll(tag, " ", "-"); !slices.Contains(out.Properties.Tags, tag) {
			out.Properties.Tags = append(out.Properties.Tags, tag)
		}
	}
	if len(r.Cite) > 0 {
		out.HelpURI = r.Cite[0].URL()
	}
	return out
}

// newSARIFResult returns what a finding says of one operation.
func newSARIFResult(v *view, all finding, o statute.Operation, rule int) sarifResult {
	f := all.at(o)
	out := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: rule, Level: sarifLevel(f.Level),
		PartialFingerprints: map[string]string{"statute/v1": f.Marks[f.Operation.String()]},
		Properties: sarifProperties{
			Confidence: f.Confidence.String(), Cause: f.Cause, Expected: f.Expected, Documented: f.Documented,
			Fix: f.Rule.Fix(), Replay: f.Replay(),
		},
	}
	out.Properties.Cite = f.cite().String()
	text := f.Message
	if !f.Rule.Once {
		text = f.name(0) + ": " + text
	}
	if f.Documented {
		text += " (documented so)"
	}
	if f.Confidence == statute.Likely {
		text += " (likely)"
	}
	text += "."
	shown := statute.Source{}
	if len(all.Evidence) > 0 {
		shown = all.Evidence[0].Source // an operation without evidence of its own is shown where the fault is
	}
	if len(f.Evidence) > 0 {
		x := f.Evidence[0].Exchange
		shown = x.Source
		if x.Request.Method != "" {
			text += " Request: " + x.Request.Method + " " + short(x.Request.Target) + "."
			out.WebRequest = newSARIFRequest(&x.Request)
		}
		text += " Answer: " + answer(x) + "."
		if from := source(x); from != "" {
			text += " Source: " + from + "."
		}
		out.WebResponse = newSARIFResponse(&x.Response)
	}
	out.Message = sarifMessage(text)
	out.Locations = newSARIFLocations(v, f.Rule, f.Operation, shown)
	return out
}

// newSARIFLocations returns the place of an operation: the entry of a recording
// that shows the fault, the operation in the description, or what was judged. The
// source has no file if it is not known which of the recordings.
func newSARIFLocations(v *view, r *statute.Rule, o statute.Operation, shown statute.Source) []sarifLocation {
	if len(v.Files) > 0 {
		shown.File = cmp.Or(shown.File, v.Files[0])
	}
	place := Place{cmp.Or(shown.File, v.Description, v.Target), shown.Line}
	if described, ok := v.Places[o]; ok && shown.File == "" && !r.Once {
		place = described
	}
	out := sarifLocation{PhysicalLocation: sarifPhysical{sarifArtifact{artifact(place.File)}, sarifRegion{max(place.Line, 1)}}}
	if !r.Once && o != (statute.Operation{}) {
		out.LogicalLocations = []sarifLogical{{o.String(), "operation"}}
	}
	return []sarifLocation{out}
}

func newSARIFRequest(r *statute.Request) *sarifRequest {
	out := &sarifRequest{Method: r.Method, Target: r.Target, Headers: sarifHeaders(r.Fields), Body: newSARIFContent(r.Body)}
	out.Protocol, out.Version = sarifProtocol(r.Proto)
	return out
}

func newSARIFResponse(r *statute.Response) *sarifResponse {
	out := &sarifResponse{
		StatusCode: r.Status, ReasonPhrase: r.Reason, Headers: sarifHeaders(r.Fields), Body: newSARIFContent(r.Body),
		NoResponseReceived: r.Status == 0,
	}
	out.Protocol, out.Version = sarifProtocol(r.Proto)
	return out
}

func sarifProtocol(proto string) (name, version string) {
	if _, version, ok := strings.Cut(proto, "/"); ok {
		return "HTTP", version
	}
	return "HTTP", ""
}

// sarifHeaders combines the lines of one field as RFC 9110, 5.2 does: the
// format has one value for each name.
func sarifHeaders(fields statute.Fields) map[string]string {
	spelled := map[string]string{} // by name in lower case
	out := map[string]string{}
	for _, f := range fields {
		lower := strings.ToLower(f.Name)
		if name, again := spelled[lower]; again {
			out[name] += ", " + f.Value
			continue
		}
		spelled[lower] = f.Name
		out[f.Name] = f.Value
	}
	return out
}

func newSARIFContent(b statute.Body) *sarifContent {
	content := b.Bytes[:min(len(b.Bytes), maxSARIFBody)]
	switch {
	case len(content) == 0:
		return nil
	case utf8.Valid(content):
		return &sarifContent{Text: string(content)}
	}
	return &sarifContent{Binary: base64.StdEncoding.EncodeToString(content)}
}

// sarifMessage returns a text in which nothing becomes a link (SARIF 2.1.0,
// 3.11.6) or is hidden.
func sarifMessage(text string) sarifText {
	text = Escape(text)
	if strings.Contains(text, "](") {
		text = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text)
	}
	return sarifText{Text: text}
}

func sarifLevel(l statute.Level) string {
	switch l {
	case statute.Must:
		return "error"
	case statute.Should:
		return "warning"
	}
	return "note"
}

// artifact returns the place of a file as a URI. Viewers of a repository refuse
// a log with any scheme but file, so a URL is written without its scheme, as if
// it were a path.
func artifact(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if _, rest, ok := strings.Cut(file, "://"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		return (&url.URL{Path: strings.TrimSuffix(rest, "/")}).String()
	}
	if len(file) > 2 && file[1:3] == ":/" { // a drive of Windows
		file = "/" + file
	}
	if strings.HasPrefix(file, "/") {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	return (&url.URL{Path: strings.TrimPrefix(file, "./")}).String()
}

// pascal returns an ID in the form that the format wants of names:
// 401WithoutChallenge.
func pascal(id string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			r, size := utf8.DecodeRuneInString(word)
			b.WriteRune(unicode.ToUpper(r))
			b.WriteString(word[size:])
		}
	}
	return b.String()
}
