package shop

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute/client"
	"github.com/statute-http/statute/respond"
)

// Payment is how an order was paid.
type Payment struct {
	Cents     int64  `json:"cents"`
	Reference string `json:"reference"` // the provider's
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

// pay has the payment provider charge a card. What goes wrong there is the
// provider's: 502 if it refuses or breaks off, 504 if it is slow, and 503 at once
// when it has failed so often that it is not worth asking.
func (s *Shop) pay(ctx context.Context, in payInput) (respond.Outcome, error) {
	o, err := s.order(ctx, in.ID)
	if err != nil {
		return respond.Outcome{}, err
	}
	if o.Status != "open" {
		return respond.Outcome{}, respond.Conflict("the order is paid")
	}
	payment, err := s.charge(ctx, o, in.Card)
	if err != nil {
		return respond.Outcome{}, err
	}
	o, err = s.orders.change(ctx, in.ID, func(o *Order) error {
		if o.Status != "open" {
			return respond.Conflict("the order is paid")
		}
		o.Status, o.Payment = "paid", payment
		return nil
	})
	if err != nil {
		return respond.Outcome{}, err
	}
	s.watchers.tell(o)
	return respond.Created(fmt.Sprintf("/orders/%d/payment", o.ID), payment), nil
}

// charge asks the provider for money. The key makes it safe to ask again.
func (s *Shop) charge(ctx context.Context, o Order, with card) (*Payment, error) {
	if s.provider == "" {
		return &Payment{o.TotalCents, fmt.Sprintf("booked-%d", o.ID)}, nil
	}
	if wait := s.breaker.wait(s.now()); wait > 0 {
		return nil, respond.Unavailable(wait).Detail("the payment provider is out of order")
	}
	content, err := json.Marshal(map[string]any{"card_token": with.Token, "cents": o.TotalCents})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.provider+"/charges", bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprintf("order-%d-%d", o.ID, o.Version))
	response, err := client.Do(s.client, r)
	if refusal, ok := errors.AsType[*client.Error](err); ok && refusal.Code == http.StatusPaymentRequired {
		s.breaker.told(nil, s.now())
		return nil, respond.Conflict("the card was declined").Because(err)
	}
	s.breaker.told(err, s.now())
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct {
		Reference string `json:"reference"`
	}
	if err := json.UnmarshalRead(http.MaxBytesReader(nil, response.Body, 64<<10), &answer); err != nil {
		return nil, respond.BadGateway(fmt.Errorf("reading what the payment provider says: %w", err))
	}
	return &Payment{o.TotalCents, cmp.Or(answer.Reference, "none")}, nil
}

func (s *Shop) readPayment(ctx context.Context, in byID) (respond.Outcome, error) {
	o, err := s.order(ctx, in.ID)
	if err == nil && o.Payment == nil {
		err = respond.NotFound("the order is not paid")
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(o.Payment).Cache("private, no-cache"), nil
}

// breaker keeps the shop from asking a server that fails: after so many failures
// in a row nobody asks for a while, then one asks again.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time
}

const (
	mostFailures = 3
	openFor      = 10 * time.Second
)

// wait returns for how long the server is not to be asked, 0 if it may be.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < mostFailures {
		return 0
	}
	if wait := b.until.Sub(now); wait > 0 {
		return wait
	}
	b.until = now.Add(openFor) // the others wait for this one
	return 0
}

// told says how asking the server went.
func (b *breaker) told(err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.failures = 0
	case errors.Is(err, context.Canceled): // our client's doing
	default:
		b.failures++
		b.until = now.Add(openFor)
	}
}
