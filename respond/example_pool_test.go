package respond_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExamplePool() {
	stats := func() sql.DBStats { // db.Stats
		return sql.DBStats{MaxOpenConnections: 10, InUse: 10}
	}
	api := &respond.API{Mappings: []respond.Mapping{respond.NoRows, respond.Duplicate, respond.Pool(stats)}}
	show(api.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, fmt.Errorf("reading item 1: %w", context.DeadlineExceeded)
	}), get("/items/1"), "Retry-After")
	// Output:
	// 503 Service Unavailable
	// Retry-After: 5
	// {"title":"Service Unavailable","status":503,"request_id":"r1"}
}
