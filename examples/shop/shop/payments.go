package shop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute/client"
	"github.com/statute-http/statute/respond"
)

// Payment is how an order is paid. While the order is "paying" it has no
// reference: whether the card was charged is not known yet.
type Payment struct {
	Cents     int64  `json:"cents"`
	Card      string `json:"card"`               // tells cards apart; nothing can be paid by it
	Reference string `json:"reference,omitzero"` // the provider's
}

// payInput is a whole request.
type payInput struct {
	ID   int64 `path:"id"`
	Card card  `body:"json"`
}

// card is the content of a request.
type card struct {
	Token string `json:"card_token" validate:"required,max=100"` // the provider's word for a card
}

// Validate implements what [respond.In] looks for.
func (c card) Validate() error { return valid(c) }

// pay has the payment provider charge a card. All that can be said without the
// provider is said first. Then the order is "paying", and cannot change, until
// the provider has said yes or no. Without such an answer it remains so: the
// client asks again, with the same card, and the provider tells by the key that
// it is the same payment.
func (s *Shop) pay(ctx context.Context, in payInput) (respond.Outcome, error) {
	o, err := s.order(ctx, in.ID)
	if err == nil {
		err = o.payable(in.Card)
	}
	if err == nil {
		err = respond.Check(ctx, o.version())
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	if wait := s.breaker.wait(s.now()); wait > 0 {
		return respond.Outcome{}, respond.Unavailable(wait).Detail("the payment provider is out of order")
	}
	if o.Status == "open" {
		if o, err = s.beginPayment(ctx, o, in.Card); err != nil {
			return respond.Outcome{}, err
		}
	}
	reference, err := s.charge(ctx, o, in.Card)
	s.breaker.told(err, s.now())
	no := refusal(err)
	if err != nil && no == nil {
		return respond.Outcome{}, err
	}
	if o, err = s.endPayment(o, reference); err != nil {
		return respond.Outcome{}, err
	}
	if no != nil {
		return respond.Outcome{}, no
	}
	return respond.Created(fmt.Sprintf("/orders/%d/payment", o.ID), o.Payment), nil
}

// payable returns nil for an order that can be paid by a card: an open one, or one
// that is being paid by that very card.
func (o Order) payable(with card) error {
	if o.Status == "paying" && o.Payment.Card == digest(with.Token) {
		return nil
	}
	return o.fixed()
}

// beginPayment makes an open order one that is being paid.
func (s *Shop) beginPayment(ctx context.Context, seen Order, with card) (Order, error) {
	return s.update(ctx, seen, func(o *Order) {
		o.Status, o.Payment = "paying", &Payment{Cents: o.TotalCents, Card: digest(with.Token)}
	})
}

// endPayment makes an order that was being paid a paid one, or, without a
// reference, an open one again. The shop does so in its own name, not in that of a
// request: what the provider did counts, even if the client is gone meanwhile.
func (s *Shop) endPayment(seen Order, reference string) (Order, error) {
	return s.update(s.ctx, seen, func(o *Order) {
		if reference == "" {
			o.Status, o.Payment = "open", nil
			return
		}
		o.Status, o.Payment.Reference = "paid", reference
	})
}

// charge asks the provider for the money of an order that is being paid, and
// returns its reference. The key is made of the order's version, which stays as it
// is until the answer is known: so the same payment is never made twice.
func (s *Shop) charge(ctx context.Context, o Order, with card) (reference string, err error) {
	if s.provider == "" {
		return fmt.Sprintf("booked-%d", o.ID), nil
	}
	content, err := json.Marshal(map[string]any{"card_token": with.Token, "cents": o.Payment.Cents})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.provider+"/charges", bytes.NewReader(content))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprintf("order-%d-%d", o.ID, o.Version))
	response, err := client.Do(s.client, r)
	if answer, ok := errors.AsType[*client.Error](err); ok && answer.Code == http.StatusConflict {
		return "", respond.Conflict("the order is being paid").Because(err) // the provider is still at it
	}
	if err != nil {
		return "", err // a 502, 503 or 504 of the shop's own
	}
	defer response.Body.Close()
	var answer struct {
		Reference string `json:"reference"`
	}
	err = json.UnmarshalRead(io.LimitReader(response.Body, 64<<10), &answer)
	if err == nil && answer.Reference == "" {
		err = errors.New("no reference")
	}
	if err != nil {
		return "", respond.BadGateway(fmt.Errorf("reading what the payment provider says: %w", err))
	}
	return answer.Reference, nil
}

// refusal returns what to answer where the provider refused to charge the card,
// nil where it did not: where it failed, or did not even judge the card.
func refusal(err error) error {
	answer, ok := errors.AsType[*client.Error](err)
	if !ok {
		return nil
	}
	switch answer.Code {
	case http.StatusPaymentRequired:
		return respond.Conflict("the card was declined").Because(err)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return respond.Invalid(respond.FieldError{
			Pointer: "/card_token", Detail: "is not taken by the payment provider",
		}).Because(err)
	}
	return nil
}

// readPayment answers how an order is paid, also while that is not certain.
func (s *Shop) readPayment(ctx context.Context, in byID) (respond.Outcome, error) {
	o, err := s.order(ctx, in.ID)
	if err == nil && o.Payment == nil {
		err = respond.NotFound("the order is not paid")
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(o.Payment).Version(o.version()).Cache("private, no-cache"), nil
}
