package check

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// operation is an operation of the description and what the run knows of it.
type operation struct {
	*openapi.Operation
	declared *statute.Declared
	effect   effect
	calls    bool // its path names a procedure
	speaks   protocol
	outcome  *statute.Outcome

	call    *call             // the call that succeeded
	control *statute.Exchange // its exchange; nil if none succeeded
	from    *instance         // the resource that the call was about, nil if none is known
	knew    int               // how much was known when no request succeeded
	traced  bool              // the address that its answer gives was found right
	doubted bool              // ... may be of something else
	keeps   bool              // what it deletes is still there
	current *statute.Exchange // the latest answer to the call, where that offers conditions or ranges
	heeds   bool              // If-None-Match was answered 304
	parts   bool              // Range was answered 206
	closed  bool              // refused those without credentials
	missing *statute.Exchange // the answer to an id that nothing has
	sent    int
}

// unsafe reports whether the operation may change the server's state.
func (o *operation) unsafe() bool { return o.effect != reads }

// needsNothing reports whether a request to the operation depends on nothing
// that answers could teach.
func (o *operation) needsNothing() bool { return len(o.Parameters) == 0 && o.Body == nil }

// harmless are words of a POST that asks, and changes nothing.
var harmless = []string{
	"search", "query", "find", "filter", "lookup", "validate", "check", "verify", "preview", "render",
	"calculate", "convert", "count", "login", "signin", "authenticate", "token", "graphql",
}

// dangerous are words in the names of operations that nobody wants tried on a
// server by the way.
var dangerous = []string{
	"shutdown", "restart", "reboot", "halt", "poweroff", "terminate", "kill", "quit", "exit",
	"reset", "password", "passwd", "logout", "destroy", "erase", "revoke", "logoff", "signout", "factory", "wipe", "purge", "truncate",
	"deactivate", "unregister", "uninstall", "suspend",
}

// dangerousPairs are such words when they come one after the other.
var dangerousPairs = [][2]string{{"log", "out"}, {"log", "off"}, {"sign", "out"}, {"shut", "down"}, {"power", "off"}}

// danger returns the word for which an operation is left out unless it is asked
// for, or "".
func danger(op *openapi.Operation) string {
	var words []string
	for segment := range strings.SplitSeq(op.Path, "/") {
		if !isParam(segment) {
			words = slices.AppendSeq(words, nameWords(segment))
		}
	}
	inPath := len(words)
	words = slices.AppendSeq(words, nameWords(op.ID))
	for i, word := range words {
		if op.Method == "DELETE" && deedOf(word)&ending != 0 {
			continue // says no more than the method
		}
		if slices.Contains(dangerous, word) || slices.Contains(dangerous, singular(word)) {
			return word
		}
		if i > 0 && i != inPath && slices.Contains(dangerousPairs, [2]string{words[i-1], word}) {
			return words[i-1] + "-" + word
		}
	}
	if op.Method == "DELETE" && inPath > 0 && slices.Contains([]string{"account", "me", "self", "profile", "user", "myself"}, words[inPath-1]) &&
		!isParam(op.Path[strings.LastIndexByte(op.Path, '/')+1:]) {
		return "removal of an account"
	}
	return ""
}

// Matches reports whether an operation is meant by a pattern: "GET /orders",
// "/orders" or an operationId, with * for any characters.
func Matches(pattern string, op *openapi.Operation) bool {
	parts := strings.Split(strings.TrimSpace(pattern), "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	whole, err := regexp.Compile("^(?i:" + strings.Join(parts, ".*") + ")$")
	return err == nil && (whole.MatchString(op.String()) || whole.MatchString(op.Path) || op.ID != "" && whole.MatchString(op.ID))
}

// matches reports whether an operation is meant by one of the patterns.
func matches(patterns []string, op *openapi.Operation) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return Matches(pattern, op) })
}

// leaveOut returns why an operation is not tried, or "".
func (r *run) leaveOut(op *operation) string {
	switch {
	case len(r.Only) > 0 && !matches(r.Only, op.Operation):
		return "not among --only"
	case matches(r.Skip, op.Operation):
		return "skipped by --skip"
	case !r.Write && !statute.SafeMethod(op.Method):
		return "safe methods only"
	case !r.Write && (op.unsafe() || op.makes()):
		return "its name speaks of a change, and the run is to change nothing"
	}
	if elsewhere := r.elsewhere(op); elsewhere != "" {
		return "its server is another: " + elsewhere
	}
	if word := danger(op.Operation); word != "" && !matches(r.Risky, op.Operation) {
		return "its name speaks of " + word + "; --risky '" + op.String() + "' sends it"
	}
	return ""
}

// elsewhere returns the server that an operation names for itself, if none of
// those it names is the one that is checked.
func (r *run) elsewhere(op *operation) string {
	for _, server := range op.Servers {
		u, err := url.Parse(server)
		if err != nil || u.Host == "" || strings.EqualFold(u.Host, r.Base.Host) {
			return ""
		}
	}
	if len(op.Servers) == 0 {
		return ""
	}
	return op.Servers[0]
}
