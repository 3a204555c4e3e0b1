package check

import (
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// deed is what a verb in the name of an operation does to what it is about.
type deed uint8

const (
	asking  deed = 1 << iota // nothing
	making                   // makes another one
	writing                  // puts something into it
	acting                   // changes it
	ending                   // takes it away, or its name
	working                  // something, who knows what
)

// deedOf returns what a word does, 0 if it is no verb.
func deedOf(word string) deed {
	switch word {
	case "get", "list", "find", "search", "read", "fetch", "query", "count", "show", "lookup", "filter":
		return asking
	case "create", "add", "new", "insert", "copy", "clone", "register":
		return making
	case "set", "save", "send", "append", "write":
		return writing
	case "delete", "remove", "destroy", "erase":
		return acting | ending
	case "move", "rename":
		return making | acting | ending
	case "purge", "drop", "clear", "flush", "update", "replace", "restore", "cancel", "close", "archive",
		"disable", "enable", "lock", "unlock", "merge":
		return acting
	case "put", "post", "upload", "import", "export", "check":
		return working
	}
	return 0
}

// deeds returns what all the words of a name do: of what may do harm, each
// counts.
func deeds(name string) deed {
	var all deed
	for word := range nameWords(name) {
		all |= deedOf(word)
	}
	return all
}

// leading returns what the first verb of a name does, and those behind an "or"
// or an "and": "createOrUpdate".
func leading(name string) deed {
	var all deed
	open := true
	for word := range nameWords(name) {
		if deed := deedOf(word); open && deed != 0 {
			all, open = all|deed, false
		}
		open = open || word == "or" || word == "and"
	}
	return all
}

// acts reports whether a name holds a verb that changes or ends what is there.
func acts(name string) bool { return deeds(name)&acting != 0 }

// isProcedure reports whether a path names a verb and what it is about:
// "/deletePad" and "/orders.cancel" do, "/orders" and "/search" do not. Where
// items stand below, it is a collection: "/check-ins" with "/check-ins/{id}".
func isProcedure(path string, all []*openapi.Operation) bool {
	verb, rest := parse(lastSegment(path))
	return verb != "" && len(rest) > 0 && !hasItems(path, all)
}

// parse returns the verb of a name, "" if it has none, and the other words:
// "delete" and "pad" of "deletePad", "cancel" and "orders" of "orders.cancel".
func parse(name string) (verb string, rest []string) {
	words := slices.Collect(nameWords(name))
	switch end := len(words) - 1; {
	case isParam(name) || end < 0:
	case deedOf(words[0]) != 0:
		return words[0], words[1:]
	case strings.ContainsAny(name, ".:") && deedOf(words[end]) != 0:
		return words[end], words[:end]
	}
	return "", words
}

// hasItems reports whether a parameter stands right below a path.
func hasItems(path string, all []*openapi.Operation) bool {
	return slices.ContainsFunc(all, func(o *openapi.Operation) bool {
		_, rest, below := align(path, o.Path)
		first, _, _ := strings.Cut(rest, "/")
		return below && isParam(first)
	})
}

// isQuestion reports whether a name begins with a verb that changes nothing, and
// goes on so: "findNearMisses", not "findOrCreate".
func isQuestion(name string) bool {
	verb, _ := parse(name)
	return deedOf(verb) == asking && leading(name) == asking && !acts(name)
}

// describes reports whether a description lists a method on a path.
func describes(all []*openapi.Operation, method, path string) bool {
	return slices.ContainsFunc(all, func(o *openapi.Operation) bool { return o.Method == method && o.Path == path })
}

// effect is what an operation does to the server's state, as far as its
// description tells.
type effect uint8

const (
	reads   effect = iota // nothing that matters
	created               // makes a resource
	changes               // changes or deletes the resource it names, or acts on it
)

// effectOf tells what an operation does from its method, its name and the paths
// beside it. In doubt it changes what it names, and goes to nothing but what the
// run made.
func effectOf(op *openapi.Operation, all []*openapi.Operation) effect {
	last := lastSegment(op.Path)
	procedure, items := isProcedure(op.Path, all), hasItems(op.Path, all)
	// A state that can be put and deleted may be called like the action.
	state := !procedure && (describes(all, "PUT", op.Path) || describes(all, "DELETE", op.Path))
	switch {
	case statute.SafeMethod(op.Method):
		if !isParam(last) && !items && acts(last) && !state || procedure && deeds(last)&writing != 0 {
			return changes
		}
		return reads
	case op.Method != "POST", isParam(last), acts(last) && !items, leading(op.ID)&acting != 0:
		return changes
	}
	if len(params(bare(op.Path))) > 0 { // something of a resource, which others may have made
		several := items || singular(last) != squash(last)
		if items || several && describes(all, "GET", op.Path) {
			return created
		}
		return changes
	}
	switch {
	case nameHas(last, harmless...) && !nameHas(last, "in", "out") && deeds(last)&(making|writing) == 0, isQuestion(op.ID):
		return reads
	case deeds(last)&making != 0, leading(op.ID)&making != 0:
		return created
	case procedure && isQuestion(last):
		return reads
	case procedure:
		return changes
	case slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return r.Code == "201" }), items, describes(all, "GET", op.Path):
		return created
	}
	return changes
}
