// Package limit decides whether a request may pass. It answers nothing itself:
// package respond writes the 429.
//
// A [Policy] is a quota: so many units in a window of time. A [Limiter] holds
// one or several, and a request draws on all of them or on none: what one policy
// refuses, the others are not charged for.
//
//	limiter, err := limit.New(limit.Options{},
//		limit.Policy{Name: "burst", Quota: 10, Window: time.Second},
//		limit.Policy{Name: "day", Quota: 5000, Window: 24 * time.Hour})
//	...
//	decision, err := limiter.Allow(ctx, key(r), 1)
//
// # The algorithm
//
// The state of a quota is one number, its debt: the time until all of it is back
// (the generic cell rate algorithm). A unit costs Window/Quota of time. A request
// passes if the debt with its cost added is no more than the window; the debt
// shrinks as time goes by. So a quota can be spent at once, then comes back unit
// by unit, not all at the end of a window; how long a refused request has to wait
// is known exactly; and nothing has to run in the background.
//
// # Keys
//
// A [Key] says whose quota a request draws on. [ByAddress] and [ByForwarded] trust
// only what known proxies wrote, [ByField] keeps no secret, [ByPrincipal] asks
// the authentication. Several limiters, one after the other, hold limits by
// several keys.
//
// # Stores
//
// A [Store] keeps the debts. [Memory] is that of one process; the module
// github.com/statute-http/statute/redisstore shares them among many. A store may
// fail: [Options] say whether requests pass then or not, and the log hears of it
// once, not once a request.
//
// [InFlight] limits something else: how many requests are served at the same
// time.
//
// # Fields
//
// [Decision.SetFields] tells the client: RateLimit and RateLimit-Policy as in
// draft-ietf-httpapi-ratelimit-headers-11, or the older fields, and Retry-After
// with what is refused.
package limit
