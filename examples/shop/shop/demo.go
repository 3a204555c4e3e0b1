package shop

import (
	"context"
	_ "embed"
	"fmt"
)

// demoRounds keeps tests quick; see [Account].
const demoRounds = 20_000

// Demo returns accounts to play with, of the customers that [Fill] makes. Their
// passwords stand in the README; a real shop has salts that are random.
func Demo() []Account {
	return []Account{
		{1, "ada@shop.example", "customer", "shop-1", demoRounds, "17c55f1ef397db319581473354d6475fb32b88d9b3c1faf579778893b197a962"},
		{2, "grace@shop.example", "customer", "shop-2", demoRounds, "4ccc6859f79473a89fa92e9302eeb138ac9dd0dc62493c932b32262d7e84e403"},
		{3, "clerk@shop.example", "clerk", "shop-3", demoRounds, "37055989a1f8f198ae0f7673ce1c58307ece4b44da7fe106435d2d42c15c22a4"},
		{4, "admin@shop.example", "admin", "shop-4", demoRounds, "2ee68e0cd0022a5efa8ac83f6fcca300c138619ff86a9a345c344dab6b41ac8b"},
	}
}

//go:embed saw.png
var picture string

// Fill puts a little into a store that has no customers yet.
func Fill(ctx context.Context, store Store) error {
	there, err := store.List(ctx, "customers", 0, 0, 1)
	if err != nil {
		return fmt.Errorf("filling the store: %w", err)
	}
	if len(there) > 0 {
		return nil
	}
	if err := fill(ctx, store, "uploads", Upload{Type: "image/png", Data: []byte(picture)}); err != nil {
		return err
	}
	if err := fill(
		ctx, store, "items",
		Item{ItemInput: ItemInput{"saw-100", "Hand saw", 2490, 1}},
		Item{ItemInput: ItemInput{"nails-60", "Nails, 60 mm", 399, 0}},
		Item{ItemInput: ItemInput{"saw-90", "Hand saw, old handle", 1990, 0}, Discontinued: true, ReplacedBy: 1},
	); err != nil {
		return err
	}
	if err := fill(
		ctx, store, "orders",
		Order{CustomerID: 1, Status: "open", TotalCents: 2490, OrderInput: OrderInput{"ring twice", []Line{{1, 1}}}},
		Order{CustomerID: 2, Status: "paid", TotalCents: 1197, OrderInput: OrderInput{"", []Line{{2, 3}}}, Payment: &Payment{1197, digest("card"), "booked-2"}},
	); err != nil {
		return err
	}
	if err := fill(ctx, store, "jobs", Job{Kind: "sales", State: "done", Report: &Report{2, 1, 1197}}); err != nil {
		return err
	}
	return fill( // last: they say that all is there
		ctx, store, "customers",
		Customer{CustomerInput: CustomerInput{"Ada Lovelace", "ada@shop.example"}},
		Customer{CustomerInput: CustomerInput{"Grace Hopper", "grace@shop.example"}},
		Customer{CustomerInput: CustomerInput{"Clara Clerk", "clerk@shop.example"}},
		Customer{CustomerInput: CustomerInput{"Adam Admin", "admin@shop.example"}},
	)
}

func fill[T any, P resource[T]](ctx context.Context, store Store, kind string, values ...T) error {
	for _, value := range values {
		if _, err := (table[T, P]{store, kind}).add(ctx, value); err != nil {
			return fmt.Errorf("filling the %s: %w", kind, err)
		}
	}
	return nil
}
