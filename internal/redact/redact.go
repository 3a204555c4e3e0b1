// Package redact takes secrets out of exchanges and texts before anybody sees
// them.
package redact

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// Redactor takes secrets out of exchanges and texts before they are shown,
// stored or logged, and puts "[redacted]" in their place. In doubt it redacts.
//
// It knows secrets by their place (credentials, cookies, userinfo of URLs), by
// their name (field, parameter, member of JSON, form, XML or HTML), by their look
// (JSON Web Tokens, private keys in PEM, keys of well-known services, what follows
// "Bearer", numbers of payment cards) and by the list of the user's own.
//
// The zero Redactor is ready to use. It is safe for concurrent use.
type Redactor struct {
	// Secrets are the user's own credentials; they must not change after the
	// first use. They are found anywhere, also percent-encoded, escaped for JSON
	// or HTML, and within base64. Those of less than 4 bytes are found as words
	// alone, and not in content.
	Secrets []string

	mu      sync.Mutex
	learned []string
	own     *patterns // of all of them; nil until it is asked for
}

// patterns find a user's own secrets, in content the long ones alone.
type patterns struct{ long, short []*regexp.Regexp }

const redacted = "[redacted]"

// Exchange returns a copy of an exchange without its secrets; sizes and lengths
// stay what they were.
func (r *Redactor) Exchange(x *statute.Exchange) *statute.Exchange {
	y := *x
	y.Source.File = r.Text(x.Source.File)
	y.Error = r.Text(x.Error)
	y.Operation.Path = r.Text(x.Operation.Path)
	y.Request.Method = r.Text(x.Request.Method)
	y.Request.Authority = r.Text(x.Request.Authority)
	if i := strings.LastIndexByte(y.Request.Authority, '@'); i >= 0 {
		y.Request.Authority = redacted + y.Request.Authority[i:]
	}
	y.Request.Target = r.Text(redactNamed(x.Request.Target, true))
	y.Request.Fields = r.fields(x.Request.Fields)
	y.Request.Body = r.body(x.Request.Body, x.Request.Fields)
	y.Response = r.response(x.Response)
	y.Interim = slices.Clone(x.Interim)
	for i := range y.Interim {
		y.Interim[i] = r.response(y.Interim[i])
	}
	if x.Case != nil {
		c := *x.Case
		c.Detail = r.Text(c.Detail)
		if c.Control != nil {
			c.Control = r.Exchange(c.Control)
		}
		if c.Elsewhere != nil {
			c.Elsewhere = r.Exchange(c.Elsewhere)
		}
		y.Case = &c
	}
	return &y
}

// Text returns a text (a log line, a URL, a curl line) without its secrets.
func (r *Redactor) Text(s string) string { return r.hide(redactText(s), true) }

func (r *Redactor) response(x statute.Response) statute.Response {
	x.Reason = r.Text(x.Reason)
	x.Fields = r.fields(x.Fields)
	x.Body = r.body(x.Body, x.Fields)
	x.Trailer = r.fields(x.Trailer)
	return x
}

func (r *Redactor) fields(fields statute.Fields) statute.Fields {
	clean := slices.Clone(fields)
	for i, f := range clean {
		value := redactField(f.Name, f.Value)
		if value == f.Value {
			value = redactText(value)
		}
		clean[i] = statute.Field{Name: r.Text(f.Name), Value: r.hide(value, true)}
	}
	return clean
}

func (r *Redactor) body(b statute.Body, fields statute.Fields) statute.Body {
	s := string(b.Bytes)
	switch {
	case s == "":
		return b
	case fields.Has("Content-Encoding") && !utf8.ValidString(s):
		s = redacted // compressed: nobody knows what is in it
	case statute.MediaType(fields.Get("Content-Type")) == "application/x-www-form-urlencoded":
		s = redactNamed(s, true)
	}
	b.Bytes = []byte(r.hide(redactText(s), false))
	return b
}

// Learn adds a secret that comes to light after the first use, such as the token
// that a log-in gave.
func (r *Redactor) Learn(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.learned, secret) {
		r.learned, r.own = append(r.learned, secret), nil
	}
}

// hide takes out the user's own secrets, the short ones too if asked for.
func (r *Redactor) hide(s string, short bool) string {
	own := r.patterns()
	for _, secret := range own.long {
		s = secret.ReplaceAllLiteralString(s, redacted)
	}
	if short {
		for _, secret := range own.short {
			s = secret.ReplaceAllLiteralString(s, redacted)
		}
	}
	return s
}

func (r *Redactor) patterns() *patterns {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.own == nil {
		r.own = compile(slices.Concat(r.Secrets, r.learned))
	}
	return r.own
}

// compile makes patterns of all forms of all secrets, longer secrets first.
func compile(secrets []string) *patterns {
	p := &patterns{}
	for _, s := range secrets {
		scheme, credentials, _ := strings.Cut(s, " ")
		if len(credentials) >= 4 { // Bearer ...
			secrets = append(secrets, credentials)
		}
		if pair, err := base64.StdEncoding.DecodeString(credentials); err == nil && strings.EqualFold(scheme, "Basic") {
			_, password, _ := strings.Cut(string(pair), ":")
			secrets = append(secrets, string(pair), password)
		}
	}
	slices.SortStableFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	for _, s := range secrets {
		switch {
		case s == "":
		case len(s) < 4:
			p.short = append(p.short, regexp.MustCompile(edge(s[0])+pattern(s)+edge(s[len(s)-1])))
		default:
			p.long = append(p.long, regexp.MustCompile(pattern(s)))
			for shift := range 3 {
				// What base64 makes of it, whatever stands before and after it.
				code := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + s))
				code = code[(8*shift+5)/6 : 8*(shift+len(s))/6]
				code = strings.NewReplacer("+", `(?:[+-]|%2[bB])`, "/", `(?:\\?/|_|%2[fF])`).Replace(code)
				p.long = append(p.long, regexp.MustCompile(code))
			}
		}
	}
	return p
}

// pattern returns a regular expression for a secret in which any character but
// ASCII letters, digits and "_" may be percent-encoded or escaped for JSON or
// HTML.
func pattern(secret string) string {
	var b strings.Builder
	for _, c := range secret {
		s := string(c)
		if isWord(s[0]) {
			b.WriteString(s)
			continue
		}
		fmt.Fprintf(&b, `(?:\\?%s|%s|(?i:\\u%04x|`, regexp.QuoteMeta(s), regexp.QuoteMeta(html.EscapeString(s)), c)
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02x", s[i])
		}
		b.WriteString(")" + map[rune]string{' ': `|\+`, '\n': `|\\n`, '"': `|&quot;`, '\'': `|&#x27;|&apos;`}[c] + ")")
	}
	return b.String()
}

// edge returns a regular expression for the edge of a word that begins or ends
// with that byte.
func edge(c byte) string {
	if isWord(c) {
		return `\b`
	}
	return ""
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_'
}

// What tells secrets by look and place. In element (XML), part (RFC 7578, 4),
// attribute (HTML) and pair (JSON) the first group is a name, the second its value.
var (
	pemKey   = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^"]*?(-----END [A-Z0-9 ]*-----|"|$)`)
	jwt      = regexp.MustCompile(`eyJ[\w-]{4,}(?:\.[\w-]*){2,4}`)
	userinfo = regexp.MustCompile(`((?:/|\\/|%2[fF]){2})[^/?#\s"'<>\\]*(@|%40)`)
	element  = regexp.MustCompile(`<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<]+)`)
	part     = regexp.MustCompile(`name="([^"]*)"[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]+)`)

	attribute = regexp.MustCompile(`(?i)<(?:input|meta)\s[^<>]*?\bname=\\*["']?([\w.\[\]-]+)\\*["']?\s[^<>]*?\b(?:value|content)=\\*["']([^"'\\<>]+)`)
	pair      = regexp.MustCompile(`"(?:name|key)"\s*:\s*"([^"\\]*)"\s*,\s*"value"\s*:\s*"((?:[^"\\]|\\.)+)`)
	scheme    = regexp.MustCompile(`(?:[Bb]earer|BEARER|[Bb]asic|BASIC|DPoP|Negotiate|NTLM) +([\w.~+/-]{8,}=*)`)
	brand     = regexp.MustCompile(`\b(?:[spr]k_(?:live|test)_\w{10,}|gh[opsru]_\w{30,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|sk-[\w-]{20,})`)

	// card is a number as issuers of payment cards give it out (ISO/IEC 7812-1), in
	// groups or not; its last digit must be right too.
	card = regexp.MustCompile(`\b(?:4\d{12}(?:\d{3}){0,2}|[25]\d{15}|3\d{13,15}|6\d{15,18}` +
		`|[2-6]\d{3}(?:(?: \d{4}){3}|(?:-\d{4}){3}|[ -]\d{6}[ -]\d{5}))\b`)

	// What scheme and brand cannot do without.
	schemes = []string{"earer ", "BEARER ", "asic ", "BASIC ", "DPoP ", "Negotiate ", "NTLM "}
	brands  = []string{"_live_", "_test_", "ghp_", "gho_", "ghs_", "ghr_", "ghu_", "github_pat_", "glpat-", "xox", "AKIA", "AIza", "sk-"}

	cookieAttribute = regexp.MustCompile(`(?i)^ *(?:path|domain|expires|max-age|secure|httponly|samesite|priority|partitioned) *$`)
)

// What tells secrets by name, in any spelling: access_token, accessToken,
// X-Access-Token, also where a percent-encoded URL goes before it.
var (
	secretName = regexp.MustCompile(`(?i)passw(?:or)?d|passphrase|secret|api[-_.]?key|private[-_.]?key|csrf|xsrf|^x-auth-|-key$` +
		`|cv[vc]2?$|(?:security|verification)[-_.]?code$` +
		`|(?:access|signing|encryption|master|auth|session)[-_.]?key(?:[-_.]?id)?$` +
		`|(?:token|pwd|jwt|signature(?:-(?:sha)?(?:1|256))?|sess(?:ion)?[-_.]?id|credentials?)(?:\]|%5d)?$` +
		`|(?:^|[^a-z]|%[0-9a-f]{2})(?:auth|authorization|cookie2?|session|sid|pass|otp|sig|hmac|code[-_]?verifier|assertion|samlresponse)$`)
	openName = regexp.MustCompile(`(?i)^(?:x-)?(?:idempotency|sec-websocket|surrogate|cache)-key$|^access-control-` +
		`|^[\$x_-]*(?:next|prev|previous|page|continuation|sync|skip)[-_]?(?:page[-_]?)?token$`)
	truth   = regexp.MustCompile(`^["']?(?:true|false)(?:["'&,;<}\]\r\n]|$)`)
	keyLike = regexp.MustCompile(`^[\\"']*[A-Za-z_.~+-]*[0-9][\w.~+-]*`) // of at least 16 bytes
)

// isSecret reports whether a value is secret by its name, or because it looks
// like a key and is called one. More may follow the value.
func isSecret(name, value string) bool {
	if strings.EqualFold(name, "key") {
		return isLongKey(value)
	}
	return secretName.MatchString(name) && !openName.MatchString(name) && !truth.MatchString(value)
}

// isLongKey reports whether a text begins with what looks like a key.
func isLongKey(text string) bool {
	return len(keyLike.FindString(text[:min(len(text), 64)])) >= 16
}

// isKey reports whether a text has what words lack: a digit, or a capital after a
// small letter.
func isKey(text string) bool {
	small := false
	for _, c := range text {
		if '0' <= c && c <= '9' || small && 'A' <= c && c <= 'Z' {
			return true
		}
		small = 'a' <= c && c <= 'z'
	}
	return false
}

// redactText takes out what can be told without the list of secrets.
func redactText(s string) string {
	s = pemKey.ReplaceAllString(s, redacted+"$1")
	s = jwt.ReplaceAllLiteralString(s, redacted)
	if contains(s, brands) {
		s = brand.ReplaceAllLiteralString(s, redacted)
	}
	s = redactCards(s)
	if contains(s, schemes) {
		var e edit
		for _, m := range scheme.FindAllStringSubmatchIndex(s, -1) {
			parameter := strings.HasSuffix(s[:m[3]], "=") && strings.HasPrefix(s[m[3]:], `"`)
			if !parameter && isKey(s[m[2]:m[3]]) {
				e.replace(s, m[2], m[3], redacted)
			}
		}
		s = e.done(s)
	}
	if strings.Contains(s, "@") || strings.Contains(s, "%40") {
		s = userinfo.ReplaceAllString(s, "${1}"+redacted+"$2")
	}
	for _, valued := range []*regexp.Regexp{element, part, attribute, pair} {
		var e edit
		for _, m := range valued.FindAllStringSubmatchIndex(s, -1) {
			if isSecret(s[m[2]:m[3]], s[m[4]:m[5]]) {
				e.replace(s, m[4], m[5], redacted)
			}
		}
		s = e.done(s)
	}
	return redactNamed(s, false)
}

// redactCards takes out the numbers of payment cards. One that is a number of JSON
// becomes a string, so that the JSON stays whole.
func redactCards(s string) string {
	var e edit
	for _, m := range card.FindAllStringIndex(s, -1) {
		before, after := s[:m[0]], s[m[1]:]
		if !isCard(s[m[0]:m[1]]) || strings.HasSuffix(before, ".") || strings.HasPrefix(after, ".") && len(after) > 1 && isWord(after[1]) {
			continue // of a fraction
		}
		by := redacted
		if before, after = strings.TrimRight(before, " \t\r\n"), strings.TrimLeft(after, " \t\r\n"); before != "" && after != "" &&
			strings.Contains(":[,", before[len(before)-1:]) && strings.Contains(",]}", after[:1]) {
			by = `"` + redacted + `"`
		}
		e.replace(s, m[0], m[1], by)
	}
	return e.done(s)
}

// isCard reports whether a number has 13 to 19 digits of which the last is right
// (ISO/IEC 7812-1, annex B).
func isCard(number string) bool {
	sum, digits := 0, 0
	for i := len(number) - 1; i >= 0; i-- {
		n := int(number[i] - '0')
		if n > 9 || n < 0 {
			continue // a space or a dash
		}
		if digits++; digits%2 == 0 {
			n = 2*n/10 + 2*n%10
		}
		sum += n
	}
	return digits >= 13 && digits <= 19 && sum%10 == 0
}

// contains reports whether one of the words is in a text: that is known much
// sooner than what a pattern matches.
func contains(s string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(s, word) })
}

// redactField takes the secret out of a field's value: the scheme of
// credentials, the names of cookies and their attributes stay (RFC 9110, 11.4;
// RFC 6265, 4).
func redactField(name, value string) string {
	switch name = strings.ToLower(name); {
	case value == "":
		return ""
	case name == "authorization" || name == "proxy-authorization":
		if scheme, _, ok := strings.Cut(value, " "); ok {
			return scheme + " " + redacted
		}
		return redacted
	case name == "cookie" || name == "set-cookie" || name == "set-cookie2":
		pairs := strings.Split(value, ";")
		for i, pair := range pairs {
			name, v, ok := strings.Cut(pair, "=")
			switch {
			case i > 0 && cookieAttribute.MatchString(name) && !strings.Contains(v, "="):
			case ok:
				pairs[i] = name + "=" + redacted
			default:
				pairs[i] = redacted
			}
		}
		return strings.Join(pairs, ";")
	case isSecret(name, value):
		return redacted
	}
	return value
}

// redactNamed takes out values that are secret by the name before them; the
// rest stays byte for byte:
//
//	token=...        parameters, where the equals sign may be escaped
//	"token": ...     members of JSON, which may be cut, broken, a part of other
//	                 text, or escaped inside a string of other JSON
//	token: "..."     whatever is quoted
//	X-API-Key: ...   field lines
//
// In a form there are parameters only, and "&" alone ends them.
func redactNamed(s string, form bool) string {
	flow := strings.Contains(s, "state=") || strings.Contains(s, "grant_type=") // RFC 6749, 4.1.2 and 4.1.3
	var e edit
	next := 0 // where the next name may begin
	for at := 0; at < len(s); at++ {
		sign := signAt(s[at:])
		if sign == 0 || form && s[at] != '=' {
			continue
		}
		floor, colon, last, start := next, s[at] == ':', at, at+sign
		next = start
		mark, space := "", " \t" // mark is the quotation mark of a member, with its backslashes
		if before := strings.TrimRight(s[:at], " \t\r\n"); colon && strings.HasSuffix(before, `"`) {
			last = len(strings.TrimRight(before[:len(before)-1], `\`))
			mark, space = before[last:], " \t\r\n"
		}
		if colon {
			start = len(s) - len(strings.TrimLeft(s[start:], space))
		}
		first := last
		for first > floor && last-first < 64 && (isWord(s[first-1]) || strings.IndexByte("-.%[]~$", s[first-1]) >= 0) {
			first--
		}
		name := s[first:last]
		code := name == "code" && (flow || !colon && isLongKey(s[start:]))
		if !code && !isSecret(name, s[start:]) {
			continue
		}
		end, by := 0, redacted
		open := len(s[start:]) - len(strings.TrimLeft(s[start:], `\`)) // backslashes before a value's quotation mark
		switch quote := start + open; {
		case form:
			end = until(s, start, "&")
		case quote < len(s) && (s[quote] == '"' || s[quote] == '\''):
			start = quote + 1
			end = closing(s, start, s[quote], open)
		case mark != "":
			end = valueEnd(s, start, len(mark)-1)
			if value := s[start:end]; value == "null" || value == "true" || value == "false" {
				continue
			}
			by = mark + redacted + mark
		case !colon:
			end = until(s, start, " \t\r\n&\"'<>")
		case strings.Contains(name, "-") || strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Cookie"):
			end = until(s, start, "\r\n"+quotation(s[:first]))
			end = start + len(strings.TrimRight(s[start:end], `\`))
			by = redactField(name, s[start:end])
		default:
			continue
		}
		if start < end {
			e.replace(s, start, end, by)
			at, next = end-1, end
		}
	}
	return e.done(s)
}

// quotation returns the quotation mark that ends the quoted text which a text
// breaks off in; "" if it is in none, or in one that begins far before.
func quotation(s string) string {
	s = s[max(0, len(s)-512):]
	s = s[strings.LastIndexAny(s, "\r\n")+1:]
	for end := len(s); ; {
		i := strings.LastIndexAny(s[:end], `"'`)
		if i < 0 {
			return ""
		}
		before := strings.TrimRight(s[:i], ` \`)
		if i == len(s)-1 || before == "" || strings.IndexByte(":=[{(,", before[len(before)-1]) >= 0 {
			return s[i : i+1]
		}
		if s[i] == '"' {
			return "" // that is where a quoted text ends
		}
		end = i // an apostrophe
	}
}

// signAt returns the length of the sign between a name and its value that a
// text starts with, 0 if it does not.
func signAt(s string) int {
	switch {
	case s[0] == '=', s[0] == ':':
		return 1
	case s[0] == '%' && len(s) >= 3 && strings.EqualFold(s[:3], "%3d"):
		return 3
	case s[0] == '\\' && len(s) >= 6 && strings.EqualFold(s[:6], `\u003d`):
		return 6
	}
	return 0
}

// until returns the index of the first byte of stops from start on, or the
// text's length.
func until(s string, start int, stops string) int {
	if i := strings.IndexAny(s[start:], stops); i >= 0 {
		return start + i
	}
	return len(s)
}

// closing returns where a quoted value ends that starts at start, or the text's
// length. Its quotation marks have so many backslashes before them: 0, or 1 in a
// string of JSON, 3 in a string in a string, and so on.
func closing(s string, start int, quote byte, escapes int) int {
	slashes := 0
	for i := start; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			slashes++
			continue
		case s[i] == quote && slashes%(2*escapes+2) == escapes:
			return i - escapes
		}
		slashes = 0
	}
	return len(s)
}

// valueEnd returns where a JSON value other than a string ends, or the text's
// length.
func valueEnd(s string, start, escapes int) int {
	depth := 0
	for i := start; i < len(s); i++ {
		switch s[i] {
		case '"':
			i = closing(s, i+1, '"', escapes) + escapes
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return i + 1 + min(depth, 0)
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// edit gathers replacements in a text, from its start to its end.
type edit struct {
	text strings.Builder
	upTo int // what stands before it in the old text is done
}

func (e *edit) replace(s string, start, end int, by string) {
	e.text.WriteString(s[e.upTo:start])
	e.text.WriteString(by)
	e.upTo = end
}

// done returns the new text.
func (e *edit) done(s string) string {
	if e.upTo == 0 {
		return s
	}
	e.text.WriteString(s[e.upTo:])
	return e.text.String()
}
