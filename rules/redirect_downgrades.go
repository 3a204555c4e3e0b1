package rules

import (
	_ "embed"
	"net/netip"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed redirect_downgrades.txtar
var docRedirectDowngrades string

var rRedirectDowngrades = &statute.Rule{
	ID:    "redirect-downgrades",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "4.2.2")},
	On:    []int{301, 302, 303, 307, 308},
	Needs: statute.SeenFields,
	Doc:   docRedirectDowngrades,
	Check: func(p *statute.Pass) {
		if !strings.EqualFold(p.Request.Scheme, "https") {
			return
		}
		scheme, rest, ok := strings.Cut(p.Response.Fields.Get("Location"), "://")
		if ok && strings.EqualFold(scheme, "http") && !isLoopback(rest) {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + " from https to http",
				Expected: "Location: https://...",
			})
		}
	},
}

// isLoopback reports whether what follows the "//" of a URL names a host on the
// client's own machine: localhost, a name below it (RFC 6761, 6.3) or a
// loopback address.
func isLoopback(authority string) bool {
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority = authority[:end]
	}
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	if literal, _, ok := strings.Cut(host, "]"); ok {
		host = strings.TrimPrefix(literal, "[")
	} else {
		host, _, _ = strings.Cut(host, ":")
	}
	host = strings.TrimSuffix(host, ".")
	if strings.EqualFold(host, "localhost") || hasSuffixFold(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
