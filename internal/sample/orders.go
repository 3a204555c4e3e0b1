package sample

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
)

// order is what a customer wants.
type order struct {
	ID         int    `json:"id"`
	CustomerID int    `json:"customer_id"`
	Status     string `json:"status"`
	Note       string `json:"note,omitempty"`
	items      []item
	seller     string // nobody else sees it
}

// statuses are those that an order can have; one without is open.
func statuses() []string { return []string{"open", "paid", "shipped", "cancelled"} }

func (s *soundShop) orderFields() []field {
	known := func(value any) string {
		if n, ok := value.(float64); !ok || n != float64(int(n)) || s.customers[int(n)] == nil {
			return "must be the id of a customer"
		}
		return ""
	}
	return []field{
		{"id", false, nil}, // the shop gives it
		{"customer_id", true, known},
		{"status", false, oneOf(statuses())},
		{"note", false, text(0, 200)},
	}
}

// replace puts the order in an object in the place of an old one.
func (s *soundShop) replace(q *request, old *order, object map[string]any) *answer {
	o, refused := take[order](object, s.orderFields())
	if refused != nil {
		return refused
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	o.ID, o.items, o.seller = old.ID, old.items, old.seller
	o.Status = cmp.Or(o.Status, "open")
	s.orders[o.ID] = o
	return changed(o)
}

func noOrder() *answer { return problem(404, "there is no such order") }

// order returns the order of the path, nil if there is none or another's: who
// asks must not learn that it exists.
func (s *soundShop) order(q *request) *order {
	o := s.orders[q.id]
	if o == nil || o.seller != q.seller.name {
		return nil
	}
	return o
}

func (s *soundShop) listOrders(q *request) *answer {
	var errors []invalid
	status := q.query.Get("status")
	if wrong := oneOf(statuses())(status); q.query.Has("status") && wrong != "" {
		errors = append(errors, invalid{Parameter: "status", Detail: wrong})
	}
	limit := 100
	if q.query.Has("limit") {
		var err error
		if limit, err = strconv.Atoi(q.query.Get("limit")); err != nil || limit < 1 || limit > 100 {
			errors = append(errors, invalid{Parameter: "limit", Detail: "must be an integer from 1 to 100"})
		}
	}
	if errors != nil {
		return problem(422, "some of the values are not allowed", errors...)
	}
	list := []*order{}
	for _, id := range slices.Sorted(maps.Keys(s.orders)) {
		if o := s.orders[id]; o.seller == q.seller.name && len(list) < limit && (status == "" || status == o.Status) {
			list = append(list, o)
		}
	}
	return ok(list)
}

func (s *soundShop) createOrder(q *request) *answer {
	object, refused := q.object("application/json")
	if refused != nil {
		return refused
	}
	o, refused := take[order](object, s.orderFields())
	if refused != nil {
		return refused
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	s.lastOrder++
	o.ID, o.seller = s.lastOrder, q.seller.name
	o.Status = cmp.Or(o.Status, "open")
	s.orders[o.ID] = o
	return created(fmt.Sprintf("/orders/%d", o.ID), o)
}

func (s *soundShop) getOrder(q *request) *answer {
	o := s.order(q)
	if o == nil {
		return noOrder()
	}
	return ok(o)
}

func (s *soundShop) putOrder(q *request) *answer {
	old := s.order(q)
	if old == nil {
		return noOrder()
	}
	object, refused := q.object("application/json")
	if refused != nil {
		return refused
	}
	return s.replace(q, old, object)
}

func (s *soundShop) patchOrder(q *request) *answer {
	old := s.order(q)
	if old == nil {
		return noOrder()
	}
	patch, refused := q.object(mergePatch)
	if refused != nil {
		return refused
	}
	var object map[string]any
	if err := json.Unmarshal(marshal(old), &object); err != nil {
		panic(err) // an order is an object
	}
	for name, value := range patch { // RFC 7396, 2; an order holds no objects
		if value == nil {
			delete(object, name)
		} else {
			object[name] = value
		}
	}
	return s.replace(q, old, object)
}

func (s *soundShop) deleteOrder(q *request) *answer {
	if s.order(q) == nil {
		return noOrder()
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	delete(s.orders, q.id)
	return empty(204)
}

// cancelOrder accepts a wish: what was paid is paid back later. The order
// shows how it stands.
func (s *soundShop) cancelOrder(q *request) *answer {
	o := s.order(q)
	if o == nil {
		return noOrder()
	}
	if o.Status == "shipped" {
		return problem(409, "the order is on its way already")
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	o.Status = "cancelled"
	a := changed(o)
	a.status = 202
	a.header.Set("Location", fmt.Sprintf("/orders/%d", o.ID))
	return a
}
