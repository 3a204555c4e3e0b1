package cli

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
)

// The ten kinds of faults on which seven testers of REST APIs were compared
// (Zhang and Arcuri, Open Problems in Fuzzing RESTful APIs, 2023, table 7).
const (
	crash        = "an error that nobody handles"
	wrongType    = "null where a boolean is required"
	undocumented = "a 2xx that the description does not list"
	noMaximum    = "a maximum that is not heeded"
	noEnum       = "an enum that is not heeded"
	noRequired   = "a required member that may be missing"
	deadLocation = "a Location that leads nowhere"
	noDelete     = "a DELETE that deletes nothing"
	partialPut   = "a PUT that keeps what it left out"
	addingPut    = "a PUT that adds"
)

// TestRESTFaults plants each of the ten faults in an API of eight operations, and
// then all of them: each must be found by the rule that names it, and nothing else
// where it is alone. What the comparison's API has one of (one thing to PUT and
// DELETE, there from the start) is a collection here: nothing is written to what a
// run did not make.
func TestRESTFaults(t *testing.T) {
	tests := []struct {
		fault     string
		rule      string
		cause     statute.Cause // "" if it does not matter
		operation string
	}{
		{crash, "500-for-valid-request", "", "GET /total"},
		{wrongType, "undocumented-content", "", "GET /newest"},
		{undocumented, "undocumented-code", "", "PUT /bookings/{id}"},
		{noMaximum, "2xx-for-invalid", statute.OutOfRange, "POST /bookings"},
		{noEnum, "2xx-for-invalid", statute.NotInEnum, "POST /bookings"},
		{noRequired, "2xx-for-invalid", statute.MissingField, "POST /bookings"},
		{deadLocation, "location-dead", "", "POST /bookings"},
		{noDelete, "deleted-still-there", "", "GET /bookings/{id}"}, // which shows it
		{partialPut, "put-partial", "", "PUT /bookings/{id}"},
		{addingPut, "put-not-idempotent", "", "PUT /counters/{id}"},
	}
	shows := func(f *statute.Finding, rule, operation string) bool {
		return f.Rule.ID == rule && slices.ContainsFunc(f.Operations, func(o statute.Operation) bool { return o.String() == operation })
	}
	var faults []string
	for _, test := range tests {
		faults = append(faults, test.fault)
	}
	for _, planted := range append(append([][]string{nil}, slices.Collect(slices.Chunk(faults, 1))...), faults) {
		name := strings.Join(planted, ", ")
		switch len(planted) {
		case 0:
			name = "none"
		case len(faults):
			name = "all"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a run waits more than it works
			findings := checkBookings(t, planted)
			for _, test := range tests {
				if !slices.Contains(planted, test.fault) {
					continue
				}
				if !slices.ContainsFunc(findings, func(f *statute.Finding) bool {
					return shows(f, test.rule, test.operation) && (test.cause == "" || slices.Contains(f.Causes, test.cause))
				}) {
					t.Errorf("missed: %s", test.fault)
				}
				if len(planted) == 1 {
					findings = slices.DeleteFunc(findings, func(f *statute.Finding) bool {
						return shows(f, test.rule, test.operation) && len(f.Operations) == 1
					})
				}
			}
			for _, f := range findings {
				if len(planted) < len(faults) {
					t.Errorf("not planted: %s on %v (%s): %s", f.Rule.ID, f.Operations, f.Cause, f.Message)
				}
			}
		})
	}
}

// checkBookings checks the bookings with these faults, and returns what is found.
func checkBookings(t *testing.T, faults []string) []*statute.Finding {
	t.Helper()
	findings, result := checked(t, bookingsDescription, newBookings(faults))
	t.Logf("%d requests for %d operations", result.Requests, len(result.Operations))
	return findings
}

const bookingsDescription = `
openapi: 3.0.3
info: {title: bookings, version: "1"}
paths:
  /total:
    get:
      responses:
        "200": {description: how many there are, content: {application/json: {schema: {type: integer}}}}
  /newest:
    get:
      responses:
        "200": {description: an example, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
  /bookings:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
  /bookings/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: a booking, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
      responses:
        "200": {description: replaced, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
    delete:
      responses:
        "204": {description: deleted}
  /counters/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        "200": {description: a counter, content: {application/json: {schema: {$ref: '#/components/schemas/Counter'}}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Counter'}}}}
      responses:
        "200": {description: set, content: {application/json: {schema: {$ref: '#/components/schemas/Counter'}}}}
        "201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Counter'}}}}
components:
  schemas:
    Booking:
      type: object
      additionalProperties: false
      required: [paid]
      properties:
        id: {type: integer, readOnly: true}
        paid: {type: boolean}
        seats: {type: integer, maximum: 100}
        place: {type: string, enum: [inside, terrace]}
        note: {type: string}
    Counter:
      type: object
      additionalProperties: false
      required: [value]
      properties:
        value: {type: integer}
`

// booking is a booking as it is sent and shown.
type booking struct {
	ID    int    `json:"id,omitzero"`
	Paid  *bool  `json:"paid"`
	Seats int    `json:"seats,omitzero"`
	Place string `json:"place,omitzero"`
	Note  string `json:"note,omitzero"`
}

func (b booking) Validate() error {
	var wrong []error
	if b.ID != 0 {
		wrong = append(wrong, respond.Field("/id", "is given by the server"))
	}
	if b.Paid == nil {
		wrong = append(wrong, respond.Field("/paid", "is required"))
	}
	if b.Seats > 100 {
		wrong = append(wrong, respond.Field("/seats", "must be at most 100"))
	}
	if b.Place != "" && b.Place != "inside" && b.Place != "terrace" {
		wrong = append(wrong, respond.Field("/place", "must be inside or terrace"))
	}
	return errors.Join(wrong...)
}

// unchecked is a booking that nobody has checked.
type unchecked booking

type counter struct {
	Value *int `json:"value"`
}

func (c counter) Validate() error {
	if c.Value == nil {
		return respond.Field("/value", "is required")
	}
	return nil
}

// bookings is the API with some of the faults.
type bookings struct {
	faults []string

	mu       sync.Mutex
	last     int
	all      map[int]booking
	counters map[string]int
}

func newBookings(faults []string) http.Handler {
	b := &bookings{faults: faults, all: map[int]booking{}, counters: map[string]int{}}
	mux := new(respond.API).NewMux()
	mux.HandleFunc("GET /total", b.total)
	mux.HandleFunc("GET /newest", b.newest)
	mux.Handle("POST /bookings", respond.In(b.create))
	mux.Handle("GET /bookings/{id}", respond.In(b.get))
	mux.Handle("PUT /bookings/{id}", respond.In(b.put))
	mux.Handle("DELETE /bookings/{id}", respond.In(b.delete))
	mux.Handle("GET /counters/{id}", respond.In(b.count))
	mux.Handle("PUT /counters/{id}", respond.In(b.set))
	return mux
}

func (b *bookings) has(fault string) bool { return slices.Contains(b.faults, fault) }

func (b *bookings) total(*http.Request) (respond.Outcome, error) {
	if b.has(crash) {
		return respond.Outcome{}, errors.New("it crashed")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return respond.OK(len(b.all)), nil
}

func (b *bookings) newest(*http.Request) (respond.Outcome, error) {
	newest := booking{Paid: new(bool), Seats: 42, Place: "inside"}
	if b.has(wrongType) {
		newest.Paid = nil
	}
	return respond.OK(newest), nil
}

func (b *bookings) create(_ context.Context, sent unchecked) (respond.Outcome, error) {
	made := booking(sent)
	if b.has(noRequired) && made.Paid == nil {
		made.Paid = new(bool)
	}
	if b.has(noMaximum) {
		made.Seats = min(made.Seats, 100)
	}
	if b.has(noEnum) && made.Place != "terrace" {
		made.Place = "inside"
	}
	if err := made.Validate(); err != nil {
		return respond.Outcome{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	made.ID = b.last
	b.all[b.last] = made
	location := "/bookings/" + strconv.Itoa(made.ID)
	if b.has(deadLocation) {
		location = "/nowhere"
	}
	return respond.Created(location, made), nil
}

type oneBooking struct {
	ID int `path:"id"`
}

func (b *bookings) get(_ context.Context, in oneBooking) (respond.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if found, ok := b.all[in.ID]; ok {
		return respond.OK(found), nil
	}
	return respond.Outcome{}, respond.NotFound("there is no such booking")
}

func (b *bookings) put(_ context.Context, in struct {
	ID   int     `path:"id"`
	Sent booking `body:"json"`
},
) (respond.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	old, ok := b.all[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such booking")
	}
	in.Sent.ID = in.ID
	if b.has(partialPut) {
		in.Sent.Note = cmp.Or(in.Sent.Note, old.Note)
	}
	b.all[in.ID] = in.Sent
	if b.has(undocumented) {
		return respond.NoContent(), nil
	}
	return respond.OK(in.Sent), nil
}

func (b *bookings) delete(_ context.Context, in oneBooking) (respond.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.all[in.ID]; !ok {
		return respond.Outcome{}, respond.NotFound("there is no such booking")
	}
	if !b.has(noDelete) {
		delete(b.all, in.ID)
	}
	return respond.NoContent(), nil
}

func (b *bookings) count(_ context.Context, in struct {
	ID string `path:"id"`
},
) (respond.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	value, ok := b.counters[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such counter")
	}
	return respond.OK(counter{&value}), nil
}

func (b *bookings) set(_ context.Context, in struct {
	ID   string  `path:"id"`
	Sent counter `body:"json"`
},
) (respond.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	value := *in.Sent.Value
	old, ok := b.counters[in.ID]
	if b.has(addingPut) {
		value += old
	}
	b.counters[in.ID] = value
	if !ok {
		return respond.Created("/counters/"+in.ID, counter{&value}), nil
	}
	return respond.OK(counter{&value}), nil
}
