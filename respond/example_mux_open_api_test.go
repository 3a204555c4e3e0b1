package respond_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/statute-http/statute/respond"
)

func ExampleMux_OpenAPI() {
	api := new(respond.API)
	mux := api.NewMux()
	mux.HandleFunc("DELETE /orders/{id}", func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}, respond.Declares(204))
	text := string(mux.OpenAPI())
	fmt.Println(text[:strings.Index(text, `"400"`)] + "...")
	// Output:
	// {
	// 	"paths": {
	// 		"/orders/{id}": {
	// 			"delete": {
	// 				"responses": {
	// 					"204": {
	// 						"description": "No Content: the request succeeded and there is nothing more to send"
	// 					},
	// 					...
}
