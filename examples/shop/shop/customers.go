package shop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/statute-http/statute/respond"
)

// Customer is somebody who orders.
type Customer struct {
	Head
	CustomerInput
}

func (c *Customer) keys() (owner int64, name string) { return 0, strings.ToLower(c.Email) }

// CustomerInput is what clients say of a customer.
type CustomerInput struct {
	Name  string `json:"name" validate:"required,max=100"`
	Email string `json:"email" validate:"required,max=254,email"` // no two customers have the same
}

// Validate implements what [respond.In] looks for.
func (in CustomerInput) Validate() error { return valid(in) }

func (s *Shop) listCustomers(ctx context.Context, in page) (respond.Outcome, error) {
	return list("/customers", url.Values{}, in, s.customers.all(ctx, 0, in.After))
}

func (s *Shop) createCustomer(ctx context.Context, in CustomerInput) (respond.Outcome, error) {
	c, err := s.customers.add(ctx, Customer{CustomerInput: in})
	if err != nil {
		return respond.Outcome{}, emailTaken(err)
	}
	return respond.Created(fmt.Sprintf("/customers/%d", c.ID), c).Version(c.version()), nil
}

// emailTaken says more of a name that is taken.
func emailTaken(err error) error {
	if errors.Is(err, ErrTaken) {
		return respond.Conflict("another customer has this e-mail address")
	}
	return err
}

// me leads to the customer who asks. It is a 307: the same request belongs there,
// and somebody else's belongs elsewhere.
func (s *Shop) me(r *http.Request) (respond.Outcome, error) {
	return respond.TemporaryRedirect(fmt.Sprintf("/customers/%d", caller(r.Context()).CustomerID)).Cache("no-store"), nil
}

func (s *Shop) readCustomer(ctx context.Context, in byID) (respond.Outcome, error) {
	if !caller(ctx).sees(in.ID) {
		return respond.Outcome{}, ErrNotFound
	}
	c, err := s.customers.get(ctx, in.ID)
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(c).Version(c.version()).Cache("private, no-cache"), nil
}

// replaceCustomerInput is a whole request.
type replaceCustomerInput struct {
	ID       int64         `path:"id"`
	Customer CustomerInput `body:"json"`
}

func (s *Shop) replaceCustomer(ctx context.Context, in replaceCustomerInput) (respond.Outcome, error) {
	if !caller(ctx).sees(in.ID) {
		return respond.Outcome{}, ErrNotFound
	}
	c, err := s.customers.change(ctx, in.ID, func(c *Customer) error {
		c.CustomerInput = in.Customer
		return nil
	})
	if err != nil {
		return respond.Outcome{}, emailTaken(err)
	}
	return respond.OK(c), nil
}

func (s *Shop) removeCustomer(ctx context.Context, in byID) (respond.Outcome, error) {
	err := s.customers.remove(ctx, in.ID, func(Customer) error { return nil })
	return respond.NoContent(), err
}
