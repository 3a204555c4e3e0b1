// Package sample is the demo's shop: customers, their orders and what is in
// them, in memory and on bare net/http, in two editions. The right one answers
// to the letter of RFC 9110; the flawed one is the same shop with faults
// planted in it, each listed with the rule that must find it.
//
// Read it in this order: resources in shop.go is the whole API, [shop.answer]
// the way of a request through it, orders.go a resource, flaws.go the faults.
package sample

import (
	_ "embed"
	"net/http"

	"github.com/statute-http/statute"
)

// Token is the bearer token that both editions accept. It guards nothing.
const Token = "demo-token-of-the-sample-shop"

// description is the shop's OpenAPI description, served at /openapi.yaml.
//
//go:embed openapi.yaml
var description string

// catalogue is what the shop sells.
//
//go:embed catalogue.json
var catalogue string

// Right returns the edition without faults, with a fresh store.
func Right() http.Handler { return newShop() }

// Flawed returns the edition with the faults that [Planted] lists, with a fresh
// store.
func Flawed() http.Handler { return &flawedShop{newShop(), flaws()} }

// Fault is a fault planted in the flawed edition.
type Fault struct {
	Rule      string            // the ID of the rule that must find it
	Operation statute.Operation // where it shows; without Method: whatever the method; zero: on the whole server
	What      string            // what is wrong, in one line
}

// Planted lists the faults of the flawed edition.
func Planted() []Fault {
	var faults []Fault
	for _, f := range flaws() {
		faults = append(faults, f.Fault)
	}
	return faults
}
