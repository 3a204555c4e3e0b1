package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/route"
	"github.com/statute-http/statute/internal/traffic"
)

// judge returns the command that judges recorded exchanges.
func (a *app) judge() *cobra.Command {
	var (
		description, address string
		hosts                []string
		out                  output
		baseline             func(live bool) (*baseline, error)
	)
	cmd := &cobra.Command{
		Use:   "judge [FILE...]",
		Short: "Judge exchanges that somebody else recorded",
		Long: `Judges recorded exchanges by the same rules as check. Nothing is sent. A file is

  an HTTP Archive (HAR 1.2), as browsers, proxies and test runners write it;
  raw HTTP/1: request, response, the next request and so on, or responses alone;
  what curl -i, -I or -v printed (curl -sv URL > FILE 2>&1).

The first bytes tell which, also of what gzip compressed. A file of any size is
read in constant memory; - and no file at all stand for standard input. Content that
is coded by gzip or deflate is decoded; br and zstd are not.

A rule is left out for an exchange whose recording lacks what the rule needs. An
entry that cannot be read is named, and the rest is judged. A recording that cannot
be read to its end is judged as far as it goes; then the exit status is 2.

Where exchanges of several hosts were recorded, each finding names its own, and
--host judges those of one alone.

With a description, exchanges are held to what it declares, as far as they go to
the servers that it names, to this machine, or below --url if that is given. The
operations of all others are told by their paths: /orders/17 is /orders/{id}.

Of statute.yaml it takes description, conventions, off and fail-on.`,
		Example: `  statute judge traffic.har
  statute judge monday.har.gz tuesday.har.gz --format json
  statute judge traffic.har --host api.example
  statute judge traffic.har --description openapi.yaml --baseline baseline.json
  curl -si https://shop.example/orders/17 | statute judge`,
		RunE: func(cmd *cobra.Command, names []string) error {
			file, err := out.configured(cmd.Flags())
			if err != nil {
				return err
			}
			known, err := baseline(false)
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(hosts, func(h string) bool { return h == "" || strings.Contains(h, "/") }); i >= 0 {
				return hint(fmt.Errorf("--host %s: a host is wanted, with or without its port", hosts[i]), "--host api.example")
			}
			r := &reading{run: &report.Run{}, judge: newJudging(file, known), hosts: hosts, progress: a.console.status}
			r.judge.servers = map[report.Fault][]string{}
			if err := a.describe(r, cmp.Or(description, file.Description), address); err != nil {
				return err
			}
			if err := r.files(names, cmd.InOrStdin()); err != nil {
				return hint(err, "statute judge --help")
			}
			if description != "" && r.described == 0 {
				r.run.Notes = append(r.run.Notes, "No exchange is of a path that "+description+" describes: --url says below which URL they are.")
			}
			a.unused(file, r.run)
			if err := a.write(r.run, &out); err != nil {
				return err
			}
			err = a.settle(r.run, &out, known)
			if r.unread != nil {
				return hint(fmt.Errorf("%w: only what comes before that is judged", r.unread), "statute judge --help")
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&description, "description", "", "OpenAPI or Swagger `description`, a file or its URL")
	f.StringVar(&address, "url", "", "`base` URL of the API, whatever the description says")
	f.StringArrayVar(&hosts, "host", nil, "judge only exchanges with this `host`; may be repeated")
	out.gateFlag(f)
	out.flags(f)
	configFlag(f)
	baseline = baselineFlags(f)
	return cmd
}

// Bounds of what a run names.
const (
	maxProblems = 100 // places that cannot be read
	maxNamed    = 5   // files, as what was judged; hosts
)

// reading is a run over recordings.
type reading struct {
	run       *report.Run
	judge     *judging
	matcher   *openapi.Matcher        // of the description's operations; nil if there is none
	routes    map[string]*route.Table // by server
	described int                     // exchanges of what is described
	hosts     []string                // those to judge; nil for all
	host      string                  // of the first exchange that is judged
	several   bool                    // another one is of another host
	others    []string                // the first few hosts that are not to be judged
	passed    int                     // exchanges with such
	broken    int                     // places that could not be read
	unread    error                   // why a file was not read to its end
	progress  func(string)            // shows how far it is
}

// files judges the recordings of those names, "-" being standard input, as one
// run.
func (r *reading) files(names []string, stdin io.Reader) error {
	if len(names) == 0 {
		if file, ok := stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			return errors.New("no file is named, and standard input is a terminal")
		}
		names = []string{"-"}
	}
	names = slices.Clone(names)
	files := make([]io.Reader, len(names))
	for i, name := range names {
		if name == "-" {
			files[i], names[i] = stdin, "stdin"
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		files[i] = file
	}
	r.run.Target, r.run.Files = strings.Join(names[:min(len(names), maxNamed)], ", "), names
	if more := len(names) - maxNamed; more > 0 {
		r.run.Target += fmt.Sprintf(" and %d more", more)
	}
	start := time.Now()
	for i, name := range names {
		err := r.file(files[i], name)
		r.progress("")
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
	}
	if r.broken > maxProblems {
		r.run.Problems = append(r.run.Problems, report.Problem{Message: fmt.Sprintf("%d more", r.broken-maxProblems)})
	}
	r.judge.finish(r.run, r.unread == nil)
	if r.several {
		r.run.Servers = r.judge.servers
	}
	r.run.Elapsed = time.Since(start)
	switch {
	case r.run.Verdict.Exchanges > 0 && r.passed > 0:
		r.run.Notes = append(r.run.Notes, fmt.Sprintf("%s with other hosts left out by --host.", counted(r.passed, "exchange", "exchanges")))
	case r.passed > 0:
		return fmt.Errorf("reading %s: no exchange with %s in it, but with %s", r.run.Target, strings.Join(r.hosts, ", "), strings.Join(r.others, ", "))
	case r.run.Verdict.Exchanges == 0:
		return fmt.Errorf("reading %s: there is no exchange in it", r.run.Target)
	}
	return nil
}

// file judges one recording. The error is that nothing of it can be read.
func (r *reading) file(in io.Reader, name string) error {
	read := 0
	var first error
	for x, err := range traffic.Read(in, name) {
		if err == nil {
			if read++; read%2000 == 0 {
				r.progress(fmt.Sprintf("%s  %d exchanges", name, read))
			}
			if r.wants(x.Request.Authority) {
				r.name(x)
				r.judge.see(x)
				r.run.Count(x)
				if host := x.Request.Authority; r.host == "" {
					r.host = strings.Clone(host)
				} else if host != "" && host != r.host {
					r.several = true
				}
			}
			continue
		}
		if first == nil {
			first = err
		}
		if entry := (*traffic.EntryError)(nil); !errors.As(err, &entry) && r.unread == nil {
			r.unread = fmt.Errorf("reading %s: %w", name, err)
		}
		if r.broken++; r.broken <= maxProblems {
			r.run.Problems = append(r.run.Problems, report.Problem{Message: name + ": " + err.Error()})
		}
	}
	if read == 0 {
		return first
	}
	return nil
}

// wants reports whether exchanges with a host are to be judged.
func (r *reading) wants(authority string) bool {
	if len(r.hosts) == 0 {
		return true
	}
	u := url.URL{Host: authority}
	if slices.ContainsFunc(r.hosts, func(h string) bool {
		return strings.EqualFold(h, authority) || strings.EqualFold(strings.Trim(h, "[]"), u.Hostname())
	}) {
		return true
	}
	r.passed++
	if other := cmp.Or(authority, "a host that is not recorded"); len(r.others) < maxNamed && !slices.Contains(r.others, other) {
		r.others = append(r.others, strings.Clone(other))
	}
	return false
}

// describe reads a description, "" being none. The address is that of the API;
// "" means what the description says.
func (a *app) describe(r *reading, description, address string) error {
	var base *url.URL
	if address != "" {
		u, err := parseURL(address)
		if err != nil {
			return fmt.Errorf("--url: %w", err)
		}
		base = u
	}
	if description == "" {
		return nil
	}
	ctx, done := a.interruptible()
	defer done()
	d, err := openapi.Load(ctx, description, openapi.Options{})
	if err != nil {
		return hint(err, "statute judge --help")
	}
	r.matcher = openapi.NewMatcher(d, base)
	readFrom(r.run, d)
	return nil
}

// maxServers is how many servers' paths are told apart by what was learned of
// each. Those of all others are learned together.
const maxServers = 256

// name gives an exchange its operation: that of the description, with what it
// declares, or such as its path suggests.
func (r *reading) name(x *statute.Exchange) {
	if x.Request.Method == "" {
		return
	}
	if r.matcher != nil {
		if x.Operation, x.Declared = r.matcher.Match(&x.Request); x.Operation != (statute.Operation{}) {
			r.described++
			return
		}
	}
	server := x.Request.Authority
	if r.routes[server] == nil && len(r.routes) >= maxServers {
		server = ""
	}
	routes := r.routes[server]
	if routes == nil {
		if r.routes == nil {
			r.routes = map[string]*route.Table{}
		}
		routes = &route.Table{}
		r.routes[strings.Clone(server)] = routes
	}
	found := x.Response.Class() == 2 || x.Response.Status == 304
	x.Operation = statute.Operation{Method: x.Request.Method, Path: routes.Template(x.Request.Path(), found)}
}
