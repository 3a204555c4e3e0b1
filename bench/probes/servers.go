package main

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// server is the API on one library.
type server struct {
	name    string
	module  string // whose version is told; "" for Go's own
	has     string // of what not every library offers
	handler func(*environment) http.Handler
}

var servers = []server{
	{"respond", "", quotas + maintenance + idempotency + conditions + logs + unmapped, withRespond},
	{"net/http", "", unmapped, byHand},
	{"chi", "github.com/go-chi/chi/v5", quotas + unmapped, withChi},
	{"echo", "github.com/labstack/echo/v5", quotas + unmapped, withEcho},
	{"gin", "github.com/gin-gonic/gin", unmapped, withGin},
	{"huma", "github.com/danielgtaylor/huma/v2", conditions + unmapped, withHuma},
}

// versions returns what was asked: "Go 1.26.8, chi 5.5.0, ...".
func versions() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", errors.New("the program does not know what it is built from")
	}
	list := []string{"Go " + strings.TrimPrefix(runtime.Version(), "go")}
	for _, s := range servers {
		i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == s.module })
		if s.module != "" && i >= 0 {
			list = append(list, fmt.Sprintf("%s %s", s.name, strings.TrimPrefix(info.Deps[i].Version, "v")))
		}
	}
	return strings.Join(list, ", "), nil
}
