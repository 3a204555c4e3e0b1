// Package redisstore keeps what the processes of a service share in Redis or
// Valkey, version 5 or later.
//
// [Quotas] is a store for package limit:
//
//	client := redis.NewClient(&redis.Options{Addr: "localhost:6379", ContextTimeoutEnabled: true})
//	store, err := redisstore.NewQuotas(client, "shop:quota:")
//	...
//	limiter, err := limit.New(limit.Options{Store: store, Logger: logger},
//		limit.Policy{Name: "minute", Quota: 100, Window: time.Minute})
//
// [Replays] is a store for the idempotency keys of package respond.
//
// A decision is one script and one round trip, however many policies there are.
// The script counts with Redis's clock, so the clocks of the processes do not
// matter. A charge whose answer is lost on the way is made again: less may pass,
// never more. All that is known of a key is in one hash under one name, so every
// decision has its place in a cluster. Names expire when nothing is owed any more.
//
// # What Redis forgets
//
// A Redis that is killed forgets the last second, the last minutes or everything,
// by its configuration. Whoever takes that for a clean record hands all quotas out
// a second time. Quotas does not: what a server remembers from before its own
// start counts as spent at that time, and so does what it does not know, if it
// began after the first decision of this process. From then on quotas come back as
// always: the price of a restart is at most one window of every policy without
// bursts. [Quotas.Durable] turns this off for a Redis that loses nothing.
//
// A process whose first decision comes after the restart does not know of it: a key
// that is gone from Redis is new to it, and starts with its whole quota. So the
// bound, if all processes are started anew with Redis, is that of a limiter in
// memory: each key may have one quota twice, once before the kill and once after it.
// One process that was there before is no help to the others, except for keys that
// it charges first. Start processes before they get traffic, with a decision of no
// cost ([limit.Limiter.Allow] with 0), so that they know the server from then on.
//
// What is left are a replica that takes over without the last writes, and a
// configuration that evicts keys: use maxmemory-policy noeviction, or one of the
// volatile ones with memory to spare.
//
// The client logs on its own when a server is missing; see its SetLogger.
package redisstore
