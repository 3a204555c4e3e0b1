package respond_test

import (
	"net/http"
	"time"

	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

func ExampleLimit() {
	limiter, err := limit.New(limit.Options{}, limit.Policy{Name: "burst", Quota: 1, Window: time.Hour})
	if err != nil {
		panic(err)
	}
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}, respond.Limit(respond.Quota{Limiter: limiter, Key: limit.ByAddress()}))
	show(h, get("/"), "RateLimit")
	show(h, get("/"), "Retry-After")
	// Output:
	// 204 No Content
	// RateLimit: "burst";r=0;t=3600
	// 429 Too Many Requests
	// Retry-After: 3600
	// {"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Quota exceeded","status":429,"violated-policies":["burst"],"limits":[{"policy":"burst","quota":1,"window":3600,"remaining":0,"reset":3600}],"request_id":"r1"}
}
