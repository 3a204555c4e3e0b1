package sample

import (
	"fmt"
	"net/url"
	"slices"
)

// item is a line of an order: so many of one thing.
type item struct {
	SKU        string `json:"sku"` // no two items of an order have the same
	Quantity   int    `json:"quantity"`
	PriceCents int    `json:"price_cents"`
}

func itemFields() []field {
	return []field{
		{"sku", true, text(1, 40)},
		{"quantity", true, integer(1, 999)},
		{"price_cents", true, integer(0, 10_000_000)},
	}
}

// index returns where in the order the item is, -1 if nowhere.
func (o *order) index(sku string) int {
	return slices.IndexFunc(o.items, func(it item) bool { return it.SKU == sku })
}

func (s *soundShop) listItems(q *request) *answer {
	o := s.order(q)
	if o == nil {
		return noOrder()
	}
	return ok(o.items)
}

func (s *soundShop) createItem(q *request) *answer {
	o := s.order(q)
	if o == nil {
		return noOrder()
	}
	object, refused := q.object("application/json")
	if refused != nil {
		return refused
	}
	it, refused := take[item](object, itemFields())
	if refused != nil {
		return refused
	}
	if o.index(it.SKU) >= 0 {
		return problem(409, "the order has an item with this sku")
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	o.items = append(o.items, *it)
	return created(fmt.Sprintf("/orders/%d/items/%s", o.ID, url.PathEscape(it.SKU)), it)
}

// findItem returns the order of the path and where in it the item is, or a 404.
func (s *soundShop) findItem(q *request) (*order, int, *answer) {
	o := s.order(q)
	if o == nil {
		return nil, 0, noOrder()
	}
	i := o.index(q.sku)
	if i < 0 {
		return nil, 0, problem(404, "the order has no such item")
	}
	return o, i, nil
}

func (s *soundShop) getItem(q *request) *answer {
	o, i, refused := s.findItem(q)
	if refused != nil {
		return refused
	}
	return ok(o.items[i])
}

func (s *soundShop) deleteItem(q *request) *answer {
	o, i, refused := s.findItem(q)
	if refused != nil {
		return refused
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	o.items = slices.Delete(o.items, i, i+1)
	return empty(204)
}
