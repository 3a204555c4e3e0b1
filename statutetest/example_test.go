package statutetest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/statutetest"
)

// printer is a test that prints why it fails. In a test of yours there is t.
type printer struct {
	testing.TB
	cleanup []func()
}

func (*printer) Helper()                           {}
func (*printer) Context() context.Context          { return context.Background() }
func (*printer) Logf(string, ...any)               {}
func (p *printer) Cleanup(f func())                { p.cleanup = append(p.cleanup, f) }
func (*printer) Errorf(format string, args ...any) { fmt.Println(trim(fmt.Sprintf(format, args...))) }

func (p *printer) end() {
	for _, f := range p.cleanup {
		f()
	}
}

// trim leaves out spaces at the ends of lines.
func trim(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

func ExampleJudge() {
	t := &printer{}
	defer t.end()

	server := statutetest.Judge(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"who are you?"}`)
	}))
	response, err := server.Client().Get(server.URL + "/orders/17")
	if err != nil {
		fmt.Println(err)
		return
	}
	response.Body.Close()
	// Output:
	// must    401 without a WWW-Authenticate challenge  401-without-challenge
	//         on       GET /orders/17
	//         request  GET /orders/17
	//         answer   401 Unauthorized
	//                  Content-Type: application/json
	//                  {"error":"who are you?"}
	//         section  RFC 9110, 15.5.2  https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2
	//         fix      Send at least one challenge with every 401: `WWW-Authenticate: Bearer` for tokens,
	//                  `WWW-Authenticate: Basic realm="shop"` for user and password, or a scheme name of your own
	//                  for API keys.
}
