package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Error is a response that is no success.
type Error struct {
	Method  string
	URL     string // without user information, query and fragment: they may be secret
	Code    int
	Header  http.Header
	Problem *Problem      // nil if the content is none
	Content []byte        // up to 64 KiB
	Wait    time.Duration // how long Retry-After asks to wait; 0 if it does not
	Reason  string        // of a redirect: why it was not followed

	cut error // why the content is not all there; nil if it is
}

// maxContent is how much of a response that is no success is read.
const maxContent = 64 << 10

// Error returns the request, the code and what the problem document says.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", e.Method, e.URL, codeName(e.Code))
	if p := e.Problem; p != nil {
		for _, text := range []string{p.Title, p.Detail} {
			if text != "" {
				fmt.Fprintf(&b, ": %.200q", text)
			}
		}
	}
	if e.Reason != "" {
		b.WriteString(": not followed: " + e.Reason)
	}
	if e.Wait > 0 {
		fmt.Fprintf(&b, " (retry after %v)", e.Wait)
	}
	return b.String()
}

// StatusCode returns the code. Package respond asks for it: within a server, the
// error of an answer that the server got is a 502, 503 or 504 of its own.
func (e *Error) StatusCode() int { return e.Code }

// RetryAfter returns how long to wait, 0 if nobody said.
func (e *Error) RetryAfter() time.Duration { return e.Wait }

// codeName returns number and name of a code.
func codeName(code int) string {
	if c, ok := statute.LookupCode(code); ok {
		return c.String()
	}
	return fmt.Sprint(code)
}

// Check returns nil for a response with a code of 2xx, and leaves its content to
// the caller. For any other it returns an [*Error], reads the content, up to 64 KiB
// of it, and closes it.
func Check(response *http.Response) error {
	if response.StatusCode/100 == 2 {
		return nil
	}
	return newError(response, time.Now())
}

// Do sends a request with a client, [http.DefaultClient] if it is nil. The response
// has a code of 2xx and its content is open, or the error says why not: an [*Error]
// in it is a response that came.
func Do(client *http.Client, request *http.Request) (*http.Response, error) {
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			e.URL = place(request.URL)
		}
		if response != nil { // CheckRedirect failed
			err = withLast(err, newError(response, time.Now()))
		}
		return nil, err
	}
	if err := Check(response); err != nil {
		return nil, err
	}
	return response, nil
}

// newError makes an error of a response and closes its content. What breaks off
// is kept as far as it came.
func newError(response *http.Response, now time.Time) *Error {
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxContent))
	if err == nil && len(content) == maxContent {
		err = errors.New("the content was read no further")
	}
	e := &Error{Code: response.StatusCode, Header: response.Header, Content: content, cut: err}
	var base *url.URL
	if r := response.Request; r != nil {
		base = r.URL
		e.Method, e.URL = r.Method, place(r.URL)
	}
	e.Problem = parseProblem(response.Header, content, base)
	e.Wait, _ = RetryAfter(response.Header, now)
	e.Reason = whyNotFollowed(response)
	return e
}

// body returns a body with the content that was read.
func (e *Error) body() io.ReadCloser {
	content := io.Reader(bytes.NewReader(e.Content))
	if e.cut != nil {
		content = io.MultiReader(content, failing{e.cut})
	}
	return io.NopCloser(content)
}

// failing is a reader that has nothing but an error.
type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// place returns what of an address may be shown.
func place(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
