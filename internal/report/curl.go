package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// again returns the commands that show a fault again, a line each: for an exchange
// that needs more than itself, the one that makes that anew first. Its reader has
// the report in a file.
func again(f *statute.Finding, sent, clean *statute.Exchange, run *Run) string {
	command := replay(sent, clean, run.Credentials)
	mark := f.Marks[statute.OperationOf(sent).String()]
	if command != "" && !run.Resting[sent] || mark == "" || clean.Request.Method == "" || clean.Request.Body.Cut {
		return command
	}
	words := []string{"statute", "replay", Quote(cmp.Or(run.File, "REPORT")), mark}
	for _, c := range run.Credentials {
		if c.In == "tls" { // the configuration has it
			continue
		}
		before := map[string]string{"header": c.Name + ": ", "query": "?" + c.Name + "=", "cookie": "Cookie: " + c.Name + "="}[c.In]
		words = append(words, "--auth", join([]part{{text: before}, {c.Shell, true}}))
	}
	return strings.TrimSuffix(strings.Join(words, " ")+"\n"+command, "\n")
}

// The most content that stands in the command itself: what a command line can
// hold, and what can be piped into it.
const (
	maxInline = 64 << 10
	maxPiped  = 16 << 20
)

// replay returns a curl command that sends a request again, for a POSIX shell; ""
// if curl cannot, or if not all of it is known. sent is the request as it was,
// clean the same without its secrets: where they differ, the command names the
// secret and leaves it to the shell.
func replay(sent, clean *statute.Exchange, credentials []Credential) string {
	certificate, certified := lookup(credentials, "tls", "")
	if certificate.Alone && sent.Case != nil && sent.Case.Principal == statute.Nobody {
		certified = false
	}
	if stranger(sent.Case) != "" {
		credentials = nil // they are those of Full
	}
	r := &clean.Request
	hosts := len(slices.Collect(r.Fields.Values("Host")))
	if r.Method == "" || r.Body.Cut || hosts > 1 { // not recorded; not as a whole; not with curl
		return ""
	}
	content := filled(string(r.Body.Bytes))
	short := 0
	for _, p := range content {
		short += len(p.text)
	}
	if short > maxInline || len(r.Body.Bytes) > maxPiped {
		return ""
	}
	args := []string{"curl"}
	add := func(words ...string) { args = append(args, words...) }

	body, pipe := "", ""
	switch {
	case r.Body.Empty():
	case len(r.Body.Bytes) > maxInline:
		pipe = piped(content)
	case printable(string(r.Body.Bytes)):
		body = join(content)
	default:
		pipe = "printf %b " + octal(r.Body.Bytes, `\0%03o`)
	}

	switch {
	case r.Method == "HEAD" && !clean.Response.Body.Empty():
		add("-i", "-X", "HEAD", "-m", "3") // shows content that should not be there
	case r.Method == "HEAD":
		add("-I")
	case r.Method == "GET" && r.Body.Empty(), r.Method == "POST" && !r.Body.Empty():
		add("-i")
	default:
		add("-i", "-X", Quote(r.Method))
	}
	switch r.Proto {
	case "HTTP/1.0":
		add("--http1.0")
	case "HTTP/2", "HTTP/2.0":
		if r.Scheme == "http" {
			add("--http2-prior-knowledge")
		} else {
			add("--http2")
		}
	case "HTTP/3":
		add("--http3-only")
	}
	if clean.Case != nil && clean.Case.Cause == statute.NoHost {
		add("-H", "Host:") // curl would add one of its own
	}
	if certified {
		who := stranger(sent.Case)
		add("--cert", `"$`+who+`CERT"`, "--key", `"$`+who+`KEY"`)
	}
	add(address(clean, credentials)...)
	for i, f := range r.Fields {
		switch {
		case implied(r, f), idle(clean, f):
			continue
		case unpacked(f):
			add("--compressed")
			continue
		}
		if secret := i < len(sent.Request.Fields) && sent.Request.Fields[i].Value != f.Value; secret {
			add("-H", named(f.Name, sent.Request.Fields[i].Value, sent.Case, credentials))
		} else if f.Value == "" {
			add("-H", Quote(f.Name+";"))
		} else {
			add("-H", join(filled(f.Name+": "+f.Value)))
		}
	}
	if !r.Body.Empty() && !r.Fields.Has("Content-Type") {
		add("-H", "Content-Type:") // curl would add one of its own
	}
	switch {
	case body != "":
		add("--data-raw", body)
	case pipe != "":
		add("--data-binary @-")
	case r.Fields.Has("Content-Type") && r.Fields.Get("Content-Length") == "0":
		add("--data-raw", "''")
	}
	command := strings.Join(args, " ")
	if pipe != "" {
		command = pipe + " | " + command
	}
	return command
}

// minFilling is how often a character must stand in a row to be counted instead of
// written.
const minFilling = 512

// filled splits a text at its longest row of one letter or digit, if that is long:
// the shell makes it of its length.
func filled(text string) []part {
	start, length := longestRow(text)
	if length < minFilling || !inName.MatchString(text[start:start+1]) {
		return []part{{text: text}}
	}
	row := fmt.Sprintf(`$(head -c %d /dev/zero | tr '\0' %s)`, length, text[start:start+1])
	return []part{{text: text[:start]}, {row, true}, {text: text[start+length:]}}
}

// longestRow returns where a byte stands most often in a row, and how often.
func longestRow(text string) (start, length int) {
	for i := 0; i < len(text); {
		j := i + 1
		for j < len(text) && text[j] == text[i] {
			j++
		}
		if j-i > length {
			start, length = i, j-i
		}
		i = j
	}
	return start, length
}

// piped returns a command that prints what is too long for a command line.
func piped(content []part) string {
	var commands []string
	for _, p := range content {
		switch {
		case p.shell:
			commands = append(commands, strings.TrimSuffix(strings.TrimPrefix(p.text, "$("), ")"))
		case printable(p.text) && p.text != "":
			commands = append(commands, "printf %s "+Quote(p.text))
		case p.text != "":
			commands = append(commands, "printf %b "+octal([]byte(p.text), `\0%03o`))
		}
	}
	return "{ " + strings.Join(commands, "; ") + "; }"
}

// address returns the arguments that name the target.
func address(x *statute.Exchange, credentials []Credential) []string {
	r := &x.Request
	target := r.Target
	base := (&statute.Request{Scheme: r.Scheme, Authority: r.Authority, Target: "/"}).URL()
	switch {
	case r.Authority == "":
		return []string{Quote(target)}
	case !strings.HasPrefix(target, "/") || !printable(target) || strings.ContainsAny(target, " #"):
		return []string{"--request-target", Quote(target), Quote(base)}
	}
	var args []string
	if lower := strings.ToLower(r.Path()); strings.Contains(lower, "/.") || strings.Contains(lower, "/%2e") {
		args = append(args, "--path-as-is")
	}
	if strings.ContainsAny(strings.ReplaceAll(target, redacted, ""), "[]{}") {
		args = append(args, "-g")
	}
	path, query, ok := strings.Cut(target, "?")
	if !ok {
		return append(args, Quote(strings.TrimSuffix(base, "/")+target))
	}
	word := []part{{text: strings.TrimSuffix(base, "/") + path + "?"}}
	for i, pair := range strings.Split(query, "&") {
		if i > 0 {
			word = append(word, part{text: "&"})
		}
		name, value, _ := strings.Cut(pair, "=")
		c, ok := lookup(credentials, "query", name)
		if !ok && strings.Contains(value, redacted) {
			c.Shell, ok = "$"+stranger(x.Case)+Variable(name), true
		}
		switch {
		case ok && value == "" && malformed(x.Case):
			word = append(word, part{text: name + "="})
		case ok && falsified(x.Case):
			word = append(word, part{text: name + "=false"})
		case ok:
			word = append(word, part{text: name + "="}, part{c.Shell, true})
		default:
			word = append(word, filled(pair)...)
		}
	}
	return append(args, join(word))
}

// implied reports whether curl sends the field by itself, or had better.
func implied(r *statute.Request, f statute.Field) bool {
	switch strings.ToLower(f.Name) {
	case "host":
		return f.Value == r.Authority
	case "user-agent":
		return true
	case "accept":
		return f.Value == "*/*"
	case "connection":
		return strings.EqualFold(f.Value, "keep-alive")
	case "content-length":
		alone := len(slices.Collect(r.Fields.Values(f.Name))) == 1
		return alone && f.Value == strconv.FormatInt(r.Body.Size, 10)
	}
	return false
}

// idle reports whether a field cannot matter to an answer: what browsers say of
// themselves, and the languages they prefer if the answer does not depend on that.
func idle(x *statute.Exchange, f statute.Field) bool {
	name := strings.ToLower(f.Name)
	switch name {
	case "priority", "referer", "pragma", "dnt", "te", "sec-gpc", "upgrade-insecure-requests":
		return true
	case "accept-language":
		return !x.Response.Fields.HasToken("Vary", name)
	case "connection":
		return strings.EqualFold(f.Value, "close") && (x.Request.Method != "HEAD" || x.Response.Body.Empty())
	}
	return strings.HasPrefix(name, ":") || strings.HasPrefix(name, "sec-ch-") || strings.HasPrefix(name, "sec-fetch-")
}

// unpacked reports whether a field asks for codings that curl had better ask for
// by itself, to decode what comes.
func unpacked(f statute.Field) bool {
	return strings.EqualFold(f.Name, "Accept-Encoding") && strings.Contains(f.Value, "gzip") && !strings.Contains(f.Value, "q=0")
}

// named returns the argument for a field whose value is secret.
func named(field, value string, c *statute.Case, credentials []Credential) string {
	scheme, _, ok := strings.Cut(value, " ")
	if !ok || !strings.EqualFold(field, "Authorization") {
		scheme = ""
	} else {
		scheme += " "
	}
	switch {
	case scheme == "" && strings.EqualFold(field, "Authorization") && malformed(c):
		return Quote(field + ": " + value) // a scheme alone
	case falsified(c):
		return join([]part{{text: field + ": " + scheme}, forged(strings.TrimPrefix(value, scheme))})
	}
	var shell []string
	if strings.EqualFold(field, "Cookie") {
		for _, c := range credentials {
			if c.In == "cookie" {
				shell = append(shell, c.Name+"="+c.Shell)
			}
		}
	} else if c, ok := lookup(credentials, "header", field); ok {
		shell = append(shell, c.Shell)
	}
	if shell == nil {
		shell = []string{scheme + "$" + stranger(c) + Variable(field)}
	}
	return join([]part{{text: field + ": "}, {strings.Join(shell, "; "), true}})
}

// malformed reports whether the credentials of a request are such as their scheme
// does not allow.
func malformed(c *statute.Case) bool { return c != nil && c.Cause == statute.MalformedCredentials }

// stranger returns what the variables begin with that hold the secrets of
// another user than the first, who needs none: "LOW_", "OTHER_".
func stranger(c *statute.Case) string {
	if c != nil && (c.Principal == statute.Low || c.Principal == statute.Other) {
		return strings.ToUpper(string(c.Principal)) + "_"
	}
	return ""
}

// falsified reports whether the credentials of a request were false on purpose.
func falsified(c *statute.Case) bool { return c != nil && c.Principal == statute.False }

// forged returns what stands for a false credential: any word is false, but a JWT
// that was tampered with can be made of the right one alone (RFC 7515, 3.1).
func forged(value string) part {
	if strings.HasPrefix(value, "eyJ") && strings.Count(value, ".") == 2 {
		return part{"$TAMPERED_TOKEN", true}
	}
	return part{text: "false"}
}

func lookup(credentials []Credential, in, name string) (Credential, bool) {
	for _, c := range credentials {
		if c.In == in && (c.Name == name || in == "header" && strings.EqualFold(c.Name, name)) {
			return c, true
		}
	}
	return Credential{}, false
}

// Variable returns the name of the environment variable that stands for a
// secret: TOKEN for Authorization, else the field's or parameter's own name:
// X_API_KEY.
func Variable(name string) string {
	if strings.EqualFold(name, "Authorization") {
		return "TOKEN"
	}
	name = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToUpper(r)
		}
		return '_'
	}, name)
	if name == "" || unicode.IsDigit(rune(name[0])) {
		name = "_" + name
	}
	return name
}

// part is a piece of one shell word: literal text, or text in which the shell
// replaces variables.
type part struct {
	text  string
	shell bool
}

// join makes one shell word of its parts: between one pair of double quotes if
// no literal part minds that, else each part quoted in its own way.
func join(parts []part) string {
	var whole, each strings.Builder
	var literal string
	var shell bool
	flush := func() {
		if literal != "" {
			each.WriteString(Quote(literal))
			literal = ""
		}
	}
	mild := true
	for i, p := range parts {
		whole.WriteString(p.text)
		if p.shell {
			flush()
			shell = true
			each.WriteString(`"` + p.text + `"`)
			continue
		}
		literal += p.text
		mild = mild && printable(p.text) && !strings.ContainsAny(p.text, "\"$`\\!") &&
			(i == 0 || !parts[i-1].shell || !inName.MatchString(p.text)) // $v followed by "x" is not $vx
	}
	flush()
	if mild && shell {
		return `"` + whole.String() + `"`
	}
	return each.String()
}

// inName matches what would lengthen the name of a variable before it.
var inName = regexp.MustCompile(`^[A-Za-z0-9_]`)

var bare = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Quote makes one shell word of a text. What is not printable is written as
// octal escapes in $'...', which bash, zsh, ksh and POSIX of 2024 know.
func Quote(text string) string {
	switch {
	case bare.MatchString(text):
		return text
	case printable(text):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	return "$" + octal([]byte(text), `\%03o`)
}

// octal returns bytes between single quotes, those that are not plain ASCII in
// the form of octal escape that is given.
func octal(content []byte, escape string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, c := range content {
		if c < ' ' || c > '~' || c == '\'' || c == '\\' {
			fmt.Fprintf(&b, escape, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// printable reports whether a text can be shown on a terminal as it is.
func printable(text string) bool {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return false
			}
		}
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
