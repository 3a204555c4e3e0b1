package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestSaidBy(t *testing.T) {
	for _, test := range []struct {
		text string
		want saying
	}{
		{"silence not found", saysMissing},
		{"ORDER_NOT_FOUND", saysMissing},
		{"OrderNotFoundException", saysMissing},
		{`Error:\nnot found`, saysMissing},
		{"the order does not exist.", saysMissing},
		{"email has already been taken", saysTaken},
		{"SequelizeUniqueConstraintError", saysTaken},
		{"Unexpected end of JSON input", saysUnparsed},
		{"ValidationError: qty", saysInvalid},
		{`value \"10000000000\" is out of range for type integer`, saysInvalid},
		{"Invalid token.", saysBadToken},
		{"Invalid token in the CSRF field", saysElse},
		{"Authentication credentials were not provided.", saysNoLogin},
		{"You do not have permission to perform this action.", saysNoRight},
		{"Forbidden", saysRefused},
		{"knot found", saysNothing},
		{"not founded", saysNothing},
		{"all is well", saysNothing},
		{"", saysNothing},
	} {
		if got := saidBy([]byte(test.text)); got != test.want {
			t.Errorf("%q says %d, want %d", test.text, got, test.want)
		}
	}
}

func TestIsPhrase(t *testing.T) {
	for text, want := range map[string]bool{"Forbidden": true, " forbidden. ": true, "Forbidden zone": false, "": false, "Access Denied!": true} {
		if got := isPhrase([]byte(text), []string{"forbidden", "access denied"}); got != want {
			t.Errorf("isPhrase(%q) = %v", text, got)
		}
	}
}

func TestEachText(t *testing.T) {
	for _, test := range []struct {
		name, mediaType, content string
		want                     []string
	}{
		{"message", "application/json", `{"message":"no saw","id":17}`, []string{"no saw"}},
		{"nested", "application/json", `{"error":{"root_cause":[{"reason":"no saw"}],"x":"y"}}`, []string{"no saw"}},
		{"errors by field", "application/json", `{"errors":{"qty":["too many","too red"]},"qty":"x"}`, []string{"too many", "too red"}},
		{"a string", "application/json", `"no saw"`, []string{"no saw"}},
		{"no JSON though it says so", "application/json", `no saw`, []string{"no saw"}},
		{"text", "text/plain", "no saw", []string{"no saw"}},
		{"number and text", "", "404 no saw", []string{"404 no saw"}},
		{"picture", "image/png", "no saw", nil},
		{"page", "text/html", `<html><title>Error</title><h1><b>no saw</b></h1><p>none</p>`, []string{"Error", "no saw"}},
		{"XML", "application/xml", `<e:Error xmlns:e="x"><e:Message lang="en">no saw</e:Message><id>1</id></e:Error>`, []string{"no saw"}},
		{"cut", "application/json", `{"message":"no sa`, []string{"no sa"}},
		{"deep", "application/json", `{"error":{"error":{"error":{"error":{"error":"x"}}}}}`, nil},
		{"empty", "application/json", ``, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := statute.Response{Status: 404, Body: statute.Body{Bytes: []byte(test.content)}}
			if test.mediaType != "" {
				r.Fields = statute.Fields{{Name: "Content-Type", Value: test.mediaType}}
			}
			var got []string
			eachText(&r, func(text []byte) bool {
				got = append(got, string(text))
				return true
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("texts (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWordsAllocate holds the rules that read content to allocating nothing
// where they find nothing.
func TestWordsAllocate(t *testing.T) {
	judge := statute.NewJudge([]*statute.Rule{
		r200Empty, r200WithErrorBody, r2xxErrorPage, r2xxHtmlForJson, r2xxWithProblem, r401ForPermission, r403ForAuthentication,
		r500ForClientError, rBodyContradictsCode, rBodyStatusMismatch, rErrorInHtml, rErrorLeaksInternals, rErrorWithoutContent,
		rHealth200WhenFailing, rProblemMalformed, rProblemStatusMismatch, rRedirectForAuthentication,
	})
	for _, test := range []struct {
		status             int
		mediaType, content string
	}{
		{200, "application/json", `{"id":17,"item":"saw","error":null,"status":"sent"}`},
		{200, "text/html", "<html><title>Saws</title><h1>Saws</h1></html>"},
		{302, "", ""},
		{401, "application/problem+json", `{"title":"authentication required","status":401}`},
		{403, "application/problem+json", `{"title":"not your order","status":403}`},
		{404, "application/problem+json", `{"title":"no such order","status":404}`},
		{404, "application/json", `{"message":"order not found","code":404}`},
		{500, "application/json", `{"error":{"message":"internal error"}}`},
	} {
		x := &statute.Exchange{Seen: statute.SeenAll}
		x.Request = statute.Request{Method: "GET", Target: "/orders/17?limit=2", Fields: statute.Fields{{Name: "Accept", Value: "application/json, text/html"}, {Name: "Authorization", Value: "Bearer abc"}}}
		x.Response = statute.Response{Status: test.status, Fields: statute.Fields{{Name: "Content-Type", Value: test.mediaType}, {Name: "Location", Value: "/orders/18"}}}
		x.Response.Body = statute.Body{Bytes: []byte(test.content), Size: int64(len(test.content))}
		judge.See(x)
		if n := testing.AllocsPerRun(20, func() { judge.See(x) }); n > 1 { // one is the judge's own
			t.Errorf("%d %s: %v allocations", test.status, test.content, n)
		}
	}
	for _, f := range judge.Verdict().Findings {
		t.Errorf("%s: %s", f.Rule.ID, f.Message)
	}
}

// FuzzPhrases never reads outside the input, whatever the content.
func FuzzPhrases(f *testing.F) {
	f.Add("text/html", []byte("<title>404 Not Found</title><h1>Not Found"))
	f.Add("application/xml", []byte("<Error><Code>NoSuchKey</Code>"))
	f.Add("application/json", []byte(`{"errors":[{"message":"NotFound`))
	f.Fuzz(func(t *testing.T, mediaType string, content []byte) {
		r := statute.Response{
			Fields: statute.Fields{{Name: "Content-Type", Value: mediaType}},
			Body:   statute.Body{Bytes: content[:len(content):len(content)]},
		}
		said(&r)
		saidBy(content)
		readPage(content)
	})
}
