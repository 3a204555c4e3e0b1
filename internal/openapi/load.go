package openapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Options say how descriptions are fetched.
type Options struct {
	Client *http.Client   // nil means one that gives up after 30 s; redirects are Load's own affair
	Fields statute.Fields // go with every request
	Limit  int64          // of one document, in bytes; 0 means 64 MiB
}

// Load reads a description from a file or an http or https URL, and what it
// refers to. No request leaves for a host that location does not name: neither
// references nor redirects to others are followed, which a Problem says.
//
// The error says that there is no description at all. Faults of which the rest
// is unharmed are the description's Problems.
func Load(ctx context.Context, location string, o Options) (*Description, error) {
	at := place{file: location}
	if u, err := url.Parse(location); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		if u.Host == "" {
			return nil, fmt.Errorf("reading %s: the URL names no host", location)
		}
		at = place{url: u}
	}
	l := &library{open: o.opener(ctx), documents: map[string]*document{}}
	doc, err := l.read(at)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", at, err)
	}
	return describe(l, doc)
}

// Parse reads a description that is one document in memory; location is what
// it is called in reports. References to other documents are not followed.
func Parse(data []byte, location string) (*Description, error) {
	l := &library{}
	doc, err := l.add(data, place{file: location})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", location, err)
	}
	return describe(l, doc)
}

// opener returns a function that reads the document at a place and says where
// it stood in the end, after redirects.
func (o Options) opener(ctx context.Context) func(place) ([]byte, place, error) {
	first := true
	return func(p place) ([]byte, place, error) {
		referred := !first
		first = false
		if p.url != nil {
			answer, err := o.fetch(ctx, p.url)
			if err != nil {
				return nil, p, err
			}
			if answer.status != http.StatusOK {
				return nil, p, statusError(answer.status)
			}
			return answer.body, place{url: answer.url}, nil
		}
		data, err := o.readFile(p.file, referred)
		return data, p, err
	}
}

// statusError says that a server did not hand out a description.
func statusError(status int) error {
	hint := "is this its address?"
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		hint = "it demands credentials: give them with --auth 'Authorization: ...'"
	}
	return fmt.Errorf("the server answers %d %s: %s", status, http.StatusText(status), hint)
}

// readFile reads a file. One that a description refers to must be a regular
// file: reading a device or a pipe may never end.
func (o Options) readFile(name string, referred bool) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("no such file" + nearby(filepath.Dir(name)))
	case err != nil:
		return nil, bare(err)
	case info.IsDir():
		return nil, errors.New("is a directory, name the file in it" + nearby(name))
	case referred && !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	return o.readAll(f)
}

// bare returns what went wrong, without the path or URL that the caller says.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// nearby returns a hint at files in a directory that seem to be descriptions,
// or "".
func nearby(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		switch filepath.Ext(name) {
		case ".yaml", ".yml", ".json":
			if strings.Contains(name, "openapi") || strings.Contains(name, "swagger") || strings.Contains(name, "api") {
				names = append(names, filepath.Join(dir, e.Name()))
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names[:min(3, len(names))], " or ") + "?"
}

// answer is what a server says when it is asked for a description.
type answer struct {
	url    *url.URL // after redirects
	status int
	header http.Header
	body   []byte
}

// fetch sends one GET. Redirects to other hosts are an error.
func (o Options) fetch(ctx context.Context, u *url.URL) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, bare(err)
	}
	req.Header.Set("Accept", "application/vnd.oai.openapi+json, application/json, application/yaml, */*;q=0.5")
	for i, f := range o.Fields {
		switch name := http.CanonicalHeaderKey(f.Name); {
		case name == "Host":
			req.Host = f.Value
		case slices.ContainsFunc(o.Fields[:i], func(g statute.Field) bool { return strings.EqualFold(g.Name, f.Name) }):
			req.Header.Add(name, f.Value)
		default:
			req.Header.Set(name, f.Value)
		}
	}
	client := http.Client{Timeout: 30 * time.Second}
	if o.Client != nil {
		client = *o.Client
	}
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if !sameHost(u, next.URL) {
			return fmt.Errorf("the server redirects to %s, which is another place: name that address to read it", place{url: next.URL})
		}
		if len(via) == 10 {
			return errors.New("the server redirects more than 10 times")
		}
		return nil
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, bare(err)
	}
	defer resp.Body.Close()
	body, err := o.readAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return &answer{resp.Request.URL, resp.StatusCode, resp.Header, body}, nil
}

// readAll reads up to the limit; more is an error.
func (o Options) readAll(from io.Reader) ([]byte, error) {
	limit := cmp.Or(o.Limit, 64<<20)
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, bare(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("is larger than %d bytes", limit)
	}
	return data, nil
}
