package sample

import (
	"testing"
)

// TestPlanted holds each fault to be in the flawed edition and not in the
// right one: the first shows it, and the second answers otherwise.
func TestPlanted(t *testing.T) {
	const (
		customer = `{"name":"A","email":"a@b.example"}`
		order    = `{"customer_id":1}`
		thing    = `{"sku":"a","quantity":1,"price_cents":1}`
		saw      = `{"sku":"saw-100","quantity":1,"price_cents":1}`
	)
	right := listen(t, newShop())
	etag := func(path string) string { return send(t, right, raw("GET "+path, "")).Fields.Get("ETag") }

	tests := []struct {
		rule    string
		before  string
		request string
		wanted
	}{
		{"401-without-challenge", "", raw("GET /customers", "", "-Authorization"), wanted{401, []string{"-WWW-Authenticate"}, ""}},
		{"403-for-missing-credentials", "", raw("POST /orders", order, "-Authorization"), wanted{403, nil, `"status":403`}},
		{"auth-ignored", "", raw("GET /orders/1/items/saw-100", "", "-Authorization"), wanted{200, nil, "saw-100"}},
		{"401-for-valid-user", "", raw("POST /customers", customer, "Authorization: Bearer "+LowToken), wanted{401, nil, `"status":401`}},
		{"cross-user-access", "", raw("GET /orders/2/items", "", "Authorization: Bearer "+OtherToken), wanted{200, nil, "level-40"}},
		{"existence-leak", "", raw("GET /orders/2", "", "Authorization: Bearer "+OtherToken), wanted{403, nil, `"status":403`}},

		{"405-without-allow", "", raw("POST /orders/1", thing), wanted{405, []string{"-Allow"}, ""}},
		{"405-allow-untrue", "", raw("POST /customers/1", "{}"), wanted{405, []string{"Allow: GET, HEAD, OPTIONS, DELETE"}, ""}},
		{"options-without-allow", "", raw("OPTIONS /orders", ""), wanted{204, []string{"-Allow"}, "-"}},
		{"wrong-code-for-method", "", raw("POST /catalogue", "{}"), wanted{404, nil, `"status":404`}},
		{"head-differs", "", raw("HEAD /orders", ""), wanted{200, []string{"Content-Length: 0"}, "-"}},
		{"head-with-content", "", raw("HEAD /customers/1", ""), wanted{200, []string{"ETag: " + etag("/customers/1")}, "Ada"}},

		{"2xx-html-for-json", "", raw("GET /health", "", "Accept: application/json"), wanted{200, []string{"Content-Type: text/html; charset=utf-8"}, "<h1>"}},
		{"429-without-retry-after", "", raw("GET /report", ""), wanted{429, []string{"-Retry-After"}, ""}},
		{"etag-not-honoured", "", raw("GET /orders/1/items", "", "If-None-Match: "+etag("/orders/1/items")), wanted{200, []string{"ETag: " + etag("/orders/1/items")}, "saw-100"}},
		{"304-missing-fields", "", raw("GET /catalogue", "", "If-None-Match: "+etag("/catalogue")), wanted{304, []string{"-Cache-Control", "ETag: " + etag("/catalogue")}, "-"}},
		{"416-without-content-range", "", raw("GET /catalogue", "", "Range: bytes=100000-"), wanted{416, []string{"-Content-Range"}, ""}},
		{"if-range-ignored", "", raw("GET /catalogue", "", "Range: bytes=0-9", `If-Range: "old"`), wanted{206, nil, ""}},
		{"2xx-for-unknown-id", "", raw("GET /orders/999/items", ""), wanted{200, nil, "[]"}},
		{"5xx-for-client-error", "", raw("GET /orders/abc", ""), wanted{500, nil, `"status":500`}},
		{"problem-status-mismatch", "", raw("GET /orders/999", ""), wanted{404, nil, `"status":400`}},
		{"2xx-for-invalid", "", raw("GET /orders?limit=0", ""), wanted{200, nil, `[{"id":1,`}},
		{"wrong-code-for-invalid", "", raw("GET /orders?status=lost", ""), wanted{406, nil, `"status":406`}},

		{"201-without-location", "", raw("POST /customers", customer), wanted{201, []string{"-Location"}, `"id":3`}},
		{"location-dead", "", raw("POST /orders", order), wanted{201, []string{"Location: /api/orders/3"}, ""}},
		{
			"chunked-not-decoded", "",
			raw("POST /orders", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + "11\r\n" + order + "\r\n0\r\n\r\n",
			wanted{400, nil, `"status":400`},
		},
		{"created-with-200", "", raw("POST /orders/1/items", thing), wanted{200, []string{"Location: /orders/1/items/a"}, ""}},
		{"wrong-code-for-duplicate", "", raw("POST /orders/1/items", saw), wanted{500, nil, `"status":500`}},
		{"error-leaks-internals", "", raw("POST /orders", "{"), wanted{400, nil, "orders.go:88"}},
		{"wrong-code-for-malformed", "", raw("POST /customers", "{"), wanted{415, nil, `"status":415`}},

		{"200-empty", "", raw("PUT /orders/1", order), wanted{200, []string{"Content-Length: 0"}, "-"}},
		{"stale-write-accepted", "", raw("PUT /customers/1", customer, `If-Match: "a"`), wanted{201, nil, ""}},
		{"undocumented-content", "", raw("GET /customers", ""), wanted{200, nil, `"mail":`}},
		{"updated-with-201", "", raw("PUT /customers/1", customer), wanted{201, nil, ""}},
		{"put-partial", raw("PUT /orders/2", order), raw("GET /orders/2", ""), wanted{200, nil, "ring twice"}},
		{"merge-patch-wrong", raw("PATCH /orders/2", `{"note":null}`), raw("GET /orders/2", ""), wanted{200, nil, "ring twice"}},
		{"wrong-code-for-media-type", "", raw("PUT /orders/1", "<order/>", "Content-Type: application/xml"), wanted{400, nil, `"status":400`}},
		{"2xx-for-malformed", "", raw("PATCH /orders/1", `{"note":`), wanted{200, nil, `"id":1`}},
		{"202-without-monitor", "", raw("POST /orders/1/cancel", ""), wanted{202, []string{"-Location"}, `{"accepted":true}`}},

		{"204-with-content-length", "", raw("DELETE /customers/1", ""), wanted{204, []string{"Content-Length: 0"}, "-"}},
		{"delete-repeat-fails", raw("DELETE /customers/1", ""), raw("DELETE /customers/1", ""), wanted{500, nil, `"status":500`}},
		{"200-with-error-body", raw("DELETE /orders/1", ""), raw("DELETE /orders/1", ""), wanted{200, nil, `"success":false`}},
		{"deleted-still-there", raw("DELETE /orders/1/items/saw-100", ""), raw("GET /orders/1/items/saw-100", ""), wanted{200, nil, "saw-100"}},
		{"204-with-content", "", raw("DELETE /orders/1/items/saw-100", ""), wanted{204, []string{"-Content-Length"}, `{"deleted":true}`}},

		{"unknown-path-not-404", "", raw("GET /nope", ""), wanted{400, nil, `"status":400`}},
		{"date-missing", "", raw("GET /openapi.yaml", ""), wanted{200, []string{"-Date"}, "openapi: 3.1.0"}},
	}
	shown := map[string]bool{}
	for _, test := range tests {
		shown[test.rule] = true
		t.Run(test.rule, func(t *testing.T) {
			right, flawed := listen(t, newShop()), listen(t, Flawed())
			if test.before != "" {
				send(t, right, test.before)
				send(t, flawed, test.before)
			}
			if wrong := test.differs(send(t, flawed, test.request)); wrong != "" {
				t.Errorf("the flawed edition does not show it: %s", wrong)
			}
			if test.differs(send(t, right, test.request)) == "" {
				t.Error("the edition without it shows it too")
			}
		})
	}
	rules := map[string]bool{}
	for _, f := range Planted() {
		if !shown[f.Rule] {
			t.Errorf("%s is planted and not shown", f.Rule)
		}
		if rules[f.Rule] {
			t.Errorf("%s is planted twice", f.Rule)
		}
		rules[f.Rule] = true
	}
	for rule := range shown {
		if !rules[rule] {
			t.Errorf("%s is shown and not planted", rule)
		}
	}
}
