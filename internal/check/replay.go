package check

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/wire"
)

// Made is what a run created.
type Made struct {
	Path    string            // percent-encoded; "" if no path leads to it
	Name    string            // by which requests ask for it then
	By      *statute.Exchange // whose answer says so
	Deleted bool              // again, by a DELETE of that path
	End     *statute.Exchange // deleted what no path leads to; nil if nothing did
}

// made returns what the run created and knows how to ask for.
func (r *run) made() []Made {
	var all []Made
	for _, i := range r.instances {
		if !i.made || i.create == nil {
			continue
		}
		m := Made{By: i.create, Deleted: i.gone}
		switch {
		case i.template != "":
			m.Path = r.path(i.template, i.params)
		case i.noun != "":
			m.Name, m.End = i.params[i.noun], i.end
		default:
			m.Path, _, _ = strings.Cut(i.location, "?")
		}
		if m.Path != "" || m.Name != "" {
			all = append(all, m)
		}
	}
	return all
}

// concerns reports whether a request is about what was made: its target leads
// there or below, or its query or content names it or holds the word that the run
// made up for it.
func (m *Made) concerns(r *statute.Request) bool {
	if m.Path != "" && (below(m.Path, r.Path()) || names(r, m.Path)) || m.Name != "" && mentions(r, m.Name) {
		return true
	}
	word := freshWord.FindString(cmp.Or(m.Name, idOf(m.Path)))
	return word != "" && (strings.Contains(r.Target, word) || bytes.Contains(r.Body.Bytes, []byte(word)))
}

// mentions reports whether a value stands by itself in a request's query or
// content.
func mentions(r *statute.Request, value string) bool {
	for pair := range strings.SplitSeq(r.Query(), "&") {
		if _, given, _ := strings.Cut(pair, "="); given == url.QueryEscape(value) {
			return true
		}
	}
	return statute.IsJSON(r.MediaType()) && holds(decode(r.Body.Bytes), value, nil)
}

// Rests reports whether an exchange shows its fault only after others: it repeats
// one, or is about what the run created before it.
func Rests(all []Made, x *statute.Exchange) bool {
	if x.Case != nil {
		switch x.Case.Cause {
		case statute.Duplicate, statute.PutAgain, statute.DeleteAgain, statute.ReadDeleted, statute.AfterWait:
			return true
		}
	}
	return slices.ContainsFunc(all, func(m Made) bool { return m.By.Source != x.Source && m.concerns(&x.Request) })
}

// About returns what of all that was made the exchanges are about, and what that
// was made of in turn.
func About(all []Made, exchanges []*statute.Exchange) []Made {
	needed := make([]bool, len(all))
	var need func(x *statute.Exchange)
	need = func(x *statute.Exchange) {
		for i, m := range all {
			if !needed[i] && (x.Source == m.By.Source || m.concerns(&x.Request)) {
				needed[i] = true
				if x.Source != m.By.Source {
					need(m.By)
				}
			}
		}
	}
	for _, x := range exchanges {
		need(x)
	}
	var about []Made
	for i, m := range all {
		if needed[i] {
			about = append(about, m)
		}
	}
	return about
}

// below reports whether a path is another one or leads further down, whatever
// format stands at their ends.
func below(above, path string) bool {
	rest, ok := strings.CutPrefix(path, bare(strings.TrimSuffix(above, "/")))
	return ok && above != "" && (bare(rest) == "" || rest[0] == '/')
}

// Scene is a proof of an earlier run: exchanges in the order sent, and the one
// among them that shows the fault.
type Scene struct {
	Exchanges []*statute.Exchange
	Shown     *statute.Exchange
}

// Played is what became of a scene that was sent again.
type Played struct {
	Exchanges []*statute.Exchange // in the order sent
	Shown     *statute.Exchange   // in the place of Scene.Shown; nil if it did not come to that
	Why       string              // the scene could not be repeated; "" if it could
}

// Replay sends the scenes of an earlier run again, each by itself: first what
// made that which they are about, whose ids and validators take the
// place of the old ones; credentials are those of the configuration. Made is what
// the earlier run created. What the replay creates is deleted after each scene;
// the URLs of what could not be are in the result.
//
// No harm is done: an unsafe request goes to what the replay has made, to where
// nothing is, or is one by which the earlier run is known to have created
// something.
func Replay(ctx context.Context, c Config, made []Made, scenes []Scene, played func(scene int, p Played)) (*Result, error) {
	r := newRun(c, nil)
	defer r.leave()
	if err := r.enter(ctx); err != nil {
		return r.result, err
	}
	r.turn.Lock()
	for i, scene := range scenes {
		s := &stage{run: r, made: made, now: map[int]*statute.Exchange{}, words: map[string]string{}, moved: map[string]string{}, validators: map[string]string{}}
		p := Played{}
		r.yield = func(x *statute.Exchange) {
			x.Source.Entry = len(p.Exchanges)
			p.Exchanges = append(p.Exchanges, x)
		}
		if err := s.play(ctx, scene); err != nil {
			p.Why = err.Error()
		}
		p.Shown = s.now[scene.Shown.Source.Entry]
		r.yield = func(*statute.Exchange) {}
		s.cleanUp(ctx)
		played(i, p)
		if r.dead != nil || ctx.Err() != nil {
			break
		}
	}
	r.result.Elapsed = time.Since(r.start)
	return r.result, cmp.Or(r.dead, ctx.Err())
}

// stage is where one scene is played.
type stage struct {
	*run
	made       []Made
	props      []*prop                   // in the order made
	now        map[int]*statute.Exchange // by the entry of what they repeat
	words      map[string]string         // new ones by old ones
	moved      map[string]string         // where Location leads now by where it led then, for reads
	validators map[string]string         // the same of ETag and Last-Modified
}

// prop is what the replay has made.
type prop struct {
	was, is     string // its paths; "" if unknown
	named, name string // how requests asked for it and do now, where no path leads to it; "" if unknown
	deletes     bool   // a DELETE is known to end it
	end         *statute.Exchange
	gone        bool
	by          *statute.Exchange
}

// play sends a scene after what made that which it is about.
func (s *stage) play(ctx context.Context, scene Scene) error {
	all := slices.Clone(scene.Exchanges)
	for _, m := range About(s.made, all) {
		if !slices.ContainsFunc(all, func(x *statute.Exchange) bool { return x.Source == m.By.Source }) {
			all = append(all, m.By)
		}
	}
	slices.SortStableFunc(all, func(a, b *statute.Exchange) int { return cmp.Compare(a.Source.Entry, b.Source.Entry) })
	for _, was := range all {
		x, err := s.again(ctx, was)
		if err != nil {
			return err
		}
		switch {
		case x.Response.Status == 0 && was.Response.Status != 0:
			return fmt.Errorf("%s: %s", line(x), x.Error)
		case x.Case == nil && was.Response.Status != 429:
			return fmt.Errorf("%s: the server limits requests", line(x))
		case s.succeeded(was) && !s.succeeded(x) && (was != scene.Shown || meantToSucceed(was)):
			if succeeds(x) {
				return fmt.Errorf("%s, whose content says that it failed", line(x))
			}
			return fmt.Errorf("%s, where it was %d", line(x), was.Response.Status)
		case s.unnamed(x):
			return fmt.Errorf("%s does not tell how to ask for the new thing", line(x))
		}
	}
	return nil
}

// line says of an exchange what became of it: "POST /orders: 409".
func line(x *statute.Exchange) string {
	text := x.Request.Method + " " + x.Request.Target
	if x.Response.Status != 0 {
		text += ": " + strconv.Itoa(x.Response.Status)
	}
	return text
}

func succeeds(x *statute.Exchange) bool {
	return x.Response.Class() == 2 || x.Response.Class() == 3
}

// succeeded reports whether an answer says by its code that the request
// succeeded, and does not say otherwise by its content.
func (s *stage) succeeded(x *statute.Exchange) bool {
	return succeeds(x) && (s.Failed == nil || !s.Failed(x))
}

// unnamed reports whether an exchange made a thing that no path leads to, and left
// open how to ask for it.
func (s *stage) unnamed(x *statute.Exchange) bool {
	return slices.ContainsFunc(s.props, func(p *prop) bool { return p.by == x && p.named != "" && p.name == "" && !p.gone })
}

// meantToSucceed reports whether a request was right, so that an answer of
// another class tells nothing of the fault.
func meantToSucceed(x *statute.Exchange) bool {
	if x.Case == nil {
		return true
	}
	switch x.Case.Cause {
	case statute.ReadDeleted, statute.DeleteAgain, statute.Duplicate, statute.Permitted:
		return false
	}
	return !x.Case.Cause.Wrong()
}

// again sends one exchange.
func (s *stage) again(ctx context.Context, was *statute.Exchange) (*statute.Exchange, error) {
	request, why, err := s.rewrite(was)
	if err != nil {
		return nil, err
	}
	var list *statute.Exchange
	if !request.Safe() {
		if err := s.harmless(ctx, was, &request); err != nil {
			return nil, err
		}
		if s.creates(was) && !isProcedure(request.Path(), nil) { // else it may make something when it is read
			list = s.look(ctx, request.Path())
		}
	}
	if read, p := why.Elsewhere, s.parties[why.Principal]; why.Cause == statute.Permitted && p != nil && read != nil && read.Request.Safe() && s.succeeded(read) {
		p.proof = &read.Request // that a 401 does not come of an old log-in
	}
	x := s.send(ctx, was.Operation, was.Declared, request, why)
	s.now[was.Source.Entry] = x
	s.learn(was, x, list)
	return x, nil
}

// look reads what is there before something is done; it is no part of the scene.
func (s *stage) look(ctx context.Context, target string) *statute.Exchange {
	request := s.raw("GET", target, nil, nil, "", statute.Full)
	yield := s.yield
	s.yield = func(*statute.Exchange) {}
	defer func() { s.yield = yield }()
	return s.send(ctx, statute.Operation{Method: "GET", Path: target}, nil, request, statute.Case{Cause: statute.Valid})
}

// redacted stands in a report in the place of a secret.
const redacted = "[redacted]"

// rewrite returns a request as it is to be sent now, and its case.
func (s *stage) rewrite(was *statute.Exchange) (statute.Request, statute.Case, error) {
	r := was.Request
	switch {
	case r.Body.Cut:
		return r, statute.Case{}, fmt.Errorf("%s: the report holds its content in part", line(was))
	case !slices.Contains([]string{"", "HTTP/1.1", wire.HTTP2, wire.HTTP3}, r.Proto):
		return r, statute.Case{}, fmt.Errorf("%s went over %s", line(was), r.Proto)
	case strings.Contains(r.Path(), redacted):
		return r, statute.Case{}, fmt.Errorf("%s: a secret stands in its path", line(was))
	}
	why := statute.Case{Principal: statute.Full}
	if was.Case != nil {
		why = *was.Case
		why.Principal = cmp.Or(why.Principal, statute.Full)
		for _, other := range []**statute.Exchange{&why.Control, &why.Elsewhere} {
			if *other != nil {
				*other = s.now[(*other).Source.Entry]
			}
		}
	}
	secret := false
	target, err := s.target(&r, &secret)
	if err != nil {
		return r, why, err
	}
	out := statute.Request{Method: r.Method, Target: target, Proto: r.Proto}
	for _, f := range r.Fields {
		switch name := strings.ToLower(f.Name); {
		case strings.Contains(f.Value, redacted):
			secret = true
			continue
		case name == "host" && f.Value == r.Authority:
			f.Value = s.client.Authority
		case name == "content-length" && why.Cause != statute.BadFraming:
			continue
		case strings.HasPrefix(name, "if-"):
			f.Value = s.validator(f.Value)
		default:
			f.Value = s.reword(f.Value)
		}
		out.Fields = append(out.Fields, f)
	}
	content := s.content(&r)
	if r.Fields.Has("Content-Length") && why.Cause != statute.BadFraming {
		out.Fields = append(out.Fields, statute.Field{Name: "Content-Length", Value: strconv.Itoa(len(content))})
	}
	out.Body = statute.Body{Bytes: content, Size: int64(len(content))}
	for _, f := range s.Fields {
		if !out.Fields.Has(f.Name) {
			out.Fields = append(out.Fields, f)
		}
	}
	if secret {
		credentials, err := s.own(why)
		if err != nil {
			return out, why, fmt.Errorf("%s: %w", line(was), err)
		}
		for _, c := range credentials {
			out.Target, out.Fields = c.attach(out.Target, out.Fields)
		}
	}
	return out, why, nil
}

// own returns the credentials that a request goes with.
func (s *stage) own(why statute.Case) ([]Credential, error) {
	who := why.Principal
	if who == statute.False {
		for _, f := range s.forgeries() {
			if f.cause == why.Cause && (f.detail == why.Detail || why.Detail == "") && len(f.credentials) > 0 {
				return f.credentials, nil
			}
		}
		return nil, errors.New("false credentials are made of right ones: --auth")
	}
	if who == statute.Nobody { // what was hidden were no credentials
		return nil, nil
	}
	if p := s.parties[who]; p == nil || len(s.credentials(who)) == 0 && p.Certificate == nil {
		flag := map[statute.Principal]string{statute.Low: "--as-low", statute.Other: "--as-other"}[who]
		return nil, errors.New("credentials are needed: " + cmp.Or(flag, "--auth"))
	}
	return s.credentials(who), nil
}

// freshWord matches a word that a run made up; see values.word.
var freshWord = regexp.MustCompile(`statute[0-9a-z]{4,7}`)

// reword puts words that were never used in the place of those that the earlier
// run made up, of the same length.
func (s *stage) reword(text string) string {
	return freshWord.ReplaceAllStringFunc(text, func(old string) string {
		if s.words[old] == "" {
			fresh := s.values.fresh()
			for len(fresh) < len(old)-len("statute") {
				fresh = "0" + fresh
			}
			s.words[old] = "statute" + fresh[len(fresh)+len("statute")-len(old):]
		}
		return s.words[old]
	})
}

// validator puts the validators of now in the place of those of then.
func (s *stage) validator(value string) string {
	for was, is := range s.validators {
		if strings.Contains(value, was) {
			return strings.ReplaceAll(value, was, is)
		}
	}
	return value
}

// target returns a target with the paths and ids of now. It notes whether the
// query held a secret, and leaves that out.
func (s *stage) target(r *statute.Request, secret *bool) (string, error) {
	if moved := s.moved[r.Target]; moved != "" && r.Safe() {
		return moved, nil
	}
	path, query, asks := strings.Cut(r.Target, "?")
	if !strings.HasPrefix(path, "/") {
		return r.Target, nil
	}
	path, err := s.path(path)
	if err != nil || !asks {
		return path, err
	}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if strings.Contains(value, redacted) {
			*secret = true
			continue
		}
		if ok {
			pair = name + "=" + s.reword(value)
			for _, p := range s.props {
				if was, is := idOf(p.was), idOf(p.is); value == was && is != "" && namesNoun(name, p.was) {
					pair = name + "=" + is
				}
				if p.named != "" && value == url.QueryEscape(p.named) {
					pair = name + "=" + url.QueryEscape(p.name)
				}
			}
		}
		pairs = append(pairs, pair)
	}
	if pairs == nil {
		return path, nil
	}
	return path + "?" + strings.Join(pairs, "&"), nil
}

// path returns a path of now: below the innermost thing that was made again.
func (s *stage) path(path string) (string, error) {
	var innermost *prop
	for _, p := range s.props {
		if p.was != "" && below(p.was, path) && (innermost == nil || len(p.was) > len(innermost.was)) {
			innermost = p
		}
	}
	switch {
	case innermost == nil:
		return s.reword(path), nil
	case innermost.is == "":
		return "", fmt.Errorf("%s does not tell where the new thing is", line(innermost.by))
	}
	return bare(innermost.is) + s.reword(path[len(bare(innermost.was)):]), nil
}

// content returns content with the words and ids of now.
func (s *stage) content(r *statute.Request) []byte {
	content := []byte(s.reword(string(r.Body.Bytes)))
	if !statute.IsJSON(r.MediaType()) || len(s.props) == 0 {
		return content
	}
	value := decode(content)
	changed := false
	var walk func(name string, v any) any
	walk = func(name string, v any) any {
		switch v := v.(type) {
		case map[string]any:
			for name := range v {
				v[name] = walk(name, v[name])
			}
		case []any:
			for i := range v {
				v[i] = walk(name, v[i])
			}
		case string, json.Number:
			for _, p := range s.props {
				was, is := plainID(p.was), plainID(p.is)
				if p.named != "" {
					was, is = p.named, p.name
				} else if !namesNoun(name, p.was) && !(squash(name) == "id" && below(p.was, r.Path())) {
					continue
				}
				if text(v) != was || is == "" || was == is {
					continue
				}
				changed = true
				if _, number := v.(json.Number); number {
					return json.Number(is)
				}
				return is
			}
		}
		return v
	}
	value = walk("", value)
	if !changed {
		return content
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil { // an id that was a number is none any more
		return content
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// names reports whether a request's query or content names what has that path.
func names(r *statute.Request, path string) bool {
	for pair := range strings.SplitSeq(r.Query(), "&") {
		if name, value, _ := strings.Cut(pair, "="); value == idOf(path) && namesNoun(name, path) {
			return true
		}
	}
	if !statute.IsJSON(r.MediaType()) {
		return false
	}
	id := plainID(path)
	var walk func(name string, v any) bool
	walk = func(name string, v any) bool {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if walk(name, member) {
					return true
				}
			}
		case []any:
			return slices.ContainsFunc(v, func(item any) bool { return walk(name, item) })
		case string, json.Number:
			return text(v) == id && namesNoun(name, path)
		}
		return false
	}
	return walk("", decode(r.Body.Bytes))
}

// namesNoun reports whether a name is that of a thing of the path's collection,
// or of its identity: customer, customer_id and customerIds for /customers/17.
func namesNoun(name, path string) bool {
	collection, _ := splitLast(path)
	noun := singular(lastWord(collection))
	rest, ok := strings.CutPrefix(squash(name), noun)
	return ok && noun != "" && slices.Contains([]string{"", "s", "id", "ids", "uuid", "key", "slug"}, rest)
}

// idOf returns the id at the end of a path, percent-encoded.
func idOf(path string) string {
	_, last := splitLast(path)
	return bare(last)
}

// plainID returns the id at the end of a path; "" if its encoding is broken.
func plainID(path string) string {
	plain, err := url.PathUnescape(idOf(path))
	if err != nil {
		return ""
	}
	return plain
}

// learn notes what an answer tells of what was made, and its validators. What
// stood in the list that was read before cannot have been made.
func (s *stage) learn(was, x, list *statute.Exchange) {
	for _, name := range []string{"ETag", "Last-Modified"} {
		old, fresh := was.Response.Fields.Get(name), x.Response.Fields.Get(name)
		if old != "" && fresh != "" {
			s.validators[old] = fresh
		}
	}
	if was, is := s.located(was), s.locate(x); was != "" && is != "" {
		s.moved[was] = is
	}
	if x.Request.Method == "DELETE" && x.Response.Class() == 2 {
		for _, p := range s.props {
			p.gone = p.gone || p.is == x.Request.Path()
		}
	}
	if x.Request.Method == "DELETE" {
		return
	}
	for _, m := range s.made {
		if m.By.Source != was.Source || x.Request.Safe() && m.Name == "" {
			continue
		}
		p := &prop{was: m.Path, named: m.Name, deletes: m.Deleted, end: m.End, by: x, gone: !s.succeeded(x)}
		switch {
		case p.gone:
		case m.Name != "":
			p.name = s.renamed(m, was, x)
		default:
			p.is = s.found(m, was, x)
			p.deletes = p.deletes || p.is != "" && x.Response.Status == 201 && below(x.Request.Path(), p.is)
		}
		if list != nil && holds(decode(list.Response.Body.Bytes), plainID(p.is), decode(x.Response.Body.Bytes)) {
			p.is = ""
		}
		s.props = append(s.props, p)
		return
	}
	if x.Response.Status == 201 && !succeeds(was) && !x.Request.Safe() {
		path, _, _ := strings.Cut(s.locate(x), "?")
		s.props = append(s.props, &prop{is: path, deletes: below(x.Request.Path(), path), by: x})
	}
}

// located returns where the Location of an old answer led to, on whatever host.
func (s *stage) located(was *statute.Exchange) string {
	here := *was
	here.Response.Fields = statute.Fields{{
		Name: "Location", Value: strings.Replace(was.Response.Fields.Get("Location"), "://"+was.Request.Authority, "://"+s.client.Authority, 1),
	}}
	return s.locate(&here)
}

// found returns the path of what was made again: from Location, or from where
// the old id stood in the old answer or request.
func (s *stage) found(m Made, was, x *statute.Exchange) string {
	if x.Request.Method == "PUT" && m.Path == was.Request.Path() {
		return x.Request.Path()
	}
	if location, _, _ := strings.Cut(s.locate(x), "?"); location != "" && s.located(was) == m.Path {
		return location
	}
	collection, old := splitLast(m.Path)
	id := idOf(m.Path)
	for _, pair := range [][2][]byte{
		{was.Response.Body.Bytes, x.Response.Body.Bytes},
		{was.Request.Body.Bytes, x.Request.Body.Bytes},
	} {
		if fresh := counterpart(decode(pair[0]), decode(pair[1]), plainID(m.Path)); fresh != "" {
			collection, err := s.path(collection)
			if err != nil {
				return ""
			}
			return collection + "/" + url.PathEscape(fresh) + strings.TrimPrefix(old, id)
		}
	}
	return ""
}

// renamed returns how to ask for what was made again and no path leads to: the
// client chose that, or it stands where the old name stood in the old answer. ""
// if that is the old name: the thing may be a stranger's.
func (s *stage) renamed(m Made, was, x *statute.Exchange) string {
	name := s.reword(m.Name)
	if name == m.Name {
		name = counterpart(decode(was.Response.Body.Bytes), decode(x.Response.Body.Bytes), m.Name)
	}
	if name == m.Name {
		return ""
	}
	return name
}

// holds reports whether an id stands anywhere in a value, but for members of
// which the answer that tells the id tells something else: customer_id where
// that is {"id":17,"customer_id":3}.
func holds(v any, id string, answer any) bool {
	switch v := v.(type) {
	case map[string]any:
		told, ok := unwrap(answer).(map[string]any)
		if !ok {
			told, _ = answer.(map[string]any)
		}
		for name, member := range v {
			if other, ok := scalar(told[name]); ok && other != id {
				continue
			}
			if holds(member, id, answer) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return holds(item, id, answer) })
	case string, json.Number:
		return text(v) == id
	}
	return false
}

// counterpart returns the scalar that stands where the other value has a given
// one, "" if there is none.
func counterpart(was, is any, wanted string) string {
	switch was := was.(type) {
	case map[string]any:
		is, ok := is.(map[string]any)
		if !ok {
			return ""
		}
		rank := func(name string) string { // what is called an id first
			return fmt.Sprintf("%t %05d %s", !strings.HasSuffix(squash(name), "id"), len(name), name)
		}
		byRank := func(a, b string) int { return strings.Compare(rank(a), rank(b)) }
		for _, name := range slices.SortedFunc(maps.Keys(was), byRank) {
			if id := counterpart(was[name], is[name], wanted); id != "" {
				return id
			}
		}
	case string, json.Number:
		if text(was) != wanted {
			return ""
		}
		switch is.(type) {
		case string, json.Number:
			return text(is)
		}
	}
	return ""
}

// harmless returns why an unsafe request must not be sent, nil if it may.
func (s *stage) harmless(ctx context.Context, was *statute.Exchange, r *statute.Request) error {
	path := r.Path()
	if strays("", r.Target) {
		return fmt.Errorf("%s leads out of its place", line(was))
	}
	described := &openapi.Operation{Operation: was.Operation}
	if word := danger(described); word != "" && !matches(s.Risky, described) {
		return fmt.Errorf("%s: its name speaks of %s; --risky '%s' sends it", line(was), word, was.Operation)
	}
	switch {
	case !s.Write:
		return fmt.Errorf("%s writes: --write sends it to a host that is not this machine", line(was))
	case slices.ContainsFunc(s.props, func(p *prop) bool {
		return p.is != "" && below(p.is, path) || p.name != "" && mentions(r, p.name)
	}), s.creates(was):
		return nil
	}
	_, last := splitLast(path)
	if r.Method == "POST" && nameHas(last, harmless...) {
		return nil
	}
	if !isProcedure(path, nil) { // else it may act when it is read
		if x := s.look(ctx, r.Target); x.Response.Status == 404 || x.Response.Status == 410 {
			return nil
		}
	}
	return fmt.Errorf("%s would act on what this replay did not make", line(was))
}

// creates reports whether the earlier run made something by the like of a
// request: by itself, or by another one to the same operation and the same path.
func (s *stage) creates(was *statute.Exchange) bool {
	return was.Request.Method == "POST" && slices.ContainsFunc(s.made, func(m Made) bool {
		by := &m.By.Request
		return by.Method == "POST" && by.Path() == was.Request.Path() && m.Path != by.Path()
	})
}

// cleanUp deletes what the scene has made, the latest first.
func (s *stage) cleanUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	for _, p := range slices.Backward(s.props) {
		switch {
		case p.gone, p.name != "" && s.dismissed(ctx, p):
			continue
		case p.is == "":
			s.result.Leftover = append(s.result.Leftover, "what "+line(p.by)+" made")
			continue
		}
		gone := false
		if p.deletes && !strays("", p.is) && s.dead == nil {
			who := cmp.Or(p.by.Case.Principal, statute.Full)
			x := s.send(ctx, statute.Operation{Method: "DELETE", Path: p.is}, nil, s.raw("DELETE", p.is, nil, nil, "", who), statute.Case{Cause: statute.Delete, Principal: who})
			gone = x.Response.Class() == 2 || x.Response.Status == 404 || x.Response.Status == 410
		}
		if !gone {
			s.result.Leftover = append(s.result.Leftover, s.client.Scheme+"://"+s.client.Authority+p.is)
		}
	}
}

// dismissed deletes what no path leads to in the way the earlier run did, and
// reports whether it is gone.
func (s *stage) dismissed(ctx context.Context, p *prop) bool {
	if p.end == nil || s.dead != nil {
		return false
	}
	request, why, err := s.rewrite(p.end)
	return err == nil && mentions(&request, p.name) && s.succeeded(s.send(ctx, p.end.Operation, nil, request, why))
}
