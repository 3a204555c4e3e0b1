package cli

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/config"
)

// identity is what proves who somebody is.
type identity struct {
	credentials []value
	login       *check.Login // its URL may lack scheme and host
	below       bool         // then its path is below the API's base, else it is the whole path
	certificate *tls.Certificate
	hidden      []string // secrets beside the credentials
	inline      bool     // a secret stands in the configuration itself
}

// known reports whether there is anything in it.
func (i *identity) known() bool {
	return len(i.credentials) > 0 || i.login != nil || i.certificate != nil
}

// secrets returns the values that must not show.
func (i *identity) secrets() []string {
	all := slices.Clone(i.hidden)
	for _, v := range i.credentials {
		all = append(all, v.Value)
	}
	return all
}

// at returns the identity for the checker of an API at a base URL.
func (i *identity) at(base *url.URL) check.Identity {
	out := check.Identity{Certificate: i.certificate}
	for _, v := range i.credentials {
		out.Credentials = append(out.Credentials, v.Credential)
	}
	if i.login == nil {
		return out
	}
	login := *i.login
	if login.URL.Host == "" {
		at := *login.URL
		at.Scheme, at.Host = base.Scheme, base.Host
		if i.below {
			at.Path = strings.TrimSuffix(base.Path, "/") + at.Path
		}
		login.URL = &at
	}
	out.Login = &login
	return out
}

// identify returns the identity that a configured credential describes. Names of
// files in values are relative to the folder.
func (l *login) identify(c config.Credential, folder string) (identity, error) {
	var id identity
	for _, kind := range []struct {
		texts []config.Text
		parse func(text, folder string) ([]value, error)
	}{
		{c.Header, parseAuth},
		{c.Basic, parseBasic},
		{c.Query, func(text, folder string) ([]value, error) { return parseAuth("?"+text, folder) }},
		{c.Cookie, func(text, folder string) ([]value, error) { return parseAuth("Cookie: "+text, folder) }},
	} {
		for _, text := range kind.texts {
			values, err := kind.parse(text.Text, folder)
			if err != nil {
				return id, err
			}
			for _, v := range values {
				id.inline = id.inline || !v.secret
			}
			id.credentials = append(id.credentials, values...)
		}
	}
	if c.OAuth2 != nil && c.Login != nil {
		return id, errors.New("either oauth2 or login: one log-in gives the credentials")
	}
	var err error
	switch {
	case c.OAuth2 != nil:
		err = id.oauth2(c.OAuth2, folder)
	case c.Login != nil:
		err = id.by(c.Login, folder)
	}
	if err == nil && c.TLS != nil {
		err = l.certify(&id, c.TLS)
	}
	return id, err
}

// text returns a text with what its variables and files hold. What came from
// there, or is secret by its name, must not show.
func (i *identity) text(name, text, folder string) (string, error) {
	v, err := expand("header", name, text, folder)
	if v.secret || secretName.MatchString(name) {
		i.hidden = append(i.hidden, v.Value)
		i.inline = i.inline || !v.secret
	}
	return v.Value, err
}

// secretName matches the names of what a log-in sends that must not show.
var secretName = regexp.MustCompile(`(?i)pass|secret|pwd|token|key|pin$|authorization|cookie|^body$`)

// oauth2 asks a token endpoint for a token (RFC 6749, 4.3 and 4.4). A client
// with a secret identifies itself by Basic, which every endpoint must take (RFC
// 6749, 2.3.1).
func (i *identity) oauth2(o *config.OAuth2, folder string) error {
	at, err := parseURL(o.Token)
	if err != nil {
		return err
	}
	form := url.Values{}
	for name, text := range map[string]string{
		"grant_type": o.Grant, "scope": o.Scope, "username": o.Username, "password": o.Password,
		"client_id": o.ClientID, "client_secret": o.ClientSecret,
	} {
		if text == "" {
			continue
		}
		value, err := i.text(name, text, folder)
		if err != nil {
			return err
		}
		form.Set(name, value)
	}
	fields := statute.Fields{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}, {Name: "Accept", Value: "application/json"}}
	if secret := form.Get("client_secret"); secret != "" {
		pair := url.QueryEscape(form.Get("client_id")) + ":" + url.QueryEscape(secret)
		fields = append(fields, statute.Field{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))})
		form.Del("client_id")
		form.Del("client_secret")
	}
	i.login = &check.Login{
		Method: "POST", URL: at, Fields: fields, Content: []byte(form.Encode()),
		Take: []check.Take{{From: "json", Name: "/access_token", To: check.Credential{In: "header", Name: "Authorization", Value: "Bearer {}"}}},
	}
	return nil
}

// by logs in by a request that is described. Its content is JSON, or a form if
// its header fields say so.
func (i *identity) by(c *config.Login, folder string) error {
	at, err := url.Parse(c.Target)
	if err == nil && at.Host != "" {
		at, err = parseURL(c.Target)
	}
	if err != nil {
		return err
	}
	l := &check.Login{Method: c.Method, URL: at}
	for _, header := range c.Headers {
		v, err := parseField(header.Text, folder)
		if err != nil {
			return err
		}
		if v.secret || secretName.MatchString(v.Name) {
			i.hidden = append(i.hidden, v.Value)
		}
		l.Fields = append(l.Fields, statute.Field{Name: v.Name, Value: v.Value})
	}
	body, err := i.body("", c.Body, folder)
	if err != nil {
		return err
	}
	if l.Content, err = encodeLogin(&l.Fields, body); err != nil {
		return err
	}
	take := check.Take{From: "json", Name: c.Take.JSON}
	switch {
	case c.Take.Cookie != "":
		take = check.Take{From: "cookie", Name: c.Take.Cookie, To: check.Credential{In: "cookie"}}
	case c.Take.Header != "":
		take = check.Take{From: "header", Name: c.Take.Header, To: check.Credential{In: "header"}}
	}
	if c.Take.As != "" {
		name, template, _ := strings.Cut(c.Take.As, ":")
		take.To = check.Credential{In: "header", Name: strings.TrimSpace(name), Value: strings.TrimSpace(template)}
	}
	l.Take = []check.Take{take}
	i.login, i.below = l, true
	return nil
}

// body returns a value of a log-in's content with what its variables and files
// hold.
func (i *identity) body(name string, v any, folder string) (any, error) {
	switch v := v.(type) {
	case string:
		return i.text(cmp.Or(name, "body"), v, folder)
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			value, err := i.body(name, member, folder)
			if err != nil {
				return nil, err
			}
			out[name] = value
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for n, item := range v {
			value, err := i.body(name, item, folder)
			if err != nil {
				return nil, err
			}
			out[n] = value
		}
		return out, nil
	}
	return v, nil
}

// encodeLogin writes a log-in's content in the form that its Content-Type says:
// JSON, which is added where nothing is said, or a form.
func encodeLogin(fields *statute.Fields, body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	if !fields.Has("Content-Type") {
		*fields = append(*fields, statute.Field{Name: "Content-Type", Value: "application/json"})
	}
	object, isObject := body.(map[string]any)
	switch media := statute.MediaType(fields.Get("Content-Type")); {
	case statute.IsJSON(media):
		return json.Marshal(body)
	case media == "application/x-www-form-urlencoded" && isObject:
		form := url.Values{}
		for name, value := range object {
			form.Set(name, fmt.Sprint(value))
		}
		return []byte(form.Encode()), nil
	}
	if text, ok := body.(string); ok {
		return []byte(text), nil
	}
	return nil, fmt.Errorf("content of a log-in as %q: write it as one text", fields.Get("Content-Type"))
}

// certify reads the files of a client's certificate, and of who vouches for the
// server.
func (l *login) certify(id *identity, c *config.TLS) error {
	certificate, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		return hint(fmt.Errorf("the client's certificate: %w", err), "openssl x509 -noout -text -in %s", word(c.Cert))
	}
	id.certificate = &certificate
	if c.CA == "" {
		return nil
	}
	content, err := os.ReadFile(c.CA)
	if err != nil {
		return fmt.Errorf("the file of the CA: %w", err)
	}
	if l.roots == nil {
		l.roots = x509.NewCertPool()
	}
	if !l.roots.AppendCertsFromPEM(content) {
		return hint(fmt.Errorf("%s holds no certificate in PEM", c.CA), "openssl x509 -noout -text -in %s", word(c.CA))
	}
	return nil
}
