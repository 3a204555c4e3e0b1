package respond

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"
)

// Mapping says what an error of another package means: it returns an [*Error],
// a [Problem] or field errors, or nil if it does not know the error. What it
// returns gets the error as its private cause.
type Mapping func(err error) error

// Is maps errors that are the target (errors.Is).
func Is(target, means error) Mapping {
	return func(err error) error {
		if errors.Is(err, target) {
			return means
		}
		return nil
	}
}

// As maps errors of a type (errors.As).
func As[T error](means func(T) error) Mapping {
	return func(err error) error {
		if e, ok := errors.AsType[T](err); ok {
			return means(e)
		}
		return nil
	}
}

// NoRows is a mapping of sql.ErrNoRows to 404, for APIs whose queries for one
// row are all made for the resource asked for.
func NoRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return NotFound("")
	}
	return nil
}

// Duplicate is a mapping of what databases say of a value that must be there only
// once to 409: PostgreSQL (SQLSTATE 23505, of pgx and pq) and SQLite (of
// modernc.org/sqlite).
func Duplicate(err error) error {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok && e.SQLState() == "23505" {
		return Conflict("")
	}
	if e, ok := errors.AsType[interface {
		error
		Code() int
	}](err); ok && (e.Code() == sqliteUnique || e.Code() == sqlitePrimaryKey) {
		return Conflict("")
	}
	return nil
}

// The extended result codes of SQLite for values that are there already.
const (
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

// Pool makes a mapping to 503 of a deadline that passed while all connections of a
// database were in use: most likely in waiting for one. The stats are those of
// [sql.DB.Stats]; without SetMaxOpenConns there is nothing to wait for.
func Pool(stats func() sql.DBStats) Mapping {
	return func(err error) error {
		if !errors.Is(err, context.DeadlineExceeded) {
			return nil
		}
		if s := stats(); s.MaxOpenConnections == 0 || s.InUse < s.MaxOpenConnections {
			return nil
		}
		return Unavailable(defaultRetry)
	}
}

// defaultRetry is how long clients are told to wait where nothing better is known.
const defaultRetry = 5 * time.Second

// builtIn says what errors of the standard library mean, nil if nothing certain.
func builtIn(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge(tooLarge.Limit)
	}
	if e, ok := errors.AsType[answered](err); ok {
		return onBehalf(e)
	}
	failed, slow := upstream(err)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !failed:
		return NotFound("")
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, driver.ErrBadConn), errors.Is(err, syscall.EMFILE):
		return Unavailable(defaultRetry)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), slow:
		return GatewayTimeout(nil)
	case failed:
		return BadGateway(nil)
	}
	return nil
}

// answered is an error that another server answered with, such as a
// *client.Error.
type answered interface {
	error
	StatusCode() int
	RetryAfter() time.Duration // 0 if it does not say
}

// onBehalf says what to answer where another server did not do its part: 503 where
// it cannot for now, 504 where it was too slow, else 502.
func onBehalf(e answered) error {
	switch e.StatusCode() {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return Unavailable(cmp.Or(e.RetryAfter(), defaultRetry))
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return GatewayTimeout(nil)
	}
	return BadGateway(nil)
}

// upstream reports whether an error is of a connection to another server, and
// whether that was too slow. The interface net.Error does not tell: file errors
// have it too.
func upstream(err error) (failed, slow bool) {
	if e, ok := errors.AsType[*url.Error](err); ok && e.Op != "parse" {
		return true, e.Timeout()
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return true, e.Timeout()
	}
	e, ok := errors.AsType[*net.DNSError](err)
	return ok, ok && e.Timeout()
}

// resolve returns what to answer an error with. What the error says itself goes
// first, then the API's mappings, then the built-in ones; what nobody knows is
// a 500.
func (a *API) resolve(err error) *Error {
	if e := a.said(err); e != nil {
		return e
	}
	for _, mapping := range a.Mappings {
		if meant := mapping(err); meant != nil {
			return a.meant(meant, err)
		}
	}
	if meant := builtIn(err); meant != nil {
		return a.meant(meant, err)
	}
	if invalid, ok := errors.AsType[notValid](err); ok {
		return Invalid().Because(invalid.error)
	}
	return Internal(err)
}

// meant returns what a mapping made of an error.
func (a *API) meant(meant, err error) *Error {
	e := a.said(meant)
	if e == nil {
		return Internal(errors.Join(errors.New("a mapping returned an error of an unknown kind"), meant, err))
	}
	if e.cause == nil {
		e = e.Because(err)
	}
	return e
}

// said returns what an error of this package says, nil if it is none.
func (a *API) said(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		if e == err {
			return e
		}
		return e.Because(err) // with all that stands around it
	}
	if p, ok := errors.AsType[Problem](err); ok {
		return p.New("").Because(err)
	}
	if f, ok := errors.AsType[fault](err); ok {
		return &Error{problem: Problem{Code: 500}, fault: string(f)}
	}
	if invalid := fieldErrors(err); len(invalid) > 0 {
		return Invalid(invalid...)
	}
	return nil
}

// fault is what the program did wrong.
type fault string

// Error returns the text for the log.
func (f fault) Error() string { return string(f) }

// notValid is an error of a Validate method.
type notValid struct{ error }

// Unwrap returns the error.
func (e notValid) Unwrap() error { return e.error }
