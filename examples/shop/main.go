// Command shop serves the reference API: see its README.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/statute-http/statute/examples/shop/shop"
	"github.com/statute-http/statute/examples/shop/sqlite"
)

func main() {
	address := flag.String("addr", "127.0.0.1:8080", "`address` to serve at")
	file := flag.String("db", "shop.db", "`file` that holds the shop")
	payments := flag.String("payments", "", "base `URL` of the payment provider; without one every payment is booked")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *address, *file, *payments); err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// serve serves the shop until the context ends, and then the requests that are
// under way.
func serve(ctx context.Context, address, file, payments string) (err error) {
	store, err := sqlite.Open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := shop.Fill(ctx, store); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	api, err := shop.New(ctx, shop.Config{Store: store, Accounts: shop.Demo(), Payments: payments, Logger: logger})
	if err != nil {
		return err
	}
	defer api.Close()

	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           api,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	logger.Info("serving", "url", "http://"+listener.Addr().String(), "db", file)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err = server.Shutdown(last)
	<-done // http.ErrServerClosed
	return err
}
