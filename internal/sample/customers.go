package sample

import (
	"fmt"
	"maps"
	"slices"
)

// customer is somebody who orders.
type customer struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"` // no two customers have the same
}

func customerFields() []field {
	return []field{
		{"id", false, nil}, // the shop gives it
		{"name", true, text(1, 100)},
		{"email", true, email},
	}
}

// takeCustomer returns the customer in the content, who has no id yet; a 409
// if another than the one with the given id has the same address.
func (s *soundShop) takeCustomer(q *request, id int) (*customer, *answer) {
	object, refused := q.object("application/json")
	if refused != nil {
		return nil, refused
	}
	c, refused := take[customer](object, customerFields())
	if refused != nil {
		return nil, refused
	}
	for _, other := range s.customers {
		if other.Email == c.Email && other.ID != id {
			return nil, problem(409, "another customer has this e-mail address")
		}
	}
	return c, nil
}

func noCustomer() *answer { return problem(404, "there is no such customer") }

func (s *soundShop) listCustomers(*request) *answer {
	list := []*customer{}
	for _, id := range slices.Sorted(maps.Keys(s.customers)) {
		list = append(list, s.customers[id])
	}
	return ok(list)
}

func (s *soundShop) createCustomer(q *request) *answer {
	c, refused := s.takeCustomer(q, 0)
	if refused != nil {
		return refused
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	s.lastCustomer++
	c.ID = s.lastCustomer
	s.customers[c.ID] = c
	return created(fmt.Sprintf("/customers/%d", c.ID), c)
}

func (s *soundShop) getCustomer(q *request) *answer {
	c := s.customers[q.id]
	if c == nil {
		return noCustomer()
	}
	return ok(c)
}

func (s *soundShop) putCustomer(q *request) *answer {
	if s.customers[q.id] == nil {
		return noCustomer()
	}
	c, refused := s.takeCustomer(q, q.id)
	if refused != nil {
		return refused
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	c.ID = q.id
	s.customers[c.ID] = c
	return changed(c)
}

func (s *soundShop) deleteCustomer(q *request) *answer {
	if s.customers[q.id] == nil {
		return noCustomer()
	}
	if refused := q.unmet(s); refused != nil {
		return refused
	}
	delete(s.customers, q.id)
	return empty(204)
}
