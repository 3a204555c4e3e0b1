package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// target is what is to be checked.
type target struct {
	base        *url.URL             // operations' paths are appended to its path
	description *openapi.Description // nil: base itself is one GET operation
}

// locate finds out what to check. The argument is a description's file or URL,
// or the base URL of an API whose description is to be found; address is the
// value of --url, which wins over all else. Either may be empty.
func locate(ctx context.Context, argument, address string, l *login) (*target, error) {
	var base *url.URL
	if address != "" {
		u, err := parseURL(address)
		if err != nil {
			return nil, fmt.Errorf("--url: %w", err)
		}
		base = u
	}
	switch {
	case argument == "" && base == nil:
		return nil, hint(errors.New("name a description or the URL of an API"), "statute check http://127.0.0.1:8080")
	case argument == "":
		return discover(ctx, base, base, l)
	case isURL(argument):
		return locateURL(ctx, argument, base, l)
	}
	return locateFile(ctx, argument, base, l)
}

// locateFile reads a description from a file.
func locateFile(ctx context.Context, file string, base *url.URL, l *login) (*target, error) {
	d, err := openapi.Load(ctx, file, openapi.Options{})
	if err != nil {
		try := "statute check http://127.0.0.1:8080"
		if looksLikeHost(file) {
			try = "statute check " + word("http://"+file)
		}
		return nil, hint(err, "%s", try)
	}
	if base == nil {
		for _, server := range d.Servers {
			if u, err := parseURL(server); err == nil {
				base = u
				break
			}
		}
	}
	if base == nil {
		return nil, hint(fmt.Errorf("%s does not say where the API is: it names no absolute server", file),
			"statute check %s --url http://127.0.0.1:8080", word(file))
	}
	return &target{base, d}, l.reach(ctx, base)
}

// locateURL reads a description from a URL, or finds that of the API there.
func locateURL(ctx context.Context, argument string, base *url.URL, l *login) (*target, error) {
	u, err := parseURL(argument)
	if err != nil {
		return nil, err
	}
	if err := l.reach(ctx, u); err != nil {
		return nil, err
	}
	options := openapi.Options{Client: l.fetcher()}
	if base == nil || base.Host == u.Host {
		options.Fields = l.header() // credentials go to the API, not to whoever keeps its description
	}
	d, err := openapi.Load(ctx, u.String(), options)
	if err != nil {
		switch path.Ext(u.Path) {
		case ".json", ".yaml", ".yml":
			return nil, hint(err, "curl -i %s", word(u))
		}
		return discover(ctx, u, base, l)
	}
	if base == nil {
		base, err = baseOfDescription(d, u)
		if err != nil {
			return nil, err
		}
	}
	return &target{base, d}, l.reach(ctx, base)
}

// discover finds the description of the API at a URL; there need not be one.
// Requests go to base, or if that is nil to the URL with what the description
// says of its path.
func discover(ctx context.Context, u, base *url.URL, l *login) (*target, error) {
	if err := l.reach(ctx, u); err != nil {
		return nil, err
	}
	d, err := openapi.Discover(ctx, u, openapi.Options{Client: l.fetcher(), Fields: l.header()})
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	switch {
	case err != nil:
		return nil, hint(err, "statute check openapi.yaml --url %s", word(cmp.Or(base, u)))
	case d == nil:
		alone := *cmp.Or(base, u)
		alone.Path = cmp.Or(alone.Path, "/") // the request's target
		return &target{&alone, nil}, nil
	case base == nil:
		return &target{baseOfAPI(d, u), d}, nil
	}
	return &target{base, d}, l.reach(ctx, base)
}

// baseOfAPI returns where to send requests if the user named the API's address
// and its description was found: there. If the address has no path, that of
// the description's server is appended: http://127.0.0.1:8080 and a basePath
// of /api/v1 make http://127.0.0.1:8080/api/v1.
func baseOfAPI(d *openapi.Description, address *url.URL) *url.URL {
	base := *address
	base.RawQuery, base.Fragment = "", ""
	if strings.Trim(base.Path, "/") != "" {
		return &base
	}
	servers := resolved(d, address)
	for _, s := range servers {
		if s.Host == address.Host {
			base.Path = s.Path
			return &base
		}
	}
	if len(servers) > 0 {
		base.Path = servers[0].Path
	}
	return &base
}

// baseOfDescription returns where to send requests if the user named the
// description's URL: to a server on the same host, if the description names
// one. One on this machine is a development server, whatever the description
// says. Anything else the user has to say: requests and credentials go to no
// place that nobody named.
func baseOfDescription(d *openapi.Description, at *url.URL) (*url.URL, error) {
	servers := resolved(d, at)
	root := &url.URL{Scheme: at.Scheme, Host: at.Host}
	if len(servers) == 0 {
		return root, nil
	}
	for _, s := range servers {
		if s.Host == at.Host {
			return s, nil
		}
	}
	if loopback(at) {
		return baseOfAPI(d, root), nil
	}
	return nil, hint(fmt.Errorf("the description at %s names servers elsewhere: say which one to check", at.Redacted()),
		"statute check %s --url %s", word(at), word(servers[0]))
}

// resolved returns the description's servers as absolute URLs; relative ones
// are relative to the description.
func resolved(d *openapi.Description, fallback *url.URL) []*url.URL {
	at := fallback
	if u, err := parseURL(d.Location); err == nil {
		at = u
	}
	var out []*url.URL
	for _, server := range d.Servers {
		if u, err := at.Parse(server); err == nil && u.Host != "" {
			out = append(out, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")})
		}
	}
	return out
}

// parseURL reads an absolute http or https URL.
func parseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		var parse *url.Error // its text may hold a password
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, fmt.Errorf("reading the URL: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, hint(fmt.Errorf("%s is no http or https URL", u.Redacted()), "statute check http://127.0.0.1:8080")
	}
	if u.User != nil {
		return nil, hint(errors.New("the URL holds credentials, which would show in reports and process lists"),
			"statute check %s --auth 'Authorization: Basic $CREDENTIALS'", (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}))
	}
	return u, nil
}

func isURL(text string) bool {
	scheme, _, ok := strings.Cut(text, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// looksLikeHost reports whether a text may be an address without its scheme.
func looksLikeHost(text string) bool {
	host, _, _ := strings.Cut(text, "/")
	name, port, err := net.SplitHostPort(host)
	return err == nil && name != "" && port != ""
}

// loopback reports whether a URL names this machine.
func loopback(u *url.URL) bool {
	if strings.EqualFold(u.Hostname(), "localhost") {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}

// fetcher returns how to fetch descriptions: as somebody with a certificate, and
// from servers that only the user's CA vouches for.
func (l *login) fetcher() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: l.tls(), Proxy: http.ProxyFromEnvironment}}
}

// tls returns how to speak TLS as Full.
func (l *login) tls() *tls.Config {
	c := &tls.Config{RootCAs: l.roots}
	if l.certificate != nil {
		c.Certificates = []tls.Certificate{*l.certificate}
	}
	return c
}

// reach connects to the host of a URL, and says in one clear error why that
// does not work.
func (l *login) reach(ctx context.Context, u *url.URL) error {
	if l.offline {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	address := net.JoinHostPort(u.Hostname(), port)
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without the address, which is said anyway
		}
		return hint(fmt.Errorf("cannot reach %s: %w", address, err), "curl -i %s", word(u))
	}
	defer conn.Close()
	if u.Scheme != "https" {
		return nil
	}
	secured := l.tls()
	secured.ServerName = u.Hostname()
	err = tls.Client(conn, secured).HandshakeContext(ctx)
	var record tls.RecordHeaderError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &record):
		plain := *u
		plain.Scheme = "http"
		return hint(fmt.Errorf("%s does not speak TLS", address), "statute check %s", word(&plain))
	}
	return hint(fmt.Errorf("TLS with %s failed: %w", address, err), "SSL_CERT_FILE=ca.pem statute check %s", word(u))
}

// header returns what the user gave to be sent in the header section.
func (l *login) header() statute.Fields {
	out := l.sent()
	var cookies []string
	for _, v := range l.credentials {
		switch v.In {
		case "header":
			out = append(out, statute.Field{Name: v.Name, Value: v.Value})
		case "cookie":
			cookies = append(cookies, v.Name+"="+v.Value)
		}
	}
	if cookies != nil {
		out = append(out, statute.Field{Name: "Cookie", Value: strings.Join(cookies, "; ")})
	}
	return out
}
