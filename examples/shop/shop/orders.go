package shop

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/statute-http/statute/respond"
)

// Order is what a customer wants.
type Order struct {
	Head
	CustomerID int64  `json:"customer_id"`
	Status     string `json:"status"` // "open", "paying" or "paid"
	TotalCents int64  `json:"total_cents"`
	OrderInput
	Payment *Payment `json:"payment,omitzero"`
}

func (o *Order) keys() (owner int64, name string) { return o.CustomerID, "" }

// fixed returns why an order cannot be changed any more, nil for an open one.
func (o Order) fixed() error {
	switch o.Status {
	case "paying":
		return respond.Conflict("the order is being paid")
	case "paid":
		return respond.Conflict("the order is paid")
	}
	return nil
}

// OrderInput is what clients say of an order.
type OrderInput struct {
	Note  string `json:"note,omitzero" validate:"max=200"`
	Lines []Line `json:"lines" validate:"min=1,max=50,dive"`
}

// Line is so many of one item.
type Line struct {
	ItemID   int64 `json:"item_id" validate:"min=1"`
	Quantity int64 `json:"quantity" validate:"min=1,max=999"`
}

// Validate implements what [respond.In] looks for.
func (in OrderInput) Validate() error { return valid(in) }

// total returns what the lines cost, or which of them name no item on sale.
func (s *Shop) total(ctx context.Context, lines []Line) (int64, error) {
	var (
		cents int64
		errs  []error
	)
	for i, line := range lines {
		it, err := s.items.get(ctx, line.ItemID)
		switch {
		case errors.Is(err, ErrNotFound) || err == nil && it.Discontinued:
			errs = append(errs, respond.Field(fmt.Sprintf("/lines/%d/item_id", i), "must be the id of an item on sale"))
		case err != nil:
			return 0, err
		}
		cents += it.PriceCents * line.Quantity
	}
	return cents, errors.Join(errs...)
}

// listOrdersInput is a whole request.
type listOrdersInput struct {
	page
	Status string `query:"status"`
}

func statuses() []string { return []string{"open", "paying", "paid"} }

// Validate implements what [respond.In] looks for.
func (in listOrdersInput) Validate() error {
	err := in.page.Validate()
	if in.Status != "" && !slices.Contains(statuses(), in.Status) {
		err = errors.Join(err, respond.Parameter("status", "must be one of "+strings.Join(statuses(), ", ")))
	}
	return err
}

// listOrders answers with the caller's orders, to clerks with everybody's.
func (s *Shop) listOrders(ctx context.Context, in listOrdersInput) (respond.Outcome, error) {
	owner := caller(ctx).CustomerID
	if caller(ctx).sees(0) {
		owner = 0
	}
	query := url.Values{}
	if in.Status != "" {
		query.Set("status", in.Status)
	}
	all := only(s.orders.all(ctx, owner, in.After), func(o Order) bool { return in.Status == "" || in.Status == o.Status })
	return list("/orders", query, in.page, all)
}

// createOrderInput is the content of a request.
type createOrderInput struct {
	CustomerID int64 `json:"customer_id,omitzero"` // clerks order for others; without it, the caller
	OrderInput
}

func (s *Shop) createOrder(ctx context.Context, in createOrderInput) (respond.Outcome, error) {
	owner := in.CustomerID
	if owner == 0 {
		owner = caller(ctx).CustomerID
	}
	if !caller(ctx).sees(owner) {
		return respond.Outcome{}, respond.Forbidden("only clerks may order for others")
	}
	if _, err := s.customers.get(ctx, owner); errors.Is(err, ErrNotFound) {
		return respond.Outcome{}, respond.Field("/customer_id", "must be the id of a customer")
	} else if err != nil {
		return respond.Outcome{}, err
	}
	total, err := s.total(ctx, in.Lines)
	if err != nil {
		return respond.Outcome{}, err
	}
	o, err := s.orders.add(ctx, Order{CustomerID: owner, Status: "open", TotalCents: total, OrderInput: in.OrderInput})
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.Created(fmt.Sprintf("/orders/%d", o.ID), o).Version(o.version()), nil
}

// order returns an order that the caller may see.
func (s *Shop) order(ctx context.Context, id int64) (Order, error) {
	o, err := s.orders.get(ctx, id)
	if err == nil && !caller(ctx).sees(o.CustomerID) {
		err = ErrNotFound
	}
	return o, err
}

func (s *Shop) readOrder(ctx context.Context, in byID) (respond.Outcome, error) {
	o, err := s.order(ctx, in.ID)
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(o).Version(o.version()).Cache("private, no-cache"), nil
}

// changeOrder changes an order by a merge patch (RFC 7396). To decode one over what
// is there does what it says, as no member is an object: members that it lacks
// stay, null empties them. Once the order is paid, what was bought stays.
func (s *Shop) changeOrder(r *http.Request) (respond.Outcome, error) {
	id, err := pathID(r)
	if err != nil {
		return respond.Outcome{}, err
	}
	ctx := r.Context()
	seen, err := s.order(ctx, id)
	if err != nil {
		return respond.Outcome{}, err
	}
	input := seen.OrderInput
	input.Lines = slices.Clone(seen.Lines)
	if err := respond.Decode(r, &input); err != nil {
		return respond.Outcome{}, err
	}
	total, same := seen.TotalCents, slices.Equal(seen.Lines, input.Lines)
	if !same {
		total, err = s.total(ctx, input.Lines)
	}
	if err == nil && (seen.Status != "paid" || !same) {
		err = seen.fixed()
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	o, err := s.update(ctx, seen, func(o *Order) { o.OrderInput, o.TotalCents = input, total })
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(o), nil
}

// update changes an order that still is as it was seen, and tells those who watch
// it.
func (s *Shop) update(ctx context.Context, seen Order, change func(*Order)) (Order, error) {
	o, err := s.orders.change(ctx, seen.ID, func(o *Order) error {
		if o.Version != seen.Version {
			return respond.Conflict("the order has just been changed by somebody else")
		}
		change(o)
		return nil
	})
	if err == nil {
		s.watchers.tell(o)
	}
	return o, err
}

// removeOrder takes an order back. Once it is paid only clerks can, and nobody while
// it is being paid.
func (s *Shop) removeOrder(ctx context.Context, in byID) (respond.Outcome, error) {
	err := s.orders.remove(ctx, in.ID, func(o Order) error {
		switch {
		case !caller(ctx).sees(o.CustomerID):
			return ErrNotFound
		case o.Status == "paid" && caller(ctx).sees(0):
			return nil
		}
		return o.fixed()
	})
	return respond.NoContent(), err
}
