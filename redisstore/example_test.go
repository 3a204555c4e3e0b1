package redisstore_test

import (
	"log"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/redisstore"
	"github.com/statute-http/statute/respond"
)

func ExampleQuotas() {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379", ContextTimeoutEnabled: true})
	defer client.Close()
	store, err := redisstore.NewQuotas(client, "shop:quota:")
	if err != nil {
		log.Fatal(err)
	}
	limiter, err := limit.New(
		limit.Options{Store: store, Open: true, Logger: slog.Default()},
		limit.Policy{Name: "minute", Quota: 100, Window: time.Minute})
	if err != nil {
		log.Fatal(err)
	}
	_ = respond.Limit(respond.Quota{Limiter: limiter, Key: limit.ByAddress()})
}

func ExampleReplays() {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379", ContextTimeoutEnabled: true})
	defer client.Close()
	store, err := redisstore.NewReplays(client, "shop:replay:")
	if err != nil {
		log.Fatal(err)
	}
	_ = respond.Idempotent(respond.Idempotency{Store: store})
}
