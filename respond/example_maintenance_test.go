package respond_test

import (
	"net/http"
	"time"

	"github.com/statute-http/statute/respond"
)

func ExampleMaintenance() {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	api := &respond.API{
		Now:         func() time.Time { return now },
		Maintenance: &respond.Maintenance{Except: []string{"/health"}},
	}
	mux := api.NewMux()
	mux.HandleFunc("GET /health", func(*http.Request) (respond.Outcome, error) { return respond.OK("up"), nil })

	api.Maintenance.Begin(now.Add(10 * time.Minute))
	show(mux, get("/orders"), "Retry-After")
	show(mux, get("/health"))
	// Output:
	// 503 Service Unavailable
	// Retry-After: 600
	// {"title":"Service Unavailable","status":503,"detail":"under maintenance","request_id":"r1"}
	// 200 OK
	// "up"
}
