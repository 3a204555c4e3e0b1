package cli

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go/http3"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/rules"
)

// altered is a listener whose connections change what comes in and goes out.
type altered struct {
	net.Listener
	in, out func([]byte) []byte // of no greater length; nil: as it is
}

func (w altered) Accept() (net.Conn, error) {
	conn, err := w.Listener.Accept()
	return &wired{conn, w}, err
}

type wired struct {
	net.Conn
	wire altered
}

func (w *wired) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if w.wire.in != nil {
		n = copy(b, w.wire.in(b[:n]))
	}
	return n, err
}

func (w *wired) Write(b []byte) (int, error) {
	if w.wire.out != nil {
		if _, err := w.Conn.Write(w.wire.out(b)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return w.Conn.Write(b)
}

// drop returns what takes a line out of what passes.
func drop(line string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.Replace(b, []byte(line), nil, 1) }
}

// TestWire plants one fault each in how an API without faults is served, and
// holds that its rule finds it and that no other rule finds anything.
func TestWire(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault func(http.Handler) http.Handler
		wire  altered
		want  []string
	}{
		{"none", nil, altered{}, nil},
		{"content in chunks is refused", only(
			func(r *http.Request) bool { return len(r.TransferEncoding) > 0 },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 400) },
		), altered{}, []string{"chunked-not-decoded PATCH /notes/{id}", "chunked-not-decoded POST /notes", "chunked-not-decoded PUT /notes/{id}"}},
		{"a length is demanded", only(
			func(r *http.Request) bool { return len(r.TransferEncoding) > 0 },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 411) },
		), altered{}, nil},
		{"100 is never sent", nil, altered{out: drop("HTTP/1.1 100 Continue\r\n\r\n")}, []string{"100-not-sent POST /notes"}},
		{"Expect is refused", only(
			func(r *http.Request) bool { return r.Header.Get("Expect") != "" },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 417) },
		), altered{}, nil},
		{"the last Content-Length is not looked at", nil, altered{in: drop("Content-Length: none\r\n")}, []string{"framing-conflict-accepted GET /manual"}},
		{"the first Host is the right one", nil, altered{in: func(b []byte) []byte {
			head, rest, _ := bytes.Cut(b, []byte("\r\n\r\n"))
			if lines := bytes.Split(head, []byte("\r\n")); len(lines) > 2 && bytes.HasPrefix(lines[len(lines)-1], []byte("Host: ")) && bytes.HasPrefix(lines[1], []byte("Host: ")) {
				return slices.Concat(bytes.Join(lines[:len(lines)-1], []byte("\r\n")), []byte("\r\n\r\n"), rest)
			}
			return b
		}}, []string{"host-missing-accepted GET /manual"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			handler := newNotes()
			if test.fault != nil {
				handler = test.fault(handler)
			}
			server := httptest.NewUnstartedServer(handler)
			server.Listener = altered{server.Listener, test.wire.in, test.wire.out}
			server.Start()
			defer server.Close()
			got := foundOn(t, server.URL, check.Config{Write: true})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestVersions holds that what a server answers otherwise over a later version of
// HTTP is found, over each; and that nothing is where there is no difference.
func TestVersions(t *testing.T) {
	differs := func(major int) func(http.Handler) http.Handler {
		return only(
			func(r *http.Request) bool { return r.ProtoMajor == major && r.URL.Path == "/manual" },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 404) },
		)
	}
	for _, test := range []struct {
		name   string
		fault  func(http.Handler) http.Handler
		secure bool
		config check.Config
		want   []string
		spoken []string // in the exchanges
	}{
		{"none", differs(0), true, check.Config{HTTP3: true}, nil, []string{"HTTP/2", "HTTP/3"}},
		{"HTTP/2", differs(2), true, check.Config{}, []string{"version-differs GET /manual"}, []string{"HTTP/2"}},
		{"HTTP/2 without TLS", differs(2), false, check.Config{HTTP2: true}, []string{"version-differs GET /manual"}, []string{"HTTP/2"}},
		{"HTTP/2 without TLS, not asked for", differs(2), false, check.Config{}, nil, nil},
		{"HTTP/3", differs(3), true, check.Config{HTTP3: true}, []string{"version-differs GET /manual"}, []string{"HTTP/2", "HTTP/3"}},
		{"HTTP/3, not asked for", differs(3), true, check.Config{}, nil, []string{"HTTP/2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			handler := test.fault(newNotes())
			server := httptest.NewUnstartedServer(handler)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			if test.secure {
				server.EnableHTTP2 = true
				server.StartTLS()
				test.config.Roots = x509.NewCertPool()
				test.config.Roots.AddCert(server.Certificate())
				serveHTTP3(t, server, handler)
			} else {
				server.Config.Protocols = new(http.Protocols)
				server.Config.Protocols.SetHTTP1(true)
				server.Config.Protocols.SetUnencryptedHTTP2(true)
				server.Start()
			}
			defer server.Close()
			spoken := map[string]bool{}
			got := foundOn(t, server.URL, test.config, func(x *statute.Exchange) {
				if x.Response.Proto != "HTTP/1.1" {
					spoken[x.Response.Proto] = true
				}
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, proto := range test.spoken {
				if !spoken[proto] {
					t.Errorf("nothing went over %s", proto)
				}
				delete(spoken, proto)
			}
			if len(spoken) > 0 {
				t.Errorf("went over %v", spoken)
			}
		})
	}
}

// serveHTTP3 serves a handler on the port of a secured server.
func serveHTTP3(t *testing.T, server *httptest.Server, handler http.Handler) {
	t.Helper()
	socket, err := net.ListenPacket("udp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	quic := &http3.Server{Handler: handler, TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: server.TLS.Certificates})}
	served := make(chan error, 1)
	go func() { served <- quic.Serve(socket) }()
	t.Cleanup(func() {
		quic.Close()
		<-served
		socket.Close()
	})
}

// foundOn checks the notes at an address and returns what is found, as "rule
// operation", sorted. date-missing is left out: Go's
// server refuses what it cannot parse without a Date.
func foundOn(t *testing.T, address string, config check.Config, also ...func(*statute.Exchange)) []string {
	t.Helper()
	d, err := openapi.Parse([]byte(notesDescription), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	config.Description, config.Base, config.Failed = d, base, rules.Failed
	judge := statute.NewJudge(rules.All)
	result, err := check.Run(t.Context(), config, func(x *statute.Exchange) {
		judge.See(x)
		for _, see := range also {
			see(x)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Leftover)+len(result.Unspoken) > 0 {
		t.Errorf("left behind: %v, not spoken: %v", result.Leftover, result.Unspoken)
	}
	var all []string
	for _, f := range judge.Verdict().Findings {
		for _, op := range f.Operations {
			if line := f.Rule.ID + " " + op.String(); !strings.HasPrefix(line, "date-missing ") {
				all = append(all, line)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
