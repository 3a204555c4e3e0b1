// Package client reads status codes right: it repeats what may be repeated, waits
// as long as it was told, and turns every other answer into a typed error.
//
// A [Transport] is an [http.RoundTripper] around another one:
//
//	client := (&client.Transport{Logger: logger}).Client()
//	response, err := client.Do(...)
//
// and [Do] sends a request and returns an [*Error] for whatever is not a success,
// with the code, the header fields, the problem document (RFC 9457) and the wait.
//
// # What is tried again
//
// 408, 425, 429, 502, 503 and 504, 413 with Retry-After, and connections that fail:
// those that the code, or the lack of one, calls passing. And only what can do no
// harm twice: idempotent methods (RFC 9110, 9.2.2), requests with an
// Idempotency-Key, and what was certainly not processed: 425 says so
// (RFC 8470, 5.2), and so does a connection that never came about. A 501 and a 500
// are not tried again, and neither is content that cannot be read a second time.
//
// # How long it waits
//
// As Retry-After says, in seconds or as any of the three forms of a date
// (RFC 9110, 10.2.3), else as RateLimit says of a quota that is spent, else twice
// as long each time, with jitter. A wait that would outlast the context or
// [Transport.Budget] is not begun: the response is returned at once, with all that
// it tells.
//
// The pace slows before a quota is spent: once less than half of it is left,
// RateLimit (draft-ietf-httpapi-ratelimit-headers) spreads the requests to a host
// over the time until more is there.
//
// # What is returned
//
// The last response, whatever it is, with its content. If the last try brought
// none, the error holds the response before it as an [*Error].
package client
