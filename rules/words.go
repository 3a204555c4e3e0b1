package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// saying is what the words of an error say was wrong.
type saying uint8

// The sayings.
const (
	saysNothing  saying = iota
	saysMissing         // what was asked for is not there
	saysTaken           // it is there already
	saysUnparsed        // the content does not parse
	saysInvalid         // a value is missing, unknown or wrong
	saysBadToken        // the credentials sent are false or expired
	saysNoLogin         // there are no credentials
	saysNoRight         // the user lacks a right
	saysRefused         // no, and not why
	saysMethod          // the method is not supported
	saysElse            // something that only sounds like one of these
)

// phrase is what some words say.
type phrase struct {
	words string
	says  saying
}

// phrases are the words by which errors are told apart, in lower case. A space
// stands for any one of " _-" or for the seam of "NotFound". Where two begin at
// the same place the first wins.
var phrases = []phrase{
	{"does not exist", saysMissing},
	{"do not exist", saysMissing},
	{"doesn't exist", saysMissing},
	{"not found", saysMissing},
	{"notfound", saysMissing},
	{"could not find", saysMissing},
	{"couldn't find", saysMissing},
	{"cannot find", saysMissing},
	{"no such", saysMissing},
	{"no longer exists", saysMissing},
	{"no rows in result set", saysMissing},
	{"no query results", saysMissing},
	{"could not be found", saysMissing},
	{"not exist", saysMissing},
	{"not exists", saysMissing},
	{"no such element", saysMissing},

	{"already exists", saysTaken},
	{"already exist", saysTaken},
	{"already been taken", saysTaken},
	{"already taken", saysTaken},
	{"already in use", saysTaken},
	{"already registered", saysTaken},
	{"duplicate key", saysTaken},
	{"duplicate entry", saysTaken},
	{"unique constraint", saysTaken},
	{"unique violation", saysTaken},
	{"must be unique", saysTaken},

	{"unexpected token", saysUnparsed},
	{"unexpected end of json", saysUnparsed},
	{"invalid character", saysUnparsed},
	{"invalid json", saysUnparsed},
	{"malformed json", saysUnparsed},
	{"json parse error", saysUnparsed},
	{"cannot unmarshal", saysUnparsed},
	{"cannot deserialize", saysUnparsed},
	{"could not be parsed", saysUnparsed},
	{"could not parse", saysUnparsed},
	{"cannot parse", saysUnparsed},
	{"failed to parse", saysUnparsed},
	{"unable to parse", saysUnparsed},
	{"error parsing", saysUnparsed},
	{"malformed", saysUnparsed},
	{"unexpected eof", saysUnparsed},
	{"json decode error", saysUnparsed},
	{"message not readable", saysUnparsed},

	{"validation failed", saysInvalid},
	{"validation error", saysInvalid},
	{"validation exception", saysInvalid},
	{"bad request", saysInvalid},
	{"invalid value", saysInvalid},
	{"invalid parameter", saysInvalid},
	{"invalid parameters", saysInvalid},
	{"invalid param", saysInvalid},
	{"invalid params", saysInvalid},
	{"invalid argument", saysInvalid},
	{"invalid request", saysInvalid},
	{"invalid query", saysInvalid},
	{"invalid filter", saysInvalid},
	{"invalid cursor", saysInvalid},
	{"invalid limit", saysInvalid},
	{"invalid offset", saysInvalid},
	{"invalid page", saysInvalid},
	{"invalid sort", saysInvalid},
	{"invalid field", saysInvalid},
	{"invalid type", saysInvalid},
	{"invalid number", saysInvalid},
	{"invalid literal", saysInvalid},
	{"invalid syntax", saysInvalid},
	{"incorrect integer value", saysInvalid},
	{"incorrect string value", saysInvalid},
	{"incorrect datetime value", saysInvalid},
	{"request body is missing", saysInvalid},
	{"invalid time value", saysInvalid},
	{"invalid timestamp", saysInvalid},
	{"invalid email", saysInvalid},
	{"invalid url", saysInvalid},
	{"invalid enum value", saysInvalid},
	{"invalid utf 8", saysInvalid},
	{"unicode decode error", saysInvalid},
	{"uri malformed", saysInvalid},
	{"malformed uri", saysInvalid},
	{"malformed url", saysInvalid},
	{"failed to decode", saysInvalid},
	{"failed to convert", saysInvalid},
	{"argument type mismatch", saysInvalid},
	{"missing servlet request parameter", saysInvalid},
	{"invalid input", saysInvalid},
	{"invalid id", saysInvalid},
	{"invalid uuid", saysInvalid},
	{"invalid date", saysInvalid},
	{"invalid format", saysInvalid},
	{"invalid byte sequence", saysInvalid},
	{"invalid content type", saysInvalid},
	{"unknown content type", saysInvalid},
	{"unsupported content type", saysInvalid},
	{"unsupported media type", saysInvalid},
	{"isn't multipart/form data", saysInvalid},
	{"not multipart/form data", saysInvalid},
	{"for input string", saysInvalid},
	{"cast to objectid failed", saysInvalid},
	{"cast to number failed", saysInvalid},
	{"out of range", saysInvalid},
	{"value too long", saysInvalid},
	{"data too long", saysInvalid},
	{"cannot contain", saysInvalid},
	{"cannot be null", saysInvalid},
	{"cannot be blank", saysInvalid},
	{"can't be blank", saysInvalid},
	{"cannot be empty", saysInvalid},
	{"must not be", saysInvalid},
	{"must be one of", saysInvalid},
	{"must be greater", saysInvalid},
	{"must be less", saysInvalid},
	{"must be at least", saysInvalid},
	{"must be at most", saysInvalid},
	{"must be between", saysInvalid},
	{"must be positive", saysInvalid},
	{"must be a positive", saysInvalid},
	{"must be non negative", saysInvalid},
	{"must be zero or positive", saysInvalid},
	{"or greater", saysInvalid},
	{"must be a number", saysInvalid},
	{"must be an integer", saysInvalid},
	{"must be a string", saysInvalid},
	{"must be a valid", saysInvalid},
	{"must be a single string", saysInvalid},
	{"must be a 24 character", saysInvalid},
	{"must have required property", saysInvalid},
	{"should not be empty", saysInvalid},
	{"should not be null", saysInvalid},
	{"cannot be negative", saysInvalid},
	{"not a valid", saysInvalid},
	{"not a number", saysInvalid},
	{"not a string", saysInvalid},
	{"not an integer", saysInvalid},
	{"is not valid", saysInvalid},
	{"is required", saysInvalid},
	{"are required", saysInvalid},
	{"missing required", saysInvalid},
	{"missing parameter", saysInvalid},
	{"missing field", saysInvalid},
	{"required field", saysInvalid},
	{"field required", saysInvalid},
	{"required parameter", saysInvalid},
	{"unknown field", saysInvalid},
	{"unknown parameter", saysInvalid},
	{"unrecognized field", saysInvalid},
	{"wrong param count", saysInvalid},
	{"not null constraint", saysInvalid},
	{"check constraint", saysInvalid},
	{"foreign key constraint", saysInvalid},

	{"invalid token", saysBadToken},
	{"invalid access token", saysBadToken},
	{"invalid api key", saysBadToken},
	{"invalid apikey", saysBadToken},
	{"invalid credentials", saysBadToken},
	{"invalid password", saysBadToken},
	{"wrong password", saysBadToken},
	{"incorrect password", saysBadToken},
	{"bad credentials", saysBadToken},
	{"bad token", saysBadToken},
	{"token expired", saysBadToken},
	{"token has expired", saysBadToken},
	{"token is expired", saysBadToken},
	{"token is invalid", saysBadToken},
	{"expired token", saysBadToken},
	{"session expired", saysBadToken},
	{"session has expired", saysBadToken},
	{"jwt expired", saysBadToken},
	{"jwt malformed", saysBadToken},
	{"signature has expired", saysBadToken},
	{"token not valid", saysBadToken},
	{"token is not valid", saysBadToken},
	{"token revoked", saysBadToken},
	{"token has been revoked", saysBadToken},
	{"invalid authentication", saysBadToken},
	{"invalid auth token", saysBadToken},
	{"invalid authorization", saysBadToken},
	{"invalid bearer token", saysBadToken},

	{"authentication credentials were not provided", saysNoLogin},
	{"authentication required", saysNoLogin},
	{"authentication is required", saysNoLogin},
	{"authentication failed", saysNoLogin},
	{"authentication failure", saysNoLogin},
	{"authentication error", saysNoLogin},
	{"auth error", saysNoLogin},
	{"requires authentication", saysNoLogin},
	{"require authentication", saysNoLogin},
	{"must authenticate", saysNoLogin},
	{"must be authenticated", saysNoLogin},
	{"not authenticated", saysNoLogin},
	{"unauthenticated", saysNoLogin},
	{"login required", saysNoLogin},
	{"not logged in", saysNoLogin},
	{"must be logged in", saysNoLogin},
	{"need to be logged in", saysNoLogin},
	{"need to log in", saysNoLogin},
	{"please log in", saysNoLogin},
	{"please login", saysNoLogin},
	{"please sign in", saysNoLogin},
	{"must log in", saysNoLogin},
	{"must sign in", saysNoLogin},
	{"no credentials", saysNoLogin},
	{"missing credentials", saysNoLogin},
	{"no token", saysNoLogin},
	{"no auth token", saysNoLogin},
	{"no access token", saysNoLogin},
	{"token required", saysNoLogin},
	{"token is required", saysNoLogin},
	{"token is missing", saysNoLogin},
	{"token missing", saysNoLogin},
	{"missing auth token", saysNoLogin},
	{"missing bearer token", saysNoLogin},
	{"missing authentication", saysNoLogin},
	{"authentication missing", saysNoLogin},
	{"authorization required", saysNoLogin},
	{"authorization header", saysNoLogin},
	{"jwt must be provided", saysNoLogin},
	{"sign in required", saysNoLogin},
	{"must be signed in", saysNoLogin},
	{"not signed in", saysNoLogin},
	{"missing token", saysNoLogin},
	{"missing access token", saysNoLogin},
	{"missing api key", saysNoLogin},
	{"no api key", saysNoLogin},
	{"api key not found", saysNoLogin},
	{"valid api key", saysNoLogin},
	{"could not validate credentials", saysNoLogin},
	{"a valid token", saysNoLogin},
	{"a valid access token", saysNoLogin},
	{"anonymous access", saysNoLogin},
	{"api key required", saysNoLogin},
	{"api key is required", saysNoLogin},
	{"api key missing", saysNoLogin},
	{"unauthorized", saysNoLogin},

	{"insufficient scope", saysNoRight},
	{"insufficient scopes", saysNoRight},
	{"insufficient permission", saysNoRight},
	{"insufficient permissions", saysNoRight},
	{"insufficient privilege", saysNoRight},
	{"insufficient privileges", saysNoRight},
	{"insufficient rights", saysNoRight},
	{"permission denied", saysNoRight},
	{"do not have permission", saysNoRight},
	{"do not have the permission", saysNoRight},
	{"do not have the required", saysNoRight},
	{"don't have permission", saysNoRight},
	{"don't have the permission", saysNoRight},
	{"don't have the required", saysNoRight},
	{"does not have permission", saysNoRight},
	{"does not have the permission", saysNoRight},
	{"does not have the required", saysNoRight},
	{"no permission", saysNoRight},
	{"no permissions", saysNoRight},
	{"lack permission", saysNoRight},
	{"lacks permission", saysNoRight},
	{"missing permission", saysNoRight},
	{"missing permissions", saysNoRight},
	{"missing scope", saysNoRight},
	{"missing role", saysNoRight},
	{"missing required scope", saysNoRight},
	{"missing required permission", saysNoRight},
	{"requires admin", saysNoRight},
	{"must be an admin", saysNoRight},
	{"admin rights required", saysNoRight},
	{"admins only", saysNoRight},
	{"admin only", saysNoRight},
	{"do not have access", saysNoRight},
	{"don't have access", saysNoRight},
	{"does not have access", saysNoRight},
	{"role required", saysNoRight},
	{"requires role", saysNoRight},
	{"requires scope", saysNoRight},
	{"required scope", saysNoRight},
	{"sufficient privileges", saysNoRight},
	{"sufficient permissions", saysNoRight},
	{"sufficient rights", saysNoRight},
	{"only admins", saysNoRight},
	{"requires the role", saysNoRight},

	{"forbidden", saysRefused},
	{"access denied", saysRefused},
	{"access is denied", saysRefused},
	{"not authorized", saysRefused},

	{"method not allowed", saysMethod},

	{"unauthorized client", saysElse}, // an error of OAuth's token endpoint
	{"csrf", saysElse},
	{"xsrf", saysElse},
	{"authenticity token", saysElse},
	{"cross site request", saysElse},
}

// phrasesFrom are the phrases by their first letter, from a to z.
var phrasesFrom = byFirstLetter(phrases)

func byFirstLetter(phrases []phrase) (index [26][]phrase) {
	for _, p := range phrases {
		index[p.words[0]-'a'] = append(index[p.words[0]-'a'], p)
	}
	return index
}

// saidBy returns what the text says was wrong: by its first known phrase, or
// saysElse if such a one is anywhere.
func saidBy(text []byte) saying {
	said := saysNothing
	for i := range text {
		if !startsWord(text, i) {
			continue
		}
		for _, p := range phrasesFrom[lower(text[i])-'a'] {
			if said != saysNothing && p.says != saysElse {
				continue
			}
			if end := phraseEnd(text, i, p.words); end > 0 {
				if p.says == saysElse {
					return saysElse
				}
				said = p.says
			}
		}
	}
	return said
}

// holdsPhrase reports whether one of the phrases, written as in phrases, is in
// the text.
func holdsPhrase(text []byte, phrases []string) bool {
	for i := range text {
		if startsWord(text, i) && slices.ContainsFunc(phrases, func(words string) bool { return phraseEnd(text, i, words) > 0 }) {
			return true
		}
	}
	return false
}

// isPhrase reports whether the text is one of the phrases and nothing more but
// a period.
func isPhrase(text []byte, phrases []string) bool {
	text = bytes.TrimRight(bytes.TrimSpace(text), ".!")
	return slices.ContainsFunc(phrases, func(words string) bool {
		return len(text) > 0 && phraseEnd(text, 0, words) == len(text)
	})
}

// phraseEnd returns where in the text the phrase that starts at i ends, or 0 if
// it does not stand there as whole words.
func phraseEnd(text []byte, i int, words string) int {
	for j := range len(words) {
		if words[j] == ' ' && isSeam(text, i) {
			continue
		}
		if i == len(text) {
			return 0
		}
		switch c := text[i]; {
		case words[j] == ' ' && (c == ' ' || c == '_' || c == '-'):
		case words[j] != ' ' && lower(c) == words[j]:
		default:
			return 0
		}
		i++
	}
	if i < len(text) && isLetter(text[i]) && !isSeam(text, i) {
		return 0
	}
	return i
}

// startsWord reports whether a word starts at i: after anything but a letter,
// at the seam of "NotFound", or after an escape of JSON such as \n.
func startsWord(text []byte, i int) bool {
	return isLetter(text[i]) && (i == 0 || !isLetter(text[i-1]) || isSeam(text, i) || i > 1 && text[i-2] == '\\')
}

// isSeam reports whether an upper case letter at i follows a lower case one.
func isSeam(text []byte, i int) bool {
	return 0 < i && i < len(text) && 'a' <= text[i-1] && text[i-1] <= 'z' && 'A' <= text[i] && text[i] <= 'Z'
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// textLimit is how much of one text is read, in bytes.
const textLimit = 512

// textNames are the names of members and elements that hold an error's words.
var textNames = []string{
	"message", "msg", "error", "errors", "detail", "details", "title", "reason", "description", "name", "type", "code",
	"error_description", "errorDescription", "errorMessage", "error_message", "errmsg", "error_msg", "exception",
	"root_cause", "cause", "fault", "faultstring",
}

// eachText calls f with each text in which the content of an error says what
// was wrong, until f returns false: the members of JSON and the elements of XML
// that are named for it, title and headings of HTML, the beginning of plain
// text.
func eachText(r *statute.Response, f func(text []byte) bool) {
	content := bytes.TrimLeft(r.Body.Bytes[:min(len(r.Body.Bytes), jsonLimit)], " \t\r\n")
	v := parseJSON(content)
	switch {
	case len(content) == 0:
	case v.kind() == jsonObject, v.kind() == jsonArray, v.kind() == jsonString:
		v.eachText(4, false, f)
	case isHTML(r):
		page := readPage(content)
		_ = f(page.title) && f(page.heading)
	case content[0] == '<':
		eachElement(content, f)
	case r.MediaType() == "" || strings.HasPrefix(r.MediaType(), "text/") || statute.IsJSON(r.MediaType()):
		f(content[:min(len(content), textLimit)])
	}
}

// eachText calls f with the texts of an error in JSON, down to that many
// levels: of an object its members named for it, or all of them.
func (v value) eachText(levels int, all bool, f func(text []byte) bool) bool {
	more := true
	switch v.kind() {
	case jsonString:
		raw := v.raw()
		return f(raw[:min(len(raw), textLimit)])
	case jsonArray, jsonObject:
		if levels == 0 {
			return true
		}
		v.each(func(key, val value) bool {
			if all || key.kind() == jsonNone || key.isAny(textNames) {
				more = val.eachText(levels-1, all || key.is("errors"), f)
			}
			return more
		})
	}
	return more
}

// isAny reports whether the value is one of the strings, in any case.
func (v value) isAny(names []string) bool {
	raw := v.raw()
	return slices.ContainsFunc(names, func(name string) bool { return bytes.EqualFold(raw, []byte(name)) })
}

// eachElement calls f with the text at the beginning of each XML element that
// is named for an error's words.
func eachElement(content []byte, f func(text []byte) bool) {
	for {
		start := bytes.IndexByte(content, '<')
		if start < 0 {
			return
		}
		content = content[start+1:]
		end := bytes.IndexByte(content, '>')
		if end < 0 {
			return
		}
		name := elementName(content[:end])
		content = content[end+1:]
		if slices.ContainsFunc(textNames, func(s string) bool { return bytes.EqualFold(name, []byte(s)) }) {
			text, _, _ := bytes.Cut(content, []byte("<"))
			text = bytes.TrimSpace(text)
			if len(text) > 0 && !f(text[:min(len(text), textLimit)]) {
				return
			}
		}
	}
}

// elementName returns the name in an opening tag, without its prefix; "" for
// any other tag.
func elementName(tag []byte) []byte {
	if end := bytes.IndexAny(tag, " \t\r\n/"); end >= 0 {
		tag = tag[:end]
	}
	if colon := bytes.IndexByte(tag, ':'); colon >= 0 {
		tag = tag[colon+1:]
	}
	return tag
}

// said returns what an error says was wrong: the first of its texts that says
// something known.
func said(r *statute.Response) saying {
	says := saysNothing
	eachText(r, func(text []byte) bool {
		says = saidBy(text)
		return says == saysNothing
	})
	return says
}

// expected returns the code that says it.
func (s saying) expected() string {
	switch s {
	case saysMissing:
		return "404"
	case saysTaken:
		return "409"
	case saysUnparsed:
		return "400"
	case saysInvalid:
		return "400 or 422"
	case saysBadToken, saysNoLogin:
		return "401"
	case saysNoRight, saysRefused, saysElse:
		return "403"
	case saysMethod:
		return "405"
	}
	return "4xx or 5xx"
}
