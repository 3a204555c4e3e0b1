// Package sample is the demo's shop in two editions. The right one is the
// reference API of examples/shop, in memory. The flawed one is a smaller shop on
// bare net/http with faults planted in it, each listed with the rule that must
// find it; without them it answers to the letter of RFC 9110.
//
// Read it in this order: resources in shop.go is the whole flawed API,
// [soundShop.answer] the way of a request through it, orders.go a resource,
// flaws.go the faults.
package sample

import (
	"context"
	_ "embed"
	"errors"
	"net/http"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/examples/shop/shop"
)

// The bearer tokens that both editions accept. They guard nothing.
const (
	Token      = "demo-token-of-the-sample-shop"
	OtherToken = "demo-token-of-the-other-user"    // with orders of its own
	LowToken   = "demo-token-of-who-may-do-little" // with fewer rights
)

// description is the flawed edition's OpenAPI description, served at /openapi.yaml.
//
//go:embed openapi.yaml
var description string

// catalogue is what the flawed edition sells.
//
//go:embed catalogue.json
var catalogue string

// Right returns the edition without faults, with a fresh store. The tokens are
// an admin's, a clerk's and a customer's.
func Right() http.Handler {
	ctx := context.Background()
	store := new(shop.Memory)
	right, err := shop.New(ctx, shop.Config{Store: store, Accounts: shop.Demo()})
	if err == nil {
		err = errors.Join(shop.Fill(ctx, store), right.Admit(ctx, "admin@shop.example", Token),
			right.Admit(ctx, "clerk@shop.example", OtherToken), right.Admit(ctx, "ada@shop.example", LowToken))
	}
	if err != nil {
		panic(err) // nothing of it can fail in memory
	}
	return right
}

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
