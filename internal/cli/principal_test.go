package cli

import (
	"cmp"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// notebook is an API of notes, each of which belongs to a user: ada may do all,
// bob as well with notes of his own, eve may read. Its faults are planted by
// name.
type notebook struct {
	fault string
	way   string // how users prove who they are: "bearer", "basic", "query", "cookie", "key", "tls"
	uses  int    // after so many requests a token of a log-in expires; 0: never

	mu     sync.Mutex
	notes  map[int]*note
	last   int
	tokens map[string]*session
	logins int
}

type note struct {
	ID    int    `json:"id"`
	Text  string `json:"text"`
	owner string
}

type session struct {
	user string
	uses int
}

const notebookDescription = `
openapi: 3.1.0
info: {title: notebook, version: "1"}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string, minLength: 1}}}
security: [{token: []}]
paths:
  /login:
    post:
      security: []
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [user, password], properties: {user: {type: string}, password: {type: string}}}}}}
      responses: {"200": {description: in}, "400": {description: bad}, "401": {description: no}, "415": {description: media}, "422": {description: invalid}}
  /notes:
    get: {responses: {"200": {description: own}, "401": {description: no}, "403": {description: no}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"201": {description: made}, "400": {description: bad}, "401": {description: no}, "403": {description: no}, "415": {description: media}, "422": {description: invalid}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}, "401": {description: no}, "403": {description: no}, "404": {description: none}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"200": {description: changed}, "400": {description: bad}, "401": {description: no}, "403": {description: no}, "404": {description: none}, "415": {description: media}, "422": {description: invalid}}
    delete: {responses: {"204": {description: gone}, "401": {description: no}, "403": {description: no}, "404": {description: none}}}
  /notes/{id}/words:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: count}, "401": {description: no}, "403": {description: no}, "404": {description: none}}}
  /audit:
    get: {responses: {"200": {description: all}, "401": {description: no}, "403": {description: no}}}
`

// The secrets of the users. None may show.
var passwords = map[string]string{"ada": "canary-lovelace-17", "bob": "canary-builder-18", "eve": "canary-listener-19"}

func newNotebook(fault string) *notebook {
	return &notebook{fault: fault, way: "bearer", notes: map[int]*note{}, tokens: map[string]*session{}}
}

func (n *notebook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, notebookDescription) })
	mux.HandleFunc("POST /login", n.login)
	mux.HandleFunc("POST /token", n.token)
	mux.HandleFunc("GET /notes", n.let(n.list))
	mux.HandleFunc("POST /notes", n.let(n.create))
	mux.HandleFunc("GET /notes/{id}", n.let(n.read))
	mux.HandleFunc("PUT /notes/{id}", n.let(n.change))
	mux.HandleFunc("DELETE /notes/{id}", n.let(n.remove))
	mux.HandleFunc("GET /notes/{id}/words", n.let(n.words))
	mux.HandleFunc("GET /audit", n.let(n.audit))
	recorded := httptest.NewRecorder()
	switch {
	case len(r.RequestURI) > 8<<10:
		refuse(recorded, 414)
	case !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}, r.Method):
		refuse(recorded, 501)
	default:
		mux.ServeHTTP(recorded, r)
	}
	for name, values := range recorded.Header() {
		w.Header()[name] = values
	}
	if status := recorded.Code; status > 399 && !strings.HasPrefix(recorded.Header().Get("Content-Type"), "application/") {
		refuse(w, status) // the mux speaks plain text
		return
	}
	w.WriteHeader(recorded.Code)
	w.Write(recorded.Body.Bytes())
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Del("Content-Length")
	if status == 401 {
		w.Header().Set("WWW-Authenticate", `Bearer realm="notebook"`)
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d,"title":%q}`, status, http.StatusText(status))
}

func sayJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// user returns whose request it is; "" if nobody's.
func (n *notebook) user(r *http.Request) string {
	key := ""
	switch n.way {
	case "basic":
		name, password, _ := r.BasicAuth()
		if passwords[name] == password {
			return name
		}
		return ""
	case "query":
		key = r.URL.Query().Get("key")
	case "key":
		key = r.Header.Get("X-Note")
	case "cookie":
		if c, err := r.Cookie("sid"); err == nil {
			key = c.Value
		}
	case "tls":
		if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
			return r.TLS.PeerCertificates[0].Subject.CommonName
		}
		return ""
	default:
		key, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if n.fault == "tampered" && strings.HasPrefix(key, "eyJ") {
		return "ada"
	}
	for user, password := range passwords {
		if key == password {
			return user
		}
	}
	s := n.tokens[key]
	if s == nil || n.uses > 0 && s.uses == n.uses {
		return ""
	}
	s.uses++
	return s.user
}

// let calls a handler with the user, if there is one with the right to go on.
func (n *notebook) let(handle func(w http.ResponseWriter, r *http.Request, user string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user := n.user(r)
		switch {
		case user == "" && n.fault == "open" && r.URL.Path == "/audit":
			user = "ada"
		case user == "" && n.fault == "malformed" && strings.TrimSpace(r.Header.Get("Authorization")) == "Bearer":
			refuse(w, 500)
			return
		case user == "":
			refuse(w, map[bool]int{true: 403, false: 401}[n.fault == "forbidden"])
			return
		case user == "eve" && (r.URL.Path == "/audit" || r.Method != "GET" && r.Method != "HEAD"):
			refuse(w, map[bool]int{true: 401, false: 403}[n.fault == "valid user"])
			return
		}
		handle(w, r, user)
	}
}

// find returns the note of a path, if the user may see it.
func (n *notebook) find(w http.ResponseWriter, r *http.Request, user, may string) *note {
	id, err := strconv.Atoi(r.PathValue("id"))
	found := n.notes[id]
	switch {
	case err != nil, found == nil:
		refuse(w, 404)
	case found.owner != user && n.fault != "shared" && (may == "" || n.fault != may):
		refuse(w, map[bool]int{true: 403, false: 404}[n.fault == "existence"])
	default:
		return found
	}
	return nil
}

// decode reads the content into v.
func decodeNote(w http.ResponseWriter, r *http.Request, v any) bool {
	content, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20+1))
	switch media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); {
	case media != "application/json":
		refuse(w, 415)
	case len(content) > 1<<20:
		refuse(w, 413)
	case !json.Valid(content):
		refuse(w, 400)
	case json.Unmarshal(content, v) != nil:
		refuse(w, 422)
	default:
		return true
	}
	return false
}

func (n *notebook) list(w http.ResponseWriter, _ *http.Request, user string) {
	own := []*note{}
	for _, found := range n.notes {
		if found.owner == user {
			own = append(own, found)
		}
	}
	if n.fault == "read" && user == "bob" {
		own = append(own, &note{ID: 1000, Text: "there before"})
	}
	slices.SortFunc(own, func(a, b *note) int { return cmp.Compare(a.ID, b.ID) })
	sayJSON(w, 200, own)
}

func (n *notebook) create(w http.ResponseWriter, r *http.Request, user string) {
	made := &note{owner: user}
	if !decodeNote(w, r, made) {
		return
	}
	if made.Text == "" {
		refuse(w, 422)
		return
	}
	n.last++
	made.ID = n.last
	n.notes[made.ID] = made
	w.Header().Set("Location", fmt.Sprint("/notes/", made.ID))
	sayJSON(w, 201, made)
}

func (n *notebook) read(w http.ResponseWriter, r *http.Request, user string) {
	if found := n.find(w, r, user, "read"); found != nil {
		sayJSON(w, 200, found)
	}
}

func (n *notebook) change(w http.ResponseWriter, r *http.Request, user string) {
	found := n.find(w, r, user, "change")
	if found == nil {
		return
	}
	changed := note{}
	if !decodeNote(w, r, &changed) {
		return
	}
	if changed.Text == "" {
		refuse(w, 422)
		return
	}
	found.Text = changed.Text
	sayJSON(w, 200, found)
}

func (n *notebook) remove(w http.ResponseWriter, r *http.Request, user string) {
	if found := n.find(w, r, user, "remove"); found != nil {
		delete(n.notes, found.ID)
		w.WriteHeader(204)
	}
}

func (n *notebook) words(w http.ResponseWriter, r *http.Request, user string) {
	if found := n.find(w, r, user, "words"); found != nil {
		sayJSON(w, 200, map[string]int{"words": len(strings.Fields(found.Text)), "bytes": len(found.Text)})
	}
}

func (n *notebook) audit(w http.ResponseWriter, _ *http.Request, _ string) {
	sayJSON(w, 200, map[string]string{"log": "all is well"})
}

// enter makes a session and returns its token.
func (n *notebook) enter(user string) string {
	n.logins++
	token := fmt.Sprintf("canary.%s/%d+%s", user, n.logins, strings.Repeat("x", 8))
	n.tokens[token] = &session{user: user}
	return token
}

func (n *notebook) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ User, Password *string }
	switch {
	case !decodeNote(w, r, &in):
	case in.User == nil || in.Password == nil:
		refuse(w, 422)
	case passwords[*in.User] == "" || passwords[*in.User] != *in.Password:
		if n.fault == "login" {
			sayJSON(w, 200, map[string]bool{"in": false})
			return
		}
		refuse(w, 401)
	default:
		token := n.enter(*in.User)
		w.Header().Set("X-Token", token)
		w.Header().Set("Cache-Control", "no-store")
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: token, HttpOnly: true})
		sayJSON(w, 200, map[string]any{"deep": map[string]string{"token": token}})
	}
}

// token answers as RFC 6749, 5.1 and 5.2, want it.
func (n *notebook) token(w http.ResponseWriter, r *http.Request) {
	client, secret, _ := r.BasicAuth()
	user := r.PostFormValue("username")
	switch grant := r.PostFormValue("grant_type"); {
	case grant == "client_credentials" && passwords[client] == secret && secret != "":
		user = client
	case grant == "password" && passwords[user] == r.PostFormValue("password") && passwords[user] != "":
	default:
		refuse(w, 400)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	sayJSON(w, 200, map[string]any{"access_token": n.enter(user), "token_type": "Bearer", "expires_in": 3600})
}

// checkNotebook checks a notebook with a statute.yaml and returns the rules that
// found something, with what all formats of the report say.
func checkNotebook(t *testing.T, n *notebook, server *httptest.Server, yaml string, flags ...string) (rules []string, all string) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "statute.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"check", server.URL, "--config", file, "--fail-on", "never", "--format", "json"}
	for _, ending := range []string{"txt", "sarif", "junit.xml", "html", "md", "har"} {
		arguments = append(arguments, "-o", filepath.Join(folder, "report."+ending))
	}
	var stdout, stderr strings.Builder
	if status := Main(append(arguments, flags...), nil, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	var report struct {
		Findings []struct {
			Rule, Level, Operation, Message string
		}
	}
	if err := json.Unmarshal([]byte(stdout.String()), &report); err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Level != "advice" || f.Rule == "existence-leak" {
			rules = append(rules, f.Rule+" "+f.Operation)
		}
	}
	slices.Sort(rules)
	rules = slices.Compact(rules) // one for each code
	all = stdout.String() + stderr.String()
	reports, err := filepath.Glob(filepath.Join(folder, "report.*"))
	if err != nil || len(reports) != 6 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	for _, name := range reports {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all += string(content)
	}
	if len(n.notes) > 0 {
		t.Errorf("%d notes are left", len(n.notes))
	}
	return rules, all
}

// bearers is a configuration in which everybody has a token.
const bearers = `
credentials:
  full: {header: "Authorization: Bearer canary-lovelace-17"}
  low: {header: "Authorization: Bearer canary-listener-19"}
  other: {header: "Authorization: Bearer canary-builder-18"}
as: full
as-low: low
as-other: other
`

// TestPrincipals holds that each planted fault is found by its rule, and nothing
// else; and that no secret shows in any report.
func TestPrincipals(t *testing.T) {
	for fault, want := range map[string][]string{
		"":           nil,
		"open":       {"auth-ignored GET /audit"},
		"forbidden":  {"403-for-missing-credentials GET /notes"},
		"valid user": {"401-for-valid-user GET /audit"},
		"shared":     nil, // what is shared with everybody belongs to nobody
		"existence":  {"existence-leak GET /notes/{id}"},
		"read":       {"cross-user-access GET /notes/{id}"},
		"words":      {"cross-user-access GET /notes/{id}/words"},
		"change":     {"cross-user-access PUT /notes/{id}"},
		"remove":     {"cross-user-access DELETE /notes/{id}"},
		"malformed":  {"5xx-for-client-error GET /notes"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel() // a run waits more than it works
			n := newNotebook(fault)
			server := httptest.NewServer(n)
			defer server.Close()
			rules, all := checkNotebook(t, n, server, bearers)
			if diff := gocmp.Diff(want, rules); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.Contains(all, "canary") {
				t.Error("a secret shows")
			}
		})
	}
}

// TestWays holds that every way to prove who somebody is works, also where what
// a log-in gave expires in the middle of the run.
func TestWays(t *testing.T) {
	login := func(headers, take string) string {
		var all strings.Builder
		for name, user := range map[string]string{"full": "ada", "low": "eve", "other": "bob"} {
			fmt.Fprintf(&all, "  %s: {login: {request: POST /login, headers: [%s], body: {user: %s, password: %s}, take: %s}}\n", name, headers, user, passwords[user], take)
		}
		return "credentials:\n" + all.String() + "as: full\nas-low: low\nas-other: other\n"
	}
	static := func(form string) string {
		return fmt.Sprintf("credentials:\n  full: %s\n  low: %s\nas: full\nas-low: low\n", fmt.Sprintf(form, "ada", passwords["ada"]), fmt.Sprintf(form, "eve", passwords["eve"]))
	}
	for _, test := range []struct {
		name, way string
		yaml      func(server string) string
		uses      int
	}{
		{"Basic", "basic", func(string) string { return static(`{basic: "%s:%s"}`) }, 0},
		{"query", "query", func(string) string { return static(`{query: "key=%[2]s"} # %[1]s`) }, 0},
		{"header", "key", func(string) string { return static(`{header: "X-Note: %[2]s"} # %[1]s`) }, 0},
		{"cookie", "cookie", func(string) string { return static(`{cookie: "sid=%[2]s"} # %[1]s`) }, 0},
		{"log-in for a token", "bearer", func(string) string { return login("", `{json: /deep/token, as: "Authorization: Bearer {}"}`) }, 0},
		{"log-in for a cookie", "cookie", func(string) string { return login("", "{cookie: sid}") }, 0},
		{"log-in for a field", "key", func(string) string { return login("", `{header: X-Token, as: "X-Note: {}"}`) }, 0},
		{"tokens that expire", "bearer", func(string) string { return login("", `{json: /deep/token, as: "Authorization: Bearer {}"}`) }, 9},
		{"cookies that expire", "cookie", func(string) string { return login("", "{cookie: sid}") }, 9},
		{"OAuth client", "bearer", func(server string) string {
			return "credentials:\n  full: {oauth2: {token: " + server + "/token, client_id: ada, client_secret: canary-lovelace-17, scope: notes}}\nas: full\n"
		}, 9},
		{"OAuth password", "bearer", func(server string) string {
			return "credentials:\n  full: {oauth2: {token: " + server + "/token, grant: password, username: ada, password: canary-lovelace-17}}\nas: full\n"
		}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := newNotebook("")
			n.way, n.uses = test.way, test.uses
			server := httptest.NewServer(n)
			defer server.Close()
			rules, all := checkNotebook(t, n, server, test.yaml(server.URL))
			if len(rules) > 0 {
				t.Errorf("found %q", rules)
			}
			if strings.Contains(all, "canary") {
				t.Error("a secret shows")
			}
			if strings.Contains(all, "no credentials were given") {
				t.Error("it is said that no credentials were given")
			}
			if strings.HasPrefix(test.name, "log-in") && strings.Contains(all, "not reached") {
				t.Error("the log-in counts as not reached")
			}
			if test.uses > 0 && n.logins < 4 || test.uses == 0 && n.logins > 3 {
				t.Errorf("%d log-ins", n.logins)
			}
		})
	}
}

// TestWrongPassword holds that a log-in is tried with a wrong password, once.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	n := newNotebook("login")
	server := httptest.NewServer(n)
	defer server.Close()
	rules, all := checkNotebook(t, n, server, `
credentials: {full: {login: {request: POST /login, body: {user: ada, password: canary-lovelace-17}, take: {header: X-Token, as: "Authorization: Bearer {}"}}}}
as: full
`)
	if want := []string{"login-wrong-code POST /login"}; !slices.Contains(rules, want[0]) {
		t.Errorf("got %q, want %q", rules, want)
	}
	if strings.Contains(all, "canary") {
		t.Error("a secret shows")
	}
}

// TestTampered holds that an API that does not verify the signature of a JWT is
// found out, and that no tampered token shows.
func TestTampered(t *testing.T) {
	t.Parallel()
	const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJub3RlIjoiY2FuYXJ5In0.c2lnbmF0dXJl"
	for fault, want := range map[string][]string{"": nil, "tampered": {"auth-ignored DELETE /notes/{id}", "auth-ignored GET /notes"}} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			n := newNotebook(fault)
			n.tokens[token] = &session{user: "ada"}
			server := httptest.NewServer(n)
			defer server.Close()
			rules, all := checkNotebook(t, n, server, "credentials: {full: {header: 'Authorization: Bearer "+token+"'}}\nas: full\n")
			if diff := gocmp.Diff(want, rules); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.Contains(all, "eyJ") {
				t.Error("a token shows")
			}
		})
	}
}

// TestWFC reads the log-ins from a file of other tools, in both of its dialects.
func TestWFC(t *testing.T) {
	for name, token := range map[string]string{
		"new": "{extractFrom: body, extractSelector: /deep/token, sendIn: header, sendName: Authorization, sendTemplate: 'Bearer {token}'}",
		"old": "{extractFromHeader: X-Token, httpHeaderName: Authorization, headerPrefix: 'Bearer '}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "auth.yaml")
			content := `
auth:
  - name: ada
    loginEndpointAuth: {payloadUserPwd: {username: ada, password: canary-lovelace-17, usernameField: user, passwordField: password}}
  - name: eve
    fixedHeaders: [{name: Authorization, value: Bearer canary-listener-19}]
    loginEndpointAuth: {payloadRaw: '{"user":"eve","password":"canary-listener-19"}'}
authTemplate:
  loginEndpointAuth: {endpoint: /login, verb: POST, contentType: application/json, token: ` + token + "}\n"
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			n := newNotebook("valid user")
			server := httptest.NewServer(n)
			defer server.Close()
			rules, all := checkNotebook(t, n, server, "", "--wfc", file, "--as-low", "eve")
			if want := []string{"401-for-valid-user GET /audit"}; !slices.Equal(rules, want) {
				t.Errorf("got %q, want %q", rules, want)
			}
			if strings.Contains(all, "canary") {
				t.Error("a secret shows")
			}
		})
	}
}

// TestCertificates holds that each principal has a connection with its own
// certificate, and nobody one without, to a server that only the user's CA vouches
// for; also where the server speaks to nobody without a certificate.
func TestCertificates(t *testing.T) {
	for _, test := range []struct {
		fault string
		auth  tls.ClientAuthType
		want  []string
	}{
		{"change", tls.VerifyClientCertIfGiven, []string{"cross-user-access PUT /notes/{id}"}},
		{"change", tls.RequireAndVerifyClientCert, []string{"cross-user-access PUT /notes/{id}"}},
		{"open", tls.VerifyClientCertIfGiven, []string{"auth-ignored GET /audit"}},
	} {
		t.Run(fmt.Sprint(test.fault, test.auth), func(t *testing.T) {
			t.Parallel()
			testCertificates(t, test.fault, test.auth, test.want)
		})
	}
}

func testCertificates(t *testing.T, fault string, auth tls.ClientAuthType, want []string) {
	n := newNotebook(fault)
	n.way = "tls"
	server := httptest.NewUnstartedServer(n)
	folder := t.TempDir()
	clients := x509.NewCertPool()
	var yaml strings.Builder
	yaml.WriteString("credentials:\n")
	for _, user := range []string{"ada", "bob", "eve"} {
		certificate, key := selfSigned(t, user)
		clients.AppendCertsFromPEM(certificate)
		for ending, content := range map[string][]byte{"pem": certificate, "key": key} {
			if err := os.WriteFile(filepath.Join(folder, user+"."+ending), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&yaml, "  %[1]s: {tls: {cert: %[2]s/%[1]s.pem, key: %[2]s/%[1]s.key, ca: %[2]s/ca.pem}}\n", user, folder)
	}
	yaml.WriteString("as: ada\nas-low: eve\nas-other: bob\n")
	server.TLS = &tls.Config{ClientAuth: auth, ClientCAs: clients}
	server.StartTLS()
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(folder, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	rules, _ := checkNotebook(t, n, server, yaml.String())
	if !slices.Equal(rules, want) {
		t.Errorf("got %q, want %q", rules, want)
	}
}

// selfSigned returns a certificate for a client and its key, in PEM.
func selfSigned(t *testing.T, name string) (certificate, key []byte) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}
