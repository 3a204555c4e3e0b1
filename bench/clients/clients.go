package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/PuerkitoBio/rehttp"
	"github.com/cenkalti/backoff/v5"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/hashicorp/go-retryablehttp"
	"resty.dev/v3"

	statute "github.com/statute-http/statute/client"
)

// client sends a request as its documentation shows and returns what it tells of
// the last answer.
type client struct {
	name string
	send func(ctx context.Context, method, url string) (code int, content string, err error)
}

var clients = []client{
	{"client", func(ctx context.Context, method, url string) (int, string, error) {
		r, err := http.NewRequestWithContext(ctx, method, url, nil)
		if err != nil {
			return 0, "", err
		}
		response, err := statute.Do(new(statute.Transport).Client(), r)
		if told, ok := errors.AsType[*statute.Error](err); ok {
			return told.Code, string(told.Content), err
		}
		return read(response, err)
	}},
	{"net/http", func(ctx context.Context, method, url string) (int, string, error) {
		return through(ctx, &http.Client{}, method, url)
	}},
	{"retryablehttp", func(ctx context.Context, method, url string) (int, string, error) {
		c := retryablehttp.NewClient()
		c.Logger = nil
		return through(ctx, c.StandardClient(), method, url)
	}},
	{"resty", func(ctx context.Context, method, url string) (int, string, error) {
		c := resty.New().SetRetryCount(3).AddRetryConditions(resty.RetryConditionStatusTooManyRequests, resty.RetryConditionStatus5XX)
		defer c.Close()
		response, err := c.R().SetContext(ctx).Execute(method, url)
		if response == nil {
			return 0, "", err
		}
		return response.StatusCode(), response.String(), err
	}},
	{"failsafehttp", func(ctx context.Context, method, url string) (int, string, error) {
		policy := failsafehttp.NewRetryPolicyBuilder().Build()
		return through(ctx, &http.Client{Transport: failsafehttp.NewRoundTripper(nil, policy)}, method, url)
	}},
	{"rehttp", func(ctx context.Context, method, url string) (int, string, error) {
		retry := rehttp.RetryAll(rehttp.RetryMaxRetries(3), rehttp.RetryAny(rehttp.RetryTemporaryErr(), rehttp.RetryStatuses(429, 503)))
		t := rehttp.NewTransport(nil, retry, rehttp.ExpJitterDelay(200*time.Millisecond, time.Second))
		return through(ctx, &http.Client{Transport: t}, method, url)
	}},
	{"backoff", func(ctx context.Context, method, url string) (code int, _ string, err error) {
		code, err = backoff.Retry(ctx, func() (int, error) {
			r, err := http.NewRequestWithContext(ctx, method, url, nil)
			if err != nil {
				return 0, backoff.Permanent(err)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				return 0, err
			}
			defer response.Body.Close()
			err = fmt.Errorf("answered %s", response.Status)
			switch code := response.StatusCode; {
			case code == 429:
				if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
					return 0, backoff.RetryAfter(seconds)
				}
				return 0, err
			case code >= 500:
				return 0, err
			case code >= 400:
				return 0, backoff.Permanent(err)
			}
			return response.StatusCode, nil
		}, backoff.WithBackOff(backoff.NewExponentialBackOff()), backoff.WithMaxTries(4))
		return code, "", err
	}},
}

func through(ctx context.Context, c *http.Client, method, url string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, "", err
	}
	return read(c.Do(r))
}

func read(response *http.Response, err error) (int, string, error) {
	if response == nil {
		return 0, "", err
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	return response.StatusCode, string(content), err
}
