package openapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// usual are the paths at which servers and frameworks show their description.
var usual = [...]string{
	"/openapi.json", "/openapi.yaml", "/openapi.yml", // FastAPI, LoopBack, Huma...
	"/swagger.json", "/swagger.yaml", "/swagger.yml", // go-swagger, Flask-RESTX...
	"/v3/api-docs", "/v2/api-docs", "/api-docs", // springdoc, Springfox, swagger-ui-express
	"/api/openapi.json", "/api/openapi.yaml", "/api/swagger.json",
	"/docs/openapi.json", "/swagger/v1/swagger.json", "/openapi/v1.json", // ASP.NET Core
	"/swagger/doc.json",    // swaggo
	"/api-json",            // NestJS
	"/api/schema/",         // drf-spectacular
	"/schema/openapi.json", // Litestar
	"/q/openapi",           // Quarkus
	"/openapi",             // MicroProfile, Helidon
	"/.well-known/openapi.json", "/.well-known/openapi.yaml",
}

// discoverTime bounds the whole search.
const discoverTime = time.Minute

// Discover looks for the description of the API at base: at base itself, where
// its Link field of relation "service-desc" points to (RFC 8631, 4.1), and at
// the usual paths below base and at the root of the server. It stays on that
// server. Both results are nil if there is none; the error says that the server
// could not be asked, or that what it links to as its description is none.
func Discover(ctx context.Context, base *url.URL, o Options) (*Description, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverTime)
	defer cancel()
	base = &url.URL{Scheme: base.Scheme, User: base.User, Host: base.Host, Path: base.Path, RawQuery: base.RawQuery}
	first, err := o.fetch(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("asking %s for its description: %w", place{url: base}, err)
	}
	if d := o.description(ctx, first); d != nil {
		return d, nil
	}
	if link := serviceDesc(first); link != nil {
		if !sameHost(base, link) {
			return nil, fmt.Errorf("asking %s for its description: it links to %s, which is another host: name that address to read it",
				place{url: base}, place{url: link})
		}
		return Load(ctx, link.String(), o)
	}
	prefix := strings.TrimRight(base.Path, "/")
	for _, prefix := range prefixes(prefix) {
		for _, path := range usual {
			u := &url.URL{Scheme: base.Scheme, User: base.User, Host: base.Host, Path: prefix + path, RawQuery: base.RawQuery}
			a, err := o.fetch(ctx, u)
			if ctx.Err() != nil {
				return nil, fmt.Errorf("asking %s for its description: %w", place{url: u}, ctx.Err())
			}
			if err != nil {
				continue
			}
			if d := o.description(ctx, a); d != nil {
				return d, nil
			}
		}
	}
	return nil, nil
}

// prefixes returns a base path and the root, each once.
func prefixes(base string) []string {
	if base == "" {
		return []string{""}
	}
	return []string{base, ""}
}

// description returns the description that an answer is, nil if it is none.
func (o Options) description(ctx context.Context, a *answer) *Description {
	if a.status != http.StatusOK {
		return nil
	}
	l := &library{open: o.opener(ctx), documents: map[string]*document{}}
	doc, err := l.add(a.body, place{url: a.url})
	if err != nil {
		return nil
	}
	l.documents[a.url.String()] = doc
	d, err := describe(l, doc)
	if err != nil {
		return nil
	}
	return d
}

// serviceDesc returns the target of the answer's first link of relation
// "service-desc", nil if it has none (RFC 8288, 3: Link).
func serviceDesc(a *answer) *url.URL {
	for _, line := range a.header.Values("Link") {
		for link := range statute.SplitList(line) {
			target, parameters, ok := strings.Cut(strings.TrimPrefix(link, "<"), ">")
			if !ok {
				continue
			}
			for parameter := range strings.SplitSeq(parameters, ";") {
				name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
				if !strings.EqualFold(strings.TrimSpace(name), "rel") {
					continue
				}
				for _, relation := range strings.Fields(strings.Trim(strings.TrimSpace(value), `"`)) {
					if u, err := url.Parse(target); err == nil && strings.EqualFold(relation, "service-desc") {
						return a.url.ResolveReference(u)
					}
				}
			}
		}
	}
	return nil
}
