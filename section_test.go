package statute

import "testing"

func TestSection(t *testing.T) {
	for _, tt := range []struct {
		section   Section
		text, url string
	}{
		{RFC(9110, "15.5.2"), "RFC 9110, 15.5.2", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2"},
		{RFC(9457, ""), "RFC 9457", "https://www.rfc-editor.org/rfc/rfc9457"},
		{
			Section{"draft-ietf-httpapi-ratelimit-headers", "3"},
			"draft-ietf-httpapi-ratelimit-headers, 3",
			"https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers#section-3",
		},
		{
			Section{"draft-ietf-httpapi-idempotency-key-header", ""},
			"draft-ietf-httpapi-idempotency-key-header",
			"https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header",
		},
		{Section{"Fetch", "http-cors-protocol"}, "Fetch, http-cors-protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"},
		{Section{"OpenAPI", ""}, "OpenAPI", "https://spec.openapis.org/oas/latest.html"},
		{Section{"SOAP 1.1", "6.2"}, "SOAP 1.1, 6.2", "https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383529"},
		{Section{"hearsay", "1"}, "hearsay, 1", ""},
		{Section{}, "", ""},
	} {
		if got := tt.section.String(); got != tt.text {
			t.Errorf("%+v as text is %q, want %q", tt.section, got, tt.text)
		}
		if got := tt.section.URL(); got != tt.url {
			t.Errorf("%+v is at %q, want %q", tt.section, got, tt.url)
		}
	}
}
