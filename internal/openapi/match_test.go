package openapi

import (
	"net/url"
	"strings"
	"testing"

	"github.com/statute-http/statute"
)

const matched = `
openapi: 3.1.0
info: {title: shop, version: "1"}
servers: [{url: "https://api.shop.example/v1"}, {url: "/v2"}]
paths:
  /: {get: {responses: {"200": {description: a}}}}
  /orders:
    get: {responses: {"200": {description: a}}}
    post: {responses: {"201": {description: a}}}
  /orders/{id}:
    get: {responses: {"200": {description: a}, "404": {description: a}}}
  /orders/{orderId}: {delete: {responses: {"204": {description: a}}}}
  /orders/search: {post: {responses: {"200": {description: a}}}}
  /orders/{id}/items/{item}: {get: {responses: {"200": {description: a}}}}
  /files/{name}.{ending}: {get: {responses: {"200": {description: a}}}}
  /files/{name}: {get: {responses: {"200": {description: a}}}}
  /kind=book: {get: {responses: {"200": {description: a}}}}
`

func TestMatch(t *testing.T) {
	d, err := Parse([]byte(matched), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMatcher(d, nil)
	for _, tt := range []struct {
		request   string // method, URL
		want      string // operation
		responses string
	}{
		{"GET https://api.shop.example/v1/orders?a=/b", "GET /orders", "200"},
		{"GET https://API.shop.example:443/v1/orders", "GET /orders", "200"},
		{"GET https://api.shop.example/v2/orders/17", "GET /orders/{id}", "200 404"},
		{"GET https://api.shop.example/v1/orders/a%2Fb", "GET /orders/{id}", "200 404"},
		{"GET http://127.0.0.1:8080/v1/orders", "GET /orders", "200"},
		{"GET http://localhost/v2/orders", "GET /orders", "200"},
		{"GET http://[::1]:8080/v1/orders", "GET /orders", "200"},
		{"GET https://api.shop.example/v1/", "GET /", "200"},
		{"HEAD https://api.shop.example/v1/orders", "GET /orders", "200"},
		{"PATCH https://api.shop.example/v1/orders/17", "PATCH /orders/{id}", ""},
		{"DELETE https://api.shop.example/v1/orders/17", "DELETE /orders/{orderId}", "204"},
		{"POST https://api.shop.example/v1/orders/search", "POST /orders/search", "200"},
		{"GET https://api.shop.example/v1/orders/search", "GET /orders/{id}", "200 404"},
		{"PUT https://api.shop.example/v1/orders/search", "PUT /orders/search", ""},
		{"GET https://api.shop.example/v1/orders/17/items/3", "GET /orders/{id}/items/{item}", "200"},
		{"GET https://api.shop.example/v1/files/a.b.txt", "GET /files/{name}.{ending}", "200"},
		{"GET https://api.shop.example/v1/files/a", "GET /files/{name}", "200"},
		{"GET https://api.shop.example/v1/files/.", "GET /files/{name}", "200"},
		{"GET https://api.shop.example/v1/kind%3Dbook", "GET /kind=book", "200"},

		{"GET https://api.shop.example/orders", "", ""},
		{"GET https://api.shop.example/v1/orders/", "", ""},
		{"GET https://api.shop.example/v1/orders//items/3", "", ""},
		{"GET https://api.shop.example/v1/orders/17/items", "", ""},
		{"GET https://ads.example/v1/orders", "", ""},
		{"GET https://api.shop.example/v1", "", ""},
	} {
		method, address, _ := strings.Cut(tt.request, " ")
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got, declared := m.Match(&statute.Request{Method: method, Authority: u.Host, Target: u.RequestURI()})
		if got.String() != tt.want {
			t.Errorf("%s is %q, want %q", tt.request, got, tt.want)
		}
		responses := ""
		if declared != nil {
			responses = strings.Join(declared.Responses, " ")
		}
		if responses != tt.responses {
			t.Errorf("%s declares %q, want %q", tt.request, responses, tt.responses)
		}
	}
}

func TestMatchBelow(t *testing.T) {
	d, err := Parse([]byte(matched), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMatcher(d, &url.URL{Scheme: "http", Host: "127.0.0.1:8080", Path: "/base/"})
	for _, tt := range []struct{ authority, target, want string }{
		{"127.0.0.1:8080", "/base/orders", "GET /orders"},
		{"127.0.0.1:8080", "/v1/orders", ""},
		{"127.0.0.1:9090", "/base/orders", ""},
		{"api.shop.example", "/base/orders", ""},
		{"127.0.0.1:8080", "*", ""},
	} {
		got, _ := m.Match(&statute.Request{Method: "GET", Authority: tt.authority, Target: tt.target})
		if got.String() != tt.want {
			t.Errorf("%s%s is %q, want %q", tt.authority, tt.target, got, tt.want)
		}
	}
}
