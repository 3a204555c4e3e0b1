package rules

import (
	"bytes"
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 200_with_error_body.txtar
var doc200WithErrorBody string

var r200WithErrorBody = &statute.Rule{
	ID:    "200-with-error-body",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15"), statute.RFC(9205, "4.6")},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenBody,
	Over:  []string{"2xx-for-unknown-id"},
	Doc:   doc200WithErrorBody,
	Check: func(p *statute.Pass) {
		content := p.Response.Body.Bytes
		if p.Response.Status == 207 || len(content) == 0 {
			return
		}
		e := readEnvelope(parseJSON(content))
		switch {
		case e.failed():
			if e.payload || e.errors && speaksGraphQL(p) {
				return
			}
		case !isXMLError(content), mayFailLate(p):
			return
		}
		if tellsOfOther(p) {
			return
		}
		p.Report(statute.Fault{
			Message:    "2xx whose content says that the request failed: " + e.evidence.String(),
			Expected:   e.expected(&p.Response),
			Confidence: statute.Likely,
		})
	},
}

// envelope is what the top level of a JSON object says of the outcome.
type envelope struct {
	evidence member // that says that it failed
	code     int    // 400 to 599, if one is named
	errors   bool   // the evidence is a list of errors
	payload  bool   // there is more than words about an outcome

	words value  // about the outcome
	weak  member // evidence if there are words beside it
	coded member // evidence if the words are known ones
}

// member is a member of a JSON object; the value is absent where it does not
// matter.
type member struct{ key, val value }

// String returns the member as evidence: `"status": "fail"`, `"code": 404`,
// `"errors"`. That of XML has no name: it is the root element.
func (m member) String() string {
	switch m.val.kind() {
	case jsonNone:
		if m.key.kind() == jsonNone {
			return "<Error>"
		}
		return strconv.Quote(m.key.text())
	case jsonString:
		if _, ok := m.val.int(); !ok {
			return strconv.Quote(m.key.text()) + ": " + strconv.Quote(m.val.text())
		}
	}
	return strconv.Quote(m.key.text()) + ": " + string(bytes.Trim(m.val.b, `"`))
}

// readEnvelope reads the top level of a JSON object. A member that is null,
// false, 0 or empty is no payload, unless its name makes it the result of a
// check or a batch.
func readEnvelope(v value) envelope {
	var e envelope
	if v.kind() != jsonObject {
		return e
	}
	v.each(func(key, val value) bool {
		full := !isBlank(val)
		switch {
		case key.isAny(successNames):
			if val.kind() == jsonFalse || isPhrase(val.raw(), []string{"false"}) {
				e.fails(member{key, val})
			} else if val.kind() == jsonString && !isPhrase(val.raw(), []string{"true"}) {
				e.payload = true // a list of words
			}
		case key.is("errors"):
			if full && (val.kind() == jsonArray || val.kind() == jsonObject) {
				e.fails(member{key: key})
				e.errors = true
			}
		case key.isAny(errorNames):
			e.readError(key, val)
		case key.isAny(outcomeNames):
			e.readOutcome(key, val)
		case key.isAny(textNames):
			if full && e.words.kind() == jsonNone {
				e.words = val
			}
		case key.isAny(verdictNames), full && !key.isAny(besideNames):
			e.payload = true
		}
		return !e.payload
	})
	if e.words.kind() != jsonNone && e.weak.key.kind() != jsonNone {
		e.fails(e.weak)
	}
	if e.coded.key.kind() != jsonNone && saidBy(e.words.raw()) != saysNothing {
		e.fails(e.coded)
	}
	return e
}

// fails keeps the first evidence.
func (e *envelope) fails(evidence member) {
	if !e.failed() {
		e.evidence = evidence
	}
}

// failed reports whether there is evidence that the request failed.
func (e *envelope) failed() bool { return e.evidence.key.kind() != jsonNone }

// readError reads a member that is there to hold an error.
func (e *envelope) readError(key, val value) {
	switch {
	case isBlank(val), isPhrase(val.raw(), fineWords):
	case val.kind() == jsonNumber:
		e.weak = member{key, val}
	default:
		e.fails(member{key: key})
		if val.kind() == jsonString {
			e.words = val
		}
	}
}

// readOutcome reads a member that tells of an outcome, good or bad.
func (e *envelope) readOutcome(key, val value) {
	switch n, _ := val.int(); {
	case 400 <= n && n <= 599:
		e.code, e.weak = n, member{key, val}
	case n != 0 && key.isAny(errorCodeNames):
		e.weak = member{key, val}
	case val.kind() == jsonNumber && (n < 0 || n > 0 && n < 100 || n > 599):
		e.coded = member{key, val}
	case isPhrase(val.raw(), failWords):
		e.fails(member{key, val})
	case isPhrase(val.raw(), []string{"failed"}), (key.is("status") || key.is("result")) && val.kind() == jsonFalse:
		e.weak = member{key, val}
	}
}

var (
	successNames = []string{"success", "ok", "successful", "succeeded", "isSuccess", "response"}
	errorNames   = []string{"error", "error_message", "errorMessage"}
	outcomeNames = []string{
		"status", "result", "code", "statusCode", "status_code",
		"httpStatus", "http_status", "errcode", "errorCode", "error_code", "errno",
	}
	verdictNames = []string{ // their false or empty value is a result all the same
		"valid", "isValid", "is_valid", "passed", "verified", "active", "available", "items", "results", "created", "updated", "processed", "imported", "failed",
	}
	errorCodeNames = []string{"errcode", "errorCode", "error_code", "errno"}
	failWords      = []string{"error", "fail", "failure"}
	fineWords      = []string{"none", "no error", "ok", "success"}
	besideNames    = []string{ // what stands beside the words about an outcome
		"timestamp", "time", "path", "method", "instance", "requestId", "request_id", "traceId", "trace_id",
		"correlationId", "correlation_id", "errorType", "error_type", "documentation_url", "help", "hint", "info",
		"stack", "trace", "debug", "stackTrace", "error_details", "errorDetails", "response_metadata",
	}
)

// expected returns the code that was due, as far as the content tells it.
func (e envelope) expected(r *statute.Response) string {
	if e.code != 0 {
		return strconv.Itoa(e.code)
	}
	return said(r).expected()
}

// isBlank reports whether a value says nothing: null, false, 0, "", or an array
// or object of nothing but such.
func isBlank(v value) bool {
	switch v.kind() {
	case jsonNone, jsonNull, jsonFalse:
		return true
	case jsonString:
		return len(v.raw()) == 0
	case jsonNumber:
		n, whole := v.int()
		return whole && n == 0
	case jsonArray, jsonObject:
		blank := true
		v.each(func(_, val value) bool {
			blank = isBlank(val)
			return blank
		})
		return blank
	}
	return false
}

// speaksGraphQL reports whether a list of errors is GraphQL's way to tell of
// errors while executing a request, which over application/json is a 200.
func speaksGraphQL(p *statute.Pass) bool {
	if namesGraphQL(p.Request.Path()) {
		return true
	}
	answer := parseJSON(p.Response.Body.Bytes)
	if answer.get("data").kind() != jsonNone || answer.get("extensions").kind() != jsonNone {
		return true
	}
	located := false
	answer.get("errors").each(func(_, item value) bool {
		located = item.get("locations").kind() != jsonNone || item.get("extensions").kind() != jsonNone
		return !located
	})
	return located || parseJSON(p.Request.Body.Bytes).get("query").kind() == jsonString
}

// namesGraphQL reports whether a path is that of a GraphQL endpoint by its name.
func namesGraphQL(path string) bool { return nameHolds(path, "graphql") || nameHolds(path, "gql") }

// isXMLError reports whether the content is an XML document whose root element
// is named Error.
func isXMLError(content []byte) bool {
	content = bytes.TrimLeft(content[:min(len(content), textLimit)], "\xef\xbb\xbf \t\r\n")
	if bytes.HasPrefix(content, []byte("<?xml")) {
		_, content, _ = bytes.Cut(content, []byte("?>"))
		content = bytes.TrimLeft(content, " \t\r\n")
	}
	tag, _, ok := bytes.Cut(content, []byte(">"))
	return ok && len(tag) > 1 && tag[0] == '<' && bytes.EqualFold(elementName(tag[1:]), []byte("error"))
}

// mayFailLate reports whether a storage service may have had to send its 200
// before it knew the outcome: copies and completions of multipart uploads.
func mayFailLate(p *statute.Pass) bool {
	switch p.Request.Method {
	case "PUT":
		return !p.Seen.Has(statute.SeenRequestFields) || p.Request.Fields.Has("x-amz-copy-source") ||
			p.Request.Fields.Has("x-goog-copy-source") || p.Request.Fields.Has("x-oss-copy-source") || p.Request.Fields.Has("x-cos-copy-source")
	case "POST":
		return nameHolds(p.Request.Query(), "uploadId")
	}
	return false
}

// tellsOfOther reports whether what the content tells of a failure is not the
// failure of the request, by its target: the state of a job or an entry in a
// log, the result of a check, the items of a batch, health, what codes mean.
func tellsOfOther(p *statute.Pass) bool {
	if answersRPC(p) || isHealthPath(p.Request.Path()) || p.Response.Fields.Has("Content-Disposition") {
		return true
	}
	for path := p.Request.Path(); path != ""; {
		end := strings.IndexAny(path, "/:")
		if end < 0 {
			end = len(path)
		}
		segment := path[:end]
		path = path[min(end+1, len(path)):]
		switch {
		case segmentStarts(segment, checkWords), segmentStarts(segment, batchWords):
			return true
		case p.Request.Safe() && (segmentStarts(segment, logWords) || len(segment) == 3 && '4' <= segment[0] && segment[0] <= '5'):
			return true
		}
	}
	return false
}

// answersRPC reports whether the exchange is one of JSON-RPC.
func answersRPC(p *statute.Pass) bool {
	answer := parseJSON(p.Response.Body.Bytes)
	if answer.get("jsonrpc").kind() != jsonNone || parseJSON(p.Request.Body.Bytes).get("jsonrpc").kind() != jsonNone {
		return true
	}
	return answer.get("id").kind() != jsonNone && answer.get("result").kind() != jsonNone // JSON-RPC 1.0
}

var (
	checkWords = []string{
		"validate", "validation", "validations", "validator", "valid", "verify", "verification", "siteverify", "check", "checks",
		"test", "tests", "lint", "simulate", "evaluate", "diagnose", "diagnostics", "dryrun", "dry", "preview", "introspect", "probe",
	}
	batchWords = []string{"batch", "import", "imports", "bulk", "_batch", "_bulk", "msearch", "_msearch", "$batch", "multi"}
	logWords   = []string{
		"job", "jobs", "task", "tasks", "run", "runs", "build", "builds", "execution", "executions", "operation", "operations",
		"log", "logs", "event", "events", "history", "audit", "audits", "delivery", "deliveries", "attempt", "attempts",
		"deployment", "deployments", "import", "imports", "export", "exports", "pipeline", "pipelines", "workflow", "workflows",
		"transaction", "transactions", "payment", "payments", "status", "statuses", "codes", "error", "errors",
	}
)

// segmentStarts reports whether a segment of a path begins with one of the
// words and goes on, if at all, with another: "check-address", "checkAddress",
// not "checkout".
func segmentStarts(segment string, words []string) bool {
	for _, word := range words {
		if len(segment) < len(word) || !strings.EqualFold(segment[:len(word)], word) {
			continue
		}
		if len(segment) == len(word) || segment[len(word)] < 'a' || segment[len(word)] > 'z' {
			return true
		}
	}
	return false
}
