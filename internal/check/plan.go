package check

import (
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// Planned is what a run would do about an operation.
type Planned struct {
	Operation statute.Operation
	Target    string          // as far as it is known without asking: /base/orders/{id}
	Causes    []statute.Cause // what may be sent; which of these depends on the answers
	Why       string          // it is left out
}

// Plan says what a run would send, and sends nothing.
func Plan(c Config) []Planned {
	r := newRun(c, nil)
	r.plan()
	var all []Planned
	for _, op := range r.operations {
		p := Planned{Operation: op.Operation.Operation, Target: r.planned(op), Why: op.outcome.Why}
		if op.outcome.State != statute.Skipped {
			p.Causes = r.causes(op)
		}
		all = append(all, p)
	}
	return all
}

// planned returns the target of an operation with the values that the user gave.
func (r *run) planned(op *operation) string {
	target := strings.TrimSuffix(r.Base.EscapedPath(), "/") + op.Path
	if r.Description == nil {
		return r.Base.RequestURI()
	}
	for _, name := range params(op.Path) {
		if value, ok := r.Values[name]; ok {
			target = strings.ReplaceAll(target, "{"+name+"}", value)
		}
	}
	return target
}

// causes returns what may be sent to an operation.
func (r *run) causes(op *operation) []statute.Cause {
	var all []statute.Cause
	add := func(causes ...statute.Cause) {
		for _, cause := range causes {
			if !slices.Contains(all, cause) {
				all = append(all, cause)
			}
		}
	}
	switch op.speaks {
	case graphQL:
		add(statute.Valid, statute.MalformedJSON, statute.BadDocument, statute.MutationByGet)
	case jsonRPC:
		add(statute.Procedure, statute.MalformedJSON)
	case webSocket:
		add(statute.Handshake, statute.NoHandshake)
	}
	if op.speaks != none {
		if r.guarded(op) {
			add(statute.NoCredentials)
		}
		return all
	}
	switch {
	case op.effect == created:
		add(statute.Create, statute.ReadBack, statute.Duplicate)
	case op.Method == "DELETE":
		add(statute.Delete, statute.ReadDeleted, statute.DeleteAgain)
	case op.effect == changes:
		add(statute.Change, statute.ReadBack)
	default:
		add(statute.Valid)
	}
	if full := r.Full; r.secures(op) && (len(full.Credentials) > 0 || full.Login != nil) {
		add(statute.NoCredentials, statute.FalseCredentials)
	}
	if identified(r.Low) && r.secures(op) {
		add(statute.Permitted)
	}
	if identified(r.Other) && r.secures(op) && len(params(op.Path)) > 0 {
		add(statute.NotTheOwner)
	}
	if len(params(op.Path)) > 0 && op.effect != created {
		add(statute.UnknownID, statute.IllFormedID)
	}
	for i := range op.Parameters {
		if p := &op.Parameters[i]; p.In == "query" || p.In == "header" {
			add(forbidden(p.Schema, p.In, p.Required)...)
		}
	}
	for _, m := range writable(op.Body) {
		add(statute.WrongMediaType)
		if statute.IsJSON(m.Type) {
			add(statute.MalformedJSON, statute.Chunked, statute.Expected)
		}
		if m.Schema == nil {
			continue
		}
		for _, p := range m.Schema.Properties {
			add(forbidden(p.Schema, "body", slices.Contains(m.Schema.Required, p.Name))...)
		}
	}
	if isGet(op) {
		add(statute.Head, statute.Options, statute.Unchanged, statute.Part, statute.NotAcceptable, statute.OtherSlash)
		if op.effect == reads && (r.HTTP2 || r.HTTP3 || r.client.Scheme == "https") {
			add(statute.Version)
		}
	}
	if r.Burst > 0 && r.bears(op) {
		add(statute.Burst, statute.AfterWait)
	}
	return all
}

func identified(i Identity) bool {
	return len(i.Credentials) > 0 || i.Login != nil || i.Certificate != nil
}

// forbidden returns the causes of what a schema forbids.
func forbidden(s *openapi.Schema, in string, required bool) []statute.Cause {
	var causes []statute.Cause
	for _, v := range violations("", s, in, nil) {
		causes = append(causes, v.cause)
	}
	if required && s.Default == nil {
		causes = append(causes, statute.MissingField)
	}
	return causes
}
