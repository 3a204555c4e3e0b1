package check

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/wire"
)

// Login is a request whose answer gives a credential: a log-in, a request to
// the token endpoint of OAuth 2 (RFC 6749, 4.3 and 4.4). It goes out before all
// else, and again when what it gave has expired. It is not yielded.
type Login struct {
	Method  string
	URL     *url.URL
	Fields  statute.Fields
	Content []byte
	Take    []Take
}

// Take is a credential that stands in the answer to a log-in.
type Take struct {
	From string // where: "json", "cookie", "header"
	Name string // a JSON pointer (RFC 6901), the cookie's or field's name; "" means every cookie
	To   Credential
}

// taken is what stands in a credential's value for what was taken.
const taken = "{}"

// maxFutile is how many log-ins may change nothing before no further one is
// tried in answer to a 401.
const maxFutile = 3

// logIn logs a principal in. The error does not hold what was sent or answered,
// but for the status.
func (r *run) logIn(ctx context.Context, p *party) error {
	l := p.Login
	at := l.Method + " " + l.URL.Redacted()
	client := wire.New(l.URL, r.Timeout)
	client.TLS = r.security(p.Certificate)
	if l.URL.Host == r.Base.Host {
		client.Dial = r.Dial
	}
	defer client.Close()
	x := &statute.Exchange{Request: l.request()}
	if err := client.Do(ctx, x); err != nil {
		return fmt.Errorf("logging in by %s: %w", at, err)
	}
	if class := x.Response.Class(); x.Error != "" || class != 2 && class != 3 {
		return fmt.Errorf("logging in by %s: %s", at, cmp.Or(x.Error, fmt.Sprintf("the answer is %d %s", x.Response.Status, http.StatusText(x.Response.Status))))
	}
	gained, err := l.take(&x.Response)
	if err != nil {
		return fmt.Errorf("logging in by %s: the answer has %w", at, err)
	}
	p.gained, p.accepted, p.until = gained, false, time.Time{}
	p.entry = &statute.Exchange{ // without what is secret
		Request:  statute.Request{Method: x.Request.Method, Scheme: x.Request.Scheme, Authority: x.Request.Authority, Target: l.URL.Path, Proto: x.Request.Proto},
		Response: statute.Response{Status: x.Response.Status, Reason: x.Response.Reason, Proto: x.Response.Proto},
		Start:    x.Start, Took: x.Took,
	}
	for _, c := range gained {
		r.secret(c.Value)
	}
	if life := lifetime(x.Response.Body.Bytes); life > 0 {
		p.until = x.Start.Add(life - min(life/10, 10*time.Second)) // a request takes its time, too
	}
	return nil
}

// request writes the log-in down.
func (l *Login) request() statute.Request {
	fields := statute.Fields{{Name: "Host", Value: l.URL.Host}}
	fields = append(fields, l.Fields...)
	for _, f := range []statute.Field{{Name: "User-Agent", Value: "statute"}, {Name: "Accept", Value: "*/*"}} {
		if !fields.Has(f.Name) {
			fields = append(fields, f)
		}
	}
	if len(l.Content) > 0 || !statute.SafeMethod(l.Method) {
		fields = append(fields, statute.Field{Name: "Content-Length", Value: strconv.Itoa(len(l.Content))})
	}
	return statute.Request{
		Method: l.Method, Target: l.URL.RequestURI(), Fields: fields,
		Body: statute.Body{Bytes: l.Content, Size: int64(len(l.Content))},
	}
}

// take returns the credentials that stand in an answer. The error says what it
// lacks.
func (l *Login) take(answer *statute.Response) ([]Credential, error) {
	var all []Credential
	for _, t := range l.Take {
		add := func(name, value string) {
			c := t.To
			c.Name = cmp.Or(c.Name, name)
			c.Value = strings.ReplaceAll(cmp.Or(c.Value, taken), taken, value)
			all = append(all, c)
		}
		before := len(all)
		switch t.From {
		case "cookie":
			for _, c := range cookies(answer.Fields) {
				if c.Value != "" && (t.Name == "" || t.Name == c.Name) {
					add(c.Name, c.Value)
				}
			}
		case "header":
			if value := answer.Fields.Get(t.Name); value != "" {
				add(t.Name, value)
			}
		default:
			if value := text(at(decode(answer.Body.Bytes), t.Name)); value != "" {
				add("", value)
			}
		}
		if len(all) == before {
			return nil, fmt.Errorf("no %s %s", t.From, t.Name)
		}
	}
	for _, c := range all {
		if strings.ContainsAny(c.Value, "\r\n\x00") {
			return nil, errors.New("a credential with a line break in it")
		}
	}
	return all, nil
}

// cookies returns the cookies that an answer sets (RFC 6265, 4.1).
func cookies(fields statute.Fields) []*http.Cookie {
	h := http.Header{}
	for line := range fields.Values("Set-Cookie") {
		h.Add("Set-Cookie", line)
	}
	return (&http.Response{Header: h}).Cookies()
}

// at returns the value that a JSON pointer leads to (RFC 6901, 4); "" where it
// leads nowhere, or to nothing that can be a credential.
func at(value any, pointer string) any {
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return ""
			}
			value = v[i]
		default:
			return ""
		}
	}
	switch value.(type) {
	case string, json.Number:
		return value
	}
	return ""
}

// lifetime returns how long the token in an answer is good (RFC 6749, 5.1); 0
// if the answer does not say.
func lifetime(content []byte) time.Duration {
	object, _ := decode(content).(map[string]any)
	seconds, err := strconv.ParseFloat(fmt.Sprint(object["expires_in"]), 64)
	if err != nil || seconds <= 0 || seconds > 1e8 {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// renew returns a request with what the latest log-in gave.
func (p *party) renew(request statute.Request) statute.Request {
	for _, c := range p.gained {
		request.Target, request.Fields = c.attach(request.Target, request.Fields)
	}
	return request
}

// refresh logs a principal in anew before a request if what the log-in gave has
// expired.
func (r *run) refresh(ctx context.Context, who statute.Principal, x *statute.Exchange) {
	p := r.parties[who]
	if p == nil || p.until.IsZero() || time.Now().Before(p.until) {
		return
	}
	p.until = time.Time{} // tried once: a 401 is to follow, if need be
	if r.logIn(ctx, p) == nil {
		x.Request = p.renew(x.Request)
	}
}

// renewed returns an exchange to be tried in the place of one that was refused
// with 401 although what the log-in gave was accepted before: it may have
// expired. It returns nil if there is nothing to be tried.
func (r *run) renewed(ctx context.Context, who statute.Principal, x *statute.Exchange) *statute.Exchange {
	p := r.parties[who]
	if p == nil || p.Login == nil {
		return nil
	}
	if x.Response.Status != http.StatusUnauthorized {
		p.accepted = p.accepted || x.Response.Status != 0
		return nil
	}
	if op := r.operation(x.Operation.Method, x.Operation.Path); op != nil && !r.guarded(op) {
		return nil // a log-in, perhaps: it refuses what it is given
	}
	request := p.renew(x.Request) // somebody else has logged in meanwhile, perhaps
	if same := request.Target == x.Request.Target && slices.Equal(request.Fields, x.Request.Fields); same {
		if !p.accepted || p.futile == maxFutile || r.stillGood(ctx, p) || r.logIn(ctx, p) != nil {
			return nil
		}
		p.futile++ // unless the next answer shows otherwise
		request = p.renew(x.Request)
	}
	return &statute.Exchange{Request: request, Operation: x.Operation, Declared: x.Declared, Case: x.Case}
}

// stillGood reports whether the credentials of a principal are accepted where
// they are known to be needed.
func (r *run) stillGood(ctx context.Context, p *party) bool {
	if p.proof == nil {
		return false
	}
	r.result.Requests++
	x := &statute.Exchange{Request: p.renew(*p.proof)}
	return p.client.Do(ctx, x) == nil && x.Response.Class() == 2
}

// wrongPassword sends each log-in that succeeded once with a wrong password, for
// a user that does not exist: there is no account to be locked.
func (r *run) wrongPassword(ctx context.Context) {
	const detail = "of a user that does not exist"
	own := r.ownLogin()
	for _, op := range r.operations {
		if op.control == nil || !isLogin(op) || op.Operation.Operation == own {
			continue
		}
		d := r.draft(op)
		d.call = op.call.clone()
		if !r.estrange(d) {
			continue
		}
		x := r.try(ctx, op, r.request(d.call, statute.Nobody), statute.Case{
			Cause: statute.WrongPassword, Detail: detail, Control: op.control, Principal: statute.Nobody,
		})
		r.keep(d.call, x)
	}
	if own == (statute.Operation{}) || r.over(ctx) {
		return
	}
	var declared *statute.Declared
	if op := r.operation(own.Method, own.Path); op != nil {
		declared = op.declared
	}
	if request, ok := r.estranged(r.Full.Login); ok {
		r.send(ctx, own, declared, request, statute.Case{
			Cause: statute.WrongPassword, Detail: detail, Control: r.parties[statute.Full].entry, Principal: statute.Nobody,
		})
	}
}

// ownLogin returns the operation by which Full logs in at the API under test;
// none if it logs in elsewhere, or if the user wants that not to be sent.
func (r *run) ownLogin() statute.Operation {
	l := r.Full.Login
	if l == nil || l.URL.Scheme != r.Base.Scheme || l.URL.Host != r.Base.Host || !r.Write && !statute.SafeMethod(l.Method) {
		return statute.Operation{}
	}
	o := statute.Operation{Method: l.Method, Path: strings.TrimPrefix(l.URL.Path, strings.TrimSuffix(r.Base.Path, "/"))}
	if op := r.operation(o.Method, o.Path); op != nil && op.outcome.State == statute.Skipped {
		return statute.Operation{}
	}
	return o
}

// isLogin reports whether an operation is a log-in by its name and by what it
// takes.
func isLogin(op *operation) bool {
	_, last := splitLast(op.Path)
	if len(params(op.Path)) > 0 || op.Method != "POST" && op.Method != "GET" || !nameHas(last+" "+op.ID, loginWords...) {
		return false
	}
	if slices.ContainsFunc(op.Parameters, func(p openapi.Parameter) bool { return isPassword(p.Name) }) {
		return true
	}
	return slices.ContainsFunc(writable(op.Body), func(m openapi.Media) bool {
		return m.Schema != nil && slices.ContainsFunc(m.Schema.Properties, func(p openapi.Property) bool { return isPassword(p.Name) })
	})
}

// loginWords are words in the names of log-ins.
var loginWords = []string{
	"login", "log", "logon", "signin", "sign", "session", "sessions", "token", "tokens", "auth", "authenticate", "authentication", "authorize",
}

// isPassword reports whether that is the name of what proves who logs in.
func isPassword(name string) bool {
	return nameHas(name, "password", "passwd", "passphrase", "pwd", "pass") || squash(name) == "clientsecret"
}

// nobody returns a value for the name of what tells who logs in, of a user that
// does not exist; "" for any other name.
func (r *run) nobody(name string) string {
	user := "statute-" + r.values.tag
	switch {
	case nameHas(name, "email", "mail"):
		return user + "@statute.example"
	case nameHas(name, "user", "username", "login", "account", "nickname") || squash(name) == "clientid":
		return user
	}
	return ""
}

// wrong is a wrong password that most rules for passwords allow.
const wrong = "Statute-wrong-1"

// estrange makes a described log-in that of a user who does not exist, with a
// wrong password, and reports whether it has both.
func (r *run) estrange(d *draft) bool {
	user, password := false, false
	for _, p := range d.places() {
		name := r.nobody(p.name)
		switch {
		case kind(p.schema) == "object" || kind(p.schema) == "array":
		case isPassword(p.name):
			p.set(fit(wrong, p.schema))
			password = true
		case name != "" && (p.present || !user):
			p.set(fit(name, p.schema))
			user = true
		case squash(p.name) == "granttype" && len(p.schema.Enum) == 0:
			p.set("password")
		}
	}
	return user && password
}

// estranged returns a configured log-in as that of a user who does not exist,
// with a wrong password; false if it has not both.
func (r *run) estranged(l *Login) (statute.Request, bool) {
	user, password := false, false
	var walk func(members map[string]any)
	walk = func(members map[string]any) {
		for name, member := range members {
			nested, _ := member.(map[string]any)
			value := r.nobody(name)
			switch {
			case nested != nil:
				walk(nested)
			case isPassword(name):
				members[name], password = wrong, true
			case value != "":
				members[name], user = value, true
			}
		}
	}
	changed, media := *l, statute.MediaType(l.Fields.Get("Content-Type"))
	members, _ := decode(l.Content).(map[string]any)
	if media == "application/x-www-form-urlencoded" {
		pairs, _ := url.ParseQuery(string(l.Content))
		members = map[string]any{}
		for name := range pairs {
			members[name] = pairs.Get(name)
		}
	}
	if members != nil {
		walk(members)
		changed.Content, _ = encodeBody(members, media)
	}
	if c := (Credential{Name: "Authorization", Value: l.Fields.Get("Authorization")}); c.Value != "" {
		c.Value = unknown(c.parts())
		_, changed.Fields = c.attach("", l.Fields)
		user, password = true, true
	}
	return changed.request(), user && password
}
