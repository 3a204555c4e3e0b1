package respond_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

var outOfStock = respond.Problem{Type: "/problems/out-of-stock", Title: "Out of stock", Code: 409}

func TestErrors(t *testing.T) {
	cause := errors.New("s3cret")
	tests := []struct {
		name  string
		err   error
		cause bool // it is in the log
		want  string
	}{
		{
			"problem", outOfStock.New("2 are left").With("left", 2).Because(cause), true,
			`409 {"type":"/problems/out-of-stock","title":"Out of stock","status":409,"detail":"2 are left","left":2,"request_id":"ID"}`,
		},
		{
			"problem itself", fmt.Errorf("selling: %w", outOfStock), false,
			`409 {"type":"/problems/out-of-stock","title":"Out of stock","status":409,"request_id":"ID"}`,
		},
		{
			"wrapped", fmt.Errorf("s3cret: %w", respond.Conflict("taken")), true,
			`409 {"title":"Conflict","status":409,"detail":"taken","request_id":"ID"}`,
		},
		{
			"fields", errors.Join(respond.Field("/a/0", "is required"), fmt.Errorf("s3cret: %w", respond.Field("/b", "must be odd"))), false,
			`422 {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed",` +
				`"errors":[{"pointer":"/a/0","detail":"is required"},{"pointer":"/b","detail":"must be odd"}],"request_id":"ID"}`,
		},
		{
			"member that is not JSON", respond.Conflict("taken").With("x", func() {}), false,
			`409 {"title":"Conflict","status":409,"detail":"taken","request_id":"ID"}`,
		},
		{"gone", respond.Gone("/v2"), false, `410 Link: </v2>; rel="successor-version" {"title":"Gone","status":410,"request_id":"ID"}`},
		{
			"legal reasons", respond.LegalReasons("https://court.example"), false,
			`451 Link: <https://court.example>; rel="blocked-by" {"title":"Unavailable For Legal Reasons","status":451,"request_id":"ID"}`,
		},
		{
			"built in", fmt.Errorf("s3cret: %w", &net.DNSError{Err: "s3cret"}), true,
			`502 {"title":"Bad Gateway","status":502,"request_id":"ID"}`,
		},
		{"of a file", fmt.Errorf("s3cret: %w", &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}), true, `500 {"title":"Internal Server Error","status":500,"request_id":"ID"}`},
		{"no such file", fmt.Errorf("s3cret: %w", &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}), true, `404 {"title":"Not Found","status":404,"request_id":"ID"}`},
		{"no such socket", fmt.Errorf("s3cret: %w", &net.OpError{Op: "dial", Net: "unix", Err: syscall.ENOENT}), true, `502 {"title":"Bad Gateway","status":502,"request_id":"ID"}`},
		{"mapped", fmt.Errorf("s3cret: %w", errPool), true, `409 {"title":"Conflict","status":409,"detail":"mapped","request_id":"ID"}`},
		{"a child canceled", context.Canceled, false, `500 {"title":"Internal Server Error","status":500,"request_id":"ID"}`},
	}
	var written log
	api := &respond.API{Logger: slog.New(slog.NewTextHandler(&written, nil)), Mappings: []respond.Mapping{
		respond.NoRows, respond.Is(errPool, respond.Conflict("mapped")), respond.Is(errPool, respond.NotFound("")),
	}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serve(t, route(api, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
				return respond.Outcome{}, test.err
			})))
			before := strings.Count(written.String(), "s3cret")
			got := text(w.send("POST /thing", "{}"), "Link")
			if diff := cmp.Diff(test.want, strings.Join(strings.Fields(got), " ")); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
			if test.cause && strings.Count(written.String(), "s3cret") == before {
				t.Errorf("the cause is not in the log:\n%s", written.String())
			}
		})
	}
	err := error(outOfStock.New("").Because(cause))
	if !errors.Is(err, outOfStock) || !errors.Is(err, cause) || errors.Is(err, respond.Problem{Code: 409}) {
		t.Error("errors.Is does not tell problems apart")
	}
}

// TestErrorsStay holds that an error can be shared: methods leave it as it was.
func TestErrorsStay(t *testing.T) {
	base := outOfStock.New("").With("a", 1)
	one, two, other := base.With("b", 2), base.With("c", 3), base.With("a", 4)
	for err, want := range map[error]string{
		other: `{"type":"/problems/out-of-stock","title":"Out of stock","status":409,"a":4,"request_id":"ID"}`,
		base:  `{"type":"/problems/out-of-stock","title":"Out of stock","status":409,"a":1,"request_id":"ID"}`,
		one:   `{"type":"/problems/out-of-stock","title":"Out of stock","status":409,"a":1,"b":2,"request_id":"ID"}`,
		two:   `{"type":"/problems/out-of-stock","title":"Out of stock","status":409,"a":1,"c":3,"request_id":"ID"}`,
	} {
		w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.Outcome{}, err
		})))
		if got := strings.TrimSpace(text(w.send("GET /thing", ""))); got != "409\n"+want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// answered is the answer of another server.
type answered struct {
	code  int
	after time.Duration
}

func (a answered) Error() string             { return "s3cret" }
func (a answered) StatusCode() int           { return a.code }
func (a answered) RetryAfter() time.Duration { return a.after }

type stateError string

func (e stateError) Error() string    { return "s3cret" }
func (e stateError) SQLState() string { return string(e) }

type codeError int

func (e codeError) Error() string { return "s3cret" }
func (e codeError) Code() int     { return int(e) }

// TestMappings goes through the ready mappings and what is built in for the
// errors of other servers.
func TestMappings(t *testing.T) {
	full := sql.DBStats{MaxOpenConnections: 2, InUse: 2}
	stats := full
	api := &respond.API{Mappings: []respond.Mapping{
		respond.NoRows, respond.Duplicate, respond.Pool(func() sql.DBStats { return stats }),
	}}
	tests := []struct {
		err   error
		stats sql.DBStats
		want  string
	}{
		{answered{503, 7 * time.Second}, full, "503 7"},
		{answered{503, 0}, full, "503 5"},
		{answered{429, 90 * time.Second}, full, "503 90"},
		{answered{504, 0}, full, "504 "},
		{answered{408, 0}, full, "504 "},
		{answered{500, 0}, full, "502 "},
		{answered{404, 0}, full, "502 "},
		{answered{302, 0}, full, "502 "},
		{errors.Join(errors.New("s3cret"), answered{503, time.Second}), full, "503 1"},
		{sql.ErrNoRows, full, "404 "},
		{stateError("23505"), full, "409 "},
		{stateError("40001"), full, "500 "},
		{codeError(2067), full, "409 "},
		{codeError(1555), full, "409 "},
		{codeError(5), full, "500 "},
		{context.DeadlineExceeded, full, "503 5"},
		{context.DeadlineExceeded, sql.DBStats{MaxOpenConnections: 2, InUse: 1}, "504 "},
		{context.DeadlineExceeded, sql.DBStats{InUse: 200}, "504 "},
		{respond.TooManyRequests(time.Second).After(9 * time.Second), full, "429 9"},
	}
	for _, test := range tests {
		stats = test.stats
		w := serve(t, route(api, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.Outcome{}, fmt.Errorf("asking: %w", test.err)
		})))
		x := w.send("POST /thing", "")
		got := fmt.Sprintf("%d %s", x.Response.Status, strings.Join(slices.Collect(x.Response.Fields.Values("Retry-After")), ", "))
		if got != test.want || strings.Contains(text(x), "s3cret") {
			t.Errorf("%T %v: got %s, want %s", test.err, test.err, got, test.want)
		}
	}
}
