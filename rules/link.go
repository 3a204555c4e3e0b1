package rules

import (
	"bytes"
	"strings"

	"github.com/statute-http/statute"
)

// hasOwnLink reports whether a JSON object holds its own URL: in a member
// called self, url, href or uri, or in one of these inside links, _links or
// data (HAL, JSON:API).
func hasOwnLink(v value) bool {
	found := false
	if v.kind() != jsonObject {
		return false
	}
	v.each(func(key, val value) bool {
		switch {
		case key.is("url"), key.is("href"), key.is("uri"):
			found = isLink(val)
		case key.is("self"):
			found = isLink(val) || isLink(val.get("href"))
		case key.is("links"), key.is("_links"), key.is("data"):
			found = hasOwnLink(val)
		}
		return !found
	})
	return found
}

// isLink reports whether a JSON value is a string that looks like a URL or an
// absolute path.
func isLink(v value) bool {
	raw := v.raw()
	return len(raw) > 1 && raw[0] == '/' || bytes.Contains(raw, []byte("://")) || bytes.HasPrefix(raw, []byte(`\/`))
}

// fieldsPointOn reports whether a response names a place to look at next.
func fieldsPointOn(fields statute.Fields) bool {
	for i := range fields {
		name := fields[i].Name
		if strings.EqualFold(name, "Link") {
			return true
		}
		for _, end := range [...]string{"Location", "AsyncOperation", "Job-Id", "Task-Id", "Operation-Id"} {
			if hasSuffixFold(name, end) {
				return true
			}
		}
	}
	return false
}

// contentPointsOn reports whether content names a place or a job to look at
// next: JSON with a link or an id anywhere, or being one; text with a URL, or
// of one word.
func contentPointsOn(content []byte) bool {
	v := parseJSON(content)
	switch v.kind() {
	case jsonObject, jsonArray:
		return holdsPointer(v)
	case jsonString, jsonNumber:
		return true
	case jsonNone:
		content = bytes.TrimSpace(content)
		return bytes.Contains(content, []byte("://")) || bytes.Contains(content, []byte("href=")) ||
			len(content) > 0 && !bytes.ContainsAny(content, " \t\r\n<")
	}
	return false
}

// holdsPointer reports whether a JSON object or array holds a link or an id.
func holdsPointer(v value) bool {
	found := false
	v.each(func(key, val value) bool {
		switch val.kind() {
		case jsonObject, jsonArray:
			found = holdsPointer(val)
		case jsonString, jsonNumber:
			found = isLink(val) || namesID(key.raw())
		}
		return !found
	})
	return found
}

// namesID reports whether a member of that name holds an id: "id", "jobId",
// "task_id", "uuid", but not "valid" or "paid".
func namesID(name []byte) bool {
	for _, end := range [...]string{"Id", "ID", "_id", "-id", "uuid", "guid"} {
		if bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	for _, whole := range [...]string{"id", "job", "task", "token", "ticket", "operation", "reference"} {
		if bytes.EqualFold(name, []byte(whole)) {
			return true
		}
	}
	return false
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
