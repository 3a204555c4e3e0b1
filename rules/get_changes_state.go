package rules

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed get_changes_state.txtar
var docGetChangesState string

var rGetChangesState = &statute.Rule{
	ID:    "get-changes-state",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "9.2.1")},
	On:    []int{200, 4},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   docGetChangesState,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		if made := madeBefore(p); made != nil {
			p.Report(statute.Fault{
				Message:  "GET that makes something: the same again is told that it exists",
				Expected: "POST or PUT for it; 405 to GET",
				Before:   []*statute.Exchange{made},
				At:       made,
			})
			return
		}
		if p.Response.Status != 200 && p.Response.Status != 404 && p.Response.Status != 410 {
			return
		}
		before := lastReading(p)
		if before == nil || sameContent(&before.Response, &p.Response) {
			return
		}
		if consumed(p, before) {
			p.Report(statute.Fault{
				Level:      statute.Should,
				Confidence: statute.Likely,
				Message:    "GET after which the resource is gone",
				Expected:   "200, as often as it is read",
				Before:     []*statute.Exchange{before},
				At:         before,
			})
			return
		}
		changed := "" // the member
		if p.Response.Status == 200 {
			if changed = changedIn(before, p.Exchange); changed == "" {
				return
			}
		}
		action, word := actionBetween(p, before)
		if action == nil || changed != "" && !tellsOf(word, changed, before, p.Exchange) {
			return
		}
		p.Report(statute.Fault{
			Message:  action.Request.Method + " whose target names an action, and carries it out",
			Expected: "POST, PUT, PATCH or DELETE for it; 405 to " + action.Request.Method,
			Before:   []*statute.Exchange{before, action},
			At:       action,
		})
	},
}

// madeBefore returns the request that made what stands in the way of this one, its
// repetition; nil if nothing does.
func madeBefore(p *statute.Pass) *statute.Exchange {
	if p.Case == nil || p.Case.Cause != statute.Duplicate || p.Case.Control == nil {
		return nil
	}
	first := p.Case.Control
	if first.Response.Class() != 2 || said(&first.Response) == saysTaken || p.Response.Status != 409 && said(&p.Response) != saysTaken {
		return nil
	}
	return first
}

// changedIn returns the name of a member that two answers do not have alike, what
// the server manages aside; "" if there is none, or if they are not both JSON.
func changedIn(before, after *statute.Exchange) string {
	was, is := stateIn(&before.Response.Body), stateIn(&after.Response.Body)
	if was.kind() == jsonNone || is.kind() == jsonNone {
		return ""
	}
	return otherwise(was, is)
}

// consumed reports whether the checker has read a resource twice with nothing
// else in between, and the second time it was gone.
func consumed(p *statute.Pass, before *statute.Exchange) bool {
	return p.Response.Status != 200 && p.Case != nil && (p.Case.Cause == statute.Valid || p.Case.Cause == statute.ReadBack) &&
		before.Case != nil && p.Source.Entry == before.Source.Entry+1
}

// tellsOf reports whether a change tells of the action: by the name of the member
// that changed ("archived"), or by a word that came into the content
// ("cancelled"). Any other change may have come about by itself.
func tellsOf(word, changed string, before, after *statute.Exchange) bool {
	stem := strings.TrimSuffix(word, "e")
	return nameHolds(changed, stem) ||
		nameHolds(string(after.Response.Body.Bytes), stem) && !nameHolds(string(before.Response.Body.Bytes), stem)
}

// The actions that targets name: those after which a resource is gone, and those
// after which it is another.
var (
	removals = []string{"delete", "remove", "destroy", "purge"}
	actions  = []string{
		"cancel", "close", "reopen", "archive", "unarchive", "activate", "deactivate", "enable", "disable", "approve", "reject",
		"publish", "unpublish", "start", "stop", "pause", "resume", "lock", "unlock", "accept", "decline", "complete", "finish",
		"reset", "toggle", "increment", "decrement", "clear", "ship", "pay", "refund", "revoke",
	}
)

// actionBetween returns the safe request between an earlier reading and the
// exchange under judgement, by the same client, whose target names an action on
// what was read, and the action: /orders/17/delete, /orders/delete/17,
// /orders/17?action=delete. It returns nil if there is none, or something was
// written there or above.
func actionBetween(p *statute.Pass, before *statute.Exchange) (x *statute.Exchange, word string) {
	path := p.Request.Path()
	slash := strings.LastIndexByte(path, '/')
	if slash <= 0 {
		return nil, ""
	}
	words := actions
	if p.Response.Status != 200 {
		words = removals
	}
	between := func(x *statute.Exchange) bool {
		return x.Source.File == p.Source.File && before.Source.Entry < x.Source.Entry && x.Source.Entry < p.Source.Entry
	}
	wrote := func(x *statute.Exchange) bool { return between(x) && writes(x) }
	if slices.ContainsFunc(p.Past(path[:slash]), wrote) || slices.ContainsFunc(p.Past(path[:slash+1]), wrote) {
		return nil, ""
	}
	done := func(x *statute.Exchange) bool {
		return between(x) && (x.Request.Method == "GET" || x.Request.Method == "HEAD") && sameSender(x, p.Exchange) && isDone(&x.Response)
	}
	for _, x := range p.Past(path) {
		if word := namedAction(x.Request.Query(), words); word != "" && done(x) {
			return x, word
		}
	}
	for _, word := range words {
		for _, at := range [...]string{path + "/" + word, path[:slash+1] + word + path[slash:]} {
			past := p.Past(at)
			if i := slices.IndexFunc(past, done); i >= 0 && !slices.ContainsFunc(past, wrote) {
				return past[i], word
			}
		}
	}
	return nil, ""
}

// isDone reports whether an answer may say that an action was carried out: it is
// no page, and does not lead to a log-in or a confirmation.
func isDone(r *statute.Response) bool {
	switch r.Status {
	case 302, 303:
		location := r.Fields.Get("Location")
		return !leadsToLogin(location) && !nameHolds(location, "confirm")
	}
	return r.Class() == 2 && !isHTML(r)
}

// namedAction returns the action that a query names, as action=delete or delete
// alone; "" if it names none of them.
func namedAction(query string, words []string) string {
	for parameter := range strings.SplitSeq(query, "&") {
		name, word, ok := strings.Cut(parameter, "=")
		switch strings.ToLower(name) {
		case "action", "do", "op", "cmd", "command", "method", "_method":
		default:
			if ok {
				continue
			}
			word = name
		}
		if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, word) }); i >= 0 {
			return words[i]
		}
	}
	return ""
}
