package check

import (
	"context"
	"slices"

	"github.com/statute-http/statute"
)

// lookAbove reads what stands above a GET whose path ends in the name of an
// action, after that GET was sent: reading must change nothing (RFC 9110, 9.2.1).
func (r *run) lookAbove(ctx context.Context, op *operation) {
	parent, last := splitLast(bare(op.Path))
	above := r.operation("GET", parent)
	if op.Method != "GET" || !slices.Contains(actions, squash(last)) || above == nil || above.control == nil {
		return
	}
	c := above.call.clone()
	c.path = op.call.path
	r.try(ctx, above, r.request(c, statute.Full), statute.Case{Cause: statute.Valid})
}

// actions are names of actions on the resource before them.
var actions = []string{
	"accept", "activate", "approve", "archive", "cancel", "clear", "close", "complete", "deactivate", "decline", "decrement", "delete",
	"destroy", "disable", "enable", "finish", "increment", "lock", "pause", "pay", "publish", "purge", "refund", "reject", "remove",
	"reopen", "reset", "resume", "revoke", "ship", "start", "stop", "toggle", "unarchive", "unlock", "unpublish",
}
