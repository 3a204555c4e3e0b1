package check

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

func TestObserve(t *testing.T) {
	seen := func(method, target, media, body string, status int, answer string) *statute.Exchange {
		x := &statute.Exchange{
			Request:  statute.Request{Method: method, Target: target, Body: statute.Body{Bytes: []byte(body), Size: int64(len(body))}},
			Response: statute.Response{Status: status},
		}
		if media != "" {
			x.Request.Fields = statute.Fields{{Name: "Content-Type", Value: media}}
		}
		if answer != "" {
			x.Response.Fields = statute.Fields{{Name: "Content-Type", Value: answer}}
		}
		return x
	}
	got := Observe([]*statute.Exchange{
		seen("GET", "/orders?page=2&api_key=s3cr3t", "", "", 200, "application/json; charset=utf-8"),
		seen("GET", "/orders?page=3", "", "", 304, ""),
		seen("GET", "/orders/17/items/41", "", "", 200, "application/json"),
		seen("GET", "/orders/18/items/42", "", "", 200, "application/json"),
		seen("POST", "/orders", "application/json", `{"lines":[{"qty":1}]}`, 201, "application/json"),
		seen("POST", "/orders", "application/json", `{"note":"x"}`, 201, "application/json"),
		seen("PUT", "/orders/17", "application/x-www-form-urlencoded", "note=x", 204, ""),
		seen("POST", "/orders", "application/json", `{`, 400, "application/json"), // no success
		seen("GET", "/style.css", "", "", 200, "text/css"),
		seen("GET", "/logo", "", "", 200, "image/svg+xml"),
		seen("GET", "//orders", "", "", 200, "application/json"),
		seen("OPTIONS", "/orders", "", "", 204, ""),
	})
	values := func(examples ...any) *openapi.Schema { return &openapi.Schema{Examples: examples} }
	path := func(name string, examples ...any) openapi.Parameter {
		return openapi.Parameter{Name: name, In: "path", Required: true, Schema: values(examples...)}
	}
	object := func(members ...openapi.Property) *openapi.Schema { return &openapi.Schema{Properties: members} }
	json1 := []openapi.Media{{Type: "application/json"}}
	answers := func(code string, content []openapi.Media) []openapi.Response {
		return []openapi.Response{{Code: code, Content: content}, {Code: "default"}}
	}
	want := &openapi.Description{Observed: true, Operations: []*openapi.Operation{
		{
			Operation:  statute.Operation{Method: "GET", Path: "/orders"},
			Parameters: []openapi.Parameter{{Name: "page", In: "query", Schema: values("2", "3"), Explode: true}},
			Responses:  []openapi.Response{{Code: "200", Content: json1}, {Code: "304"}, {Code: "default"}},
		},
		{
			Operation: statute.Operation{Method: "POST", Path: "/orders"},
			Body: &openapi.Body{Content: []openapi.Media{{
				Type: "application/json",
				Schema: object(
					openapi.Property{Name: "lines", Schema: &openapi.Schema{Items: object(openapi.Property{Name: "qty", Schema: &openapi.Schema{}})}},
					openapi.Property{Name: "note", Schema: &openapi.Schema{}},
				),
				Examples: []any{map[string]any{"lines": []any{map[string]any{"qty": json.Number("1")}}}},
			}}},
			Responses: answers("201", json1),
		},
		{
			Operation:  statute.Operation{Method: "PUT", Path: "/orders/{orderId}"},
			Parameters: []openapi.Parameter{path("orderId", "17")},
			Body: &openapi.Body{Content: []openapi.Media{{
				Type:     "application/x-www-form-urlencoded",
				Schema:   object(openapi.Property{Name: "note", Schema: &openapi.Schema{}}),
				Examples: []any{map[string]any{"note": "x"}},
			}}},
			Responses: answers("204", nil),
		},
		{
			Operation:  statute.Operation{Method: "GET", Path: "/orders/{orderId}/items/{itemId}"},
			Parameters: []openapi.Parameter{path("itemId", "41", "42"), path("orderId", "17", "18")},
			Responses:  answers("200", json1),
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the description (-want +got):\n%s", diff)
	}
}
