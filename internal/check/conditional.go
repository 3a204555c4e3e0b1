package check

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// fewOperations is on how many operations those cases are tried that most
// servers have one piece of code for.
const fewOperations = 3

// falseTag is an entity-tag that nothing has.
const falseTag = `"statute-false"`

// conditionalCases ask for what is known already, and for a part, where the
// control's answer offers that. Reading is safe.
func (r *run) conditionalCases(ctx context.Context, op *operation) {
	offers := op.control.Response.Fields
	if op.control.Response.Status != 200 || !offers.Has("ETag") && !offers.Has("Last-Modified") && !offers.Has("Accept-Ranges") {
		return
	}
	op.current = op.control
	// Writes may have come since the control.
	if x := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Valid}); x != nil && x.Response.Status == 200 {
		op.current = x
	}
	if etag := op.current.Response.Fields.Get("ETag"); etag != "" {
		op.heeds = r.again(ctx, op, statute.Unchanged, noneMatch(etag)) == http.StatusNotModified
	}
	if size := op.current.Response.Body.Size; size > 1 && op.current.Response.Fields.HasToken("Accept-Ranges", "bytes") {
		if op.parts = r.again(ctx, op, statute.Part, byteRange("0-%d", size/2-1)) == http.StatusPartialContent; op.parts {
			r.again(ctx, op, statute.BeyondEnd, byteRange("%d-", size))
		}
	}
}

// again repeats a read with further fields and returns the status of the answer;
// 0 if the budget is spent.
func (r *run) again(ctx context.Context, op *operation, cause statute.Cause, fields ...statute.Field) int {
	request := r.request(op.call, statute.Full)
	lines := make([]string, len(fields))
	for i, f := range fields {
		request.Fields = under(request.Fields, f)
		lines[i] = f.Name + ": " + f.Value
	}
	x := r.try(ctx, op, request, statute.Case{Cause: cause, In: "header", Detail: strings.Join(lines, "; "), Control: op.current})
	if x == nil {
		return 0
	}
	return x.Response.Status
}

func noneMatch(tags string) statute.Field { return statute.Field{Name: "If-None-Match", Value: tags} }

func byteRange(format string, at ...any) statute.Field {
	return statute.Field{Name: "Range", Value: "bytes=" + fmt.Sprintf(format, at...)}
}

// conditionalForms ask in all forms where one is heeded: by a list of entity-tags
// and by a weak one, by date, by both (RFC 9110, 13.1.2, 13.1.3); for ranges from
// the middle, from the end, for several, and under a condition that is false
// (RFC 9110, 14.1.2, 13.1.5).
func (r *run) conditionalForms(ctx context.Context, op *operation) {
	if op.current == nil {
		return
	}
	known := op.current.Response
	if etag := known.Fields.Get("ETag"); op.heeds && r.tagged < fewOperations {
		r.tagged++
		r.again(ctx, op, statute.Unchanged, noneMatch(falseTag+", "+etag))
		if strings.HasPrefix(etag, `"`) { // what lies between may have made it weak: the comparison is the weak one
			r.again(ctx, op, statute.Unchanged, noneMatch("W/"+etag))
		}
	}
	if since := known.Fields.Get("Last-Modified"); since != "" && r.dated < fewOperations {
		r.dated++
		field := statute.Field{Name: "If-Modified-Since", Value: since}
		if r.again(ctx, op, statute.Unchanged, field) == http.StatusNotModified && op.heeds {
			r.again(ctx, op, statute.Changed, noneMatch(falseTag), field) // the date is not to be looked at
		}
	}
	if op.parts && r.ranged < fewOperations {
		r.ranged++
		r.again(ctx, op, statute.Part, byteRange("%d-", known.Body.Size/2))
		r.again(ctx, op, statute.Part, byteRange("-1"))
		r.again(ctx, op, statute.Part, byteRange("0-0,-1"))
		r.again(ctx, op, statute.OldPart, statute.Field{Name: "If-Range", Value: falseTag}, byteRange("0-0"))
	}
}

// staleWrites write under a precondition that is false, and read back whether
// that was carried out: with an entity-tag that nothing ever had, or a date
// before the last change; then with one that was right before a change, as the
// second of two clients that read the same would (RFC 9110, 13.1.1, 13.1.4).
// What is written to this run made.
func (r *run) staleWrites(ctx context.Context, op *operation) {
	i := op.from
	if op.Method != "PUT" && op.Method != "PATCH" || !ours(op) || !r.readable(ctx, i) {
		return
	}
	before := i.read
	write := func(condition statute.Field, cause statute.Cause) *statute.Exchange {
		c := r.changed(op)
		if c == nil {
			return nil
		}
		request := r.request(c, statute.Full)
		request.Fields = under(request.Fields, condition)
		x := r.try(ctx, op, request, statute.Case{Cause: cause, In: "header", Detail: condition.Name + ": " + condition.Value, Control: before})
		if x != nil && x.Response.Class() == 2 {
			r.readChanged(ctx, i, x)
		}
		return x
	}
	condition, cause := stale(&before.Response)
	if condition.Value == "" {
		return
	}
	x := write(condition, cause)
	heeded := x != nil && x.Response.Status == http.StatusPreconditionFailed
	etag := before.Response.Fields.Get("ETag")
	if !heeded || !strings.HasPrefix(etag, `"`) || r.overtaken >= fewOperations { // a weak tag never matches (RFC 9110, 8.8.3.2)
		return
	}
	r.overtaken++
	current := statute.Field{Name: "If-Match", Value: etag}
	if first := write(current, statute.Change); first == nil || first.Response.Class() != 2 {
		return
	}
	if now := r.lastRead(i); now != nil && now.Response.Fields.Has("ETag") && now.Response.Fields.Get("ETag") != etag {
		write(current, statute.FalseIfMatch)
	}
}

// stale returns a precondition that is false for what a read was answered, with
// its cause; a zero Field if the answer offers nothing to make one of.
func stale(known *statute.Response) (statute.Field, statute.Cause) {
	if known.Fields.Has("ETag") {
		return statute.Field{Name: "If-Match", Value: falseTag}, statute.FalseIfMatch
	}
	modified, err := http.ParseTime(known.Fields.Get("Last-Modified"))
	if err != nil {
		return statute.Field{}, ""
	}
	return statute.Field{Name: "If-Unmodified-Since", Value: modified.Add(-24 * time.Hour).Format(http.TimeFormat)}, statute.OldDate
}

// under returns the fields with that one in the place of those of its name.
func under(fields statute.Fields, field statute.Field) statute.Fields {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f statute.Field) bool { return strings.EqualFold(f.Name, field.Name) })
	return append(fields, field)
}

// staleDelete deletes what this run made under a precondition that is false, and
// reads back whether it is there still. It reports whether it is gone.
func (r *run) staleDelete(ctx context.Context, op *operation, c *call, i *instance) bool {
	if i.read == nil || i.call == nil || i.call.op.Method != "POST" { // no other can be made for what comes next
		return false
	}
	condition, cause := stale(&i.read.Response)
	if condition.Value == "" {
		return false
	}
	request := r.request(c, statute.Full)
	request.Fields = under(request.Fields, condition)
	x := r.try(ctx, op, request, statute.Case{Cause: cause, In: "header", Detail: condition.Name + ": " + condition.Value, Control: i.read})
	if x == nil || x.Response.Class() != 2 {
		return false
	}
	after := r.read(ctx, i, statute.ReadDeleted, x)
	i.gone = after != nil && (after.Response.Status == 404 || after.Response.Status == 410 || r.showsNothing(after, i.read))
	return i.gone
}

// showsNothing reports whether a success shows no more of what was read before: it
// says of itself that it is none, or is what reads of unknown ids are answered.
func (r *run) showsNothing(after, before *statute.Exchange) bool {
	content := after.Response.Body.Bytes
	if after.Response.Class() != 2 || bytes.Equal(content, before.Response.Body.Bytes) {
		return false
	}
	if missing := after.Case.Elsewhere; missing != nil && bytes.Equal(content, missing.Response.Body.Bytes) {
		return true
	}
	return slices.Contains([]string{"", "{}", "null"}, string(bytes.TrimSpace(content))) || r.Failed != nil && r.Failed(after)
}
