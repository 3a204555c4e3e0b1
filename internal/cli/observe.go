package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/traffic"
)

// The bounds of what is learned of one recording.
const (
	maxObserved      = 10_000    // exchanges
	maxObservedBytes = 128 << 20 // of content
)

// observe returns what is to be checked by recordings of traffic: the API at the
// address or, if that is "", the one server that they know. They may be with the
// same API elsewhere, if they know one server alone.
func (a *app) observe(ctx context.Context, names []string, address string, l *login) (*target, error) {
	var base *url.URL
	if address != "" {
		u, err := parseURL(address)
		if err != nil {
			return nil, err
		}
		base = &url.URL{Scheme: u.Scheme, Host: u.Host}
	}
	var exchanges []*statute.Exchange
	for _, name := range names {
		more, err := a.recorded(name)
		if err != nil {
			return nil, fmt.Errorf("--from: %w", err)
		}
		exchanges = append(exchanges, more...)
	}
	servers := map[string]bool{}
	for _, x := range exchanges {
		servers[serverOf(x)] = true
	}
	delete(servers, "")
	known := slices.Sorted(maps.Keys(servers))
	switch {
	case base != nil && slices.ContainsFunc(exchanges, func(x *statute.Exchange) bool { return strings.EqualFold(x.Request.Authority, base.Host) }):
		exchanges = slices.DeleteFunc(exchanges, func(x *statute.Exchange) bool { return !strings.EqualFold(x.Request.Authority, base.Host) })
	case len(known) > 1:
		return nil, hint(errors.New("the recordings are with several servers: say which one to check"),
			"statute check --from %s --url %s", word(names[0]), word(known[0]))
	case base == nil && len(known) == 0:
		return nil, hint(fmt.Errorf("%s does not say where the API is", names[0]), "statute check --from %s --url http://127.0.0.1:8080", word(names[0]))
	case base == nil:
		u, err := parseURL(known[0])
		if err != nil {
			return nil, err
		}
		base = u
	}
	d := check.Observe(exchanges)
	d.Location = names[0]
	if len(d.Operations) == 0 {
		return nil, hint(fmt.Errorf("%s shows no success of an API", strings.Join(names, ", ")), "statute judge %s", word(names[0]))
	}
	return &target{base, d}, l.reach(ctx, base)
}

// serverOf returns the server that an exchange was with, "" if that is not known.
func serverOf(x *statute.Exchange) string {
	if x.Request.Authority == "" {
		return ""
	}
	return strings.TrimSuffix((&statute.Request{Scheme: x.Request.Scheme, Authority: x.Request.Authority, Target: "/"}).URL(), "/")
}

// recorded reads a recording, without what was answered. What cannot be read is
// said.
func (a *app) recorded(name string) ([]*statute.Exchange, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var exchanges []*statute.Exchange
	var first error
	kept, broken := 0, 0
	for x, err := range traffic.Read(file, name) {
		if err != nil {
			first = cmp.Or(first, err)
			broken++
			continue
		}
		if kept += len(x.Request.Body.Bytes); len(exchanges) == maxObserved || kept > maxObservedBytes {
			a.console.say("%s: more than %d exchanges or %d bytes: the rest is left out", name, maxObserved, maxObservedBytes)
			break
		}
		x.Response.Body = statute.Body{}
		exchanges = append(exchanges, x)
	}
	if broken > 0 {
		a.console.say("%s: %s could not be read: %v", name, counted(broken, "place", "places"), first)
	}
	return exchanges, nil
}
