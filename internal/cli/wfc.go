package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/report"
)

// wfcUser is one entry of a WFC authentication file
// (https://github.com/WebFuzzing/Commons, wfc/schemas/auth.yaml), which several
// API testers read.
type wfcUser struct {
	Name    string     `json:"name"`
	Headers []wfcField `json:"fixedHeaders"`
	Login   *wfcLogin  `json:"loginEndpointAuth"`
}

type wfcField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// wfcLogin is a log-in. Its endpoint is a path on the server under test.
type wfcLogin struct {
	Endpoint    string       `json:"endpoint"`
	External    string       `json:"externalEndpointURL"`
	Verb        string       `json:"verb"`
	ContentType string       `json:"contentType"`
	Raw         string       `json:"payloadRaw"`
	Password    *wfcPassword `json:"payloadUserPwd"`
	Headers     []wfcField   `json:"headers"`
	Token       *wfcToken    `json:"token"`
	Cookies     bool         `json:"expectCookies"`
}

type wfcPassword struct {
	Username      string `json:"username"`
	Password      string `json:"password"`
	UsernameField string `json:"usernameField"`
	PasswordField string `json:"passwordField"`
}

// wfcToken says where the token stands and where it goes, in the words of the
// schema's present version and of those before.
type wfcToken struct {
	ExtractFrom     string `json:"extractFrom"` // "body", "header"
	ExtractSelector string `json:"extractSelector"`
	SendIn          string `json:"sendIn"` // "header", "query", "cookie"
	SendName        string `json:"sendName"`
	SendTemplate    string `json:"sendTemplate"` // with {token}

	ExtractFromField  string `json:"extractFromField"`
	ExtractFromHeader string `json:"extractFromHeader"`
	HTTPHeaderName    string `json:"httpHeaderName"`
	HeaderPrefix      string `json:"headerPrefix"`
	HeaderPostfix     string `json:"headerPostfix"`
}

// maxWFC is how many bytes a WFC file may have.
const maxWFC = 1 << 20

// readWFC reads the users of a WFC file; "" is none.
func (l *login) readWFC(name string) error {
	if name == "" {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("--wfc: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxWFC+1))
	if err == nil && len(data) > maxWFC {
		err = fmt.Errorf("it has more than %d bytes", maxWFC)
	}
	var users []wfcUser
	if err == nil {
		users, err = parseWFC(data)
	}
	l.users = map[string]identity{}
	for _, u := range users {
		id, broken := u.identity()
		if _, twice := l.users[u.Name]; broken == nil && twice {
			broken = errors.New("the name stands here twice")
		}
		if err == nil && broken != nil {
			err = fmt.Errorf("user %q: %w", u.Name, broken)
		}
		l.users[u.Name] = id
		l.first = cmp.Or(l.first, u.Name)
	}
	if err != nil {
		return hint(fmt.Errorf("--wfc: reading %s: %w", name, err), "statute check --wfc auth.yaml --as NAME")
	}
	return nil
}

// parseWFC reads the entries of a file, each with what the template adds to it.
func parseWFC(data []byte) ([]wfcUser, error) {
	var document struct {
		Auth     []map[string]any `yaml:"auth"`
		Template map[string]any   `yaml:"authTemplate"`
	}
	if err := yaml.Load(data, &document); err != nil {
		return nil, err
	}
	if len(document.Auth) == 0 {
		return nil, errors.New(`there is no "auth" with users in it`)
	}
	users := make([]wfcUser, len(document.Auth))
	for i, entry := range document.Auth {
		text, err := json.Marshal(merged(entry, document.Template))
		if err == nil {
			err = json.Unmarshal(text, &users[i])
		}
		if err != nil {
			return nil, fmt.Errorf("user %d: %w", i+1, err)
		}
		if users[i].Name == "" {
			return nil, fmt.Errorf("user %d has no name", i+1)
		}
	}
	return users, nil
}

// merged returns an object with what a template says and it does not.
func merged(object, template map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range template {
		out[name] = value
	}
	for name, value := range object {
		inner, isObject := value.(map[string]any)
		if under, ok := out[name].(map[string]any); ok && isObject {
			value = merged(inner, under)
		}
		if value != nil {
			out[name] = value
		}
	}
	return out
}

// identity returns what an entry says. Its values stand for themselves: they
// hold no variables.
func (u *wfcUser) identity() (identity, error) {
	var id identity
	for _, f := range u.Headers {
		if !token.MatchString(f.Name) || strings.ContainsAny(f.Value, "\r\n\x00") {
			return id, errors.New("fixedHeaders: this is no header field")
		}
		id.credentials = append(id.credentials, split(value{
			Credential: check.Credential{In: "header", Name: f.Name, Value: f.Value},
			shell:      "$" + report.Variable(f.Name),
		})...)
	}
	if u.Login != nil {
		if err := u.Login.into(&id); err != nil {
			return id, fmt.Errorf("loginEndpointAuth: %w", err)
		}
	}
	if !id.known() {
		return id, errors.New("there is neither fixedHeaders nor loginEndpointAuth")
	}
	return id, nil
}

func (w *wfcLogin) into(id *identity) error {
	address := cmp.Or(w.External, w.Endpoint)
	at, err := url.Parse(address)
	switch {
	case w.External != "":
		if at, err = parseURL(w.External); err != nil {
			return err
		}
	case err != nil || !strings.HasPrefix(address, "/") || at.Host != "":
		return errors.New("endpoint is a path on the server, such as /login; externalEndpointURL is for others")
	}
	l := &check.Login{Method: cmp.Or(w.Verb, "POST"), URL: at, Content: []byte(w.Raw)}
	for _, f := range w.Headers {
		l.Fields = append(l.Fields, statute.Field{Name: f.Name, Value: f.Value})
		id.hidden = append(id.hidden, f.Value)
	}
	if w.ContentType != "" && !l.Fields.Has("Content-Type") {
		l.Fields = append(l.Fields, statute.Field{Name: "Content-Type", Value: w.ContentType})
	}
	if p := w.Password; p != nil {
		id.hidden = append(id.hidden, p.Password)
		if l.Content, err = encodeLogin(&l.Fields, map[string]any{p.UsernameField: p.Username, p.PasswordField: p.Password}); err != nil {
			return err
		}
	}
	if w.Cookies {
		l.Take = []check.Take{{From: "cookie", To: check.Credential{In: "cookie"}}}
	}
	if w.Token != nil {
		take, err := w.Token.take()
		if err != nil {
			return fmt.Errorf("token: %w", err)
		}
		l.Take = append(l.Take, take)
	}
	if l.Take == nil {
		return errors.New("it says neither token nor expectCookies: what is to be taken from the answer?")
	}
	id.login = l
	return nil
}

func (w *wfcToken) take() (check.Take, error) {
	t := check.Take{From: "json", Name: cmp.Or(w.ExtractSelector, w.ExtractFromField)}
	if w.ExtractFrom == "header" || w.ExtractFromHeader != "" {
		t.From, t.Name = "header", cmp.Or(w.ExtractSelector, w.ExtractFromHeader)
	}
	t.To = check.Credential{
		In: cmp.Or(w.SendIn, "header"), Name: cmp.Or(w.SendName, w.HTTPHeaderName, "Authorization"),
		Value: w.HeaderPrefix + "{}" + w.HeaderPostfix,
	}
	if w.SendTemplate != "" {
		t.To.Value = strings.ReplaceAll(w.SendTemplate, "{token}", "{}")
	}
	switch {
	case t.Name == "" || t.From == "json" && !strings.HasPrefix(t.Name, "/"):
		return t, errors.New("extractSelector is a JSON Pointer such as /token, or the name of a header field")
	case t.To.In != "header" && t.To.In != "query" && t.To.In != "cookie":
		return t, fmt.Errorf("sendIn is header, query or cookie, not %q", t.To.In)
	case !strings.Contains(t.To.Value, "{}"):
		return t, errors.New("sendTemplate lacks {token}")
	}
	return t, nil
}
