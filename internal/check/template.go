package check

import (
	"net/url"
	"strings"
)

// bare returns a template without the format at its end that some APIs let
// clients choose there: "/orders/{id}.{format}".
func bare(template string) string {
	return strings.TrimSuffix(strings.TrimSuffix(template, ".{format}"), ".json")
}

func onlyParams(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if !isParam(segment) {
			return false
		}
	}
	return true
}

// isParam reports whether a segment of a template is one parameter and nothing
// else.
func isParam(segment string) bool {
	return strings.LastIndexByte(segment, '{') == 0 && strings.IndexByte(segment, '}') == len(segment)-1
}

func splitLast(path string) (parent, last string) {
	i := strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')
	if i < 0 {
		return "", path
	}
	return path[:i], strings.TrimSuffix(path[i+1:], "/")
}

// lastWord returns the last segment of a path that is no parameter.
func lastWord(path string) string {
	path = bare(path)
	for path != "" {
		parent, last := splitLast(path)
		if !isParam(last) {
			return last
		}
		path = parent
	}
	return ""
}

func singular(word string) string {
	word = squash(word)
	switch {
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"):
		return strings.TrimSuffix(word, "es")
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// params returns the names of a template's parameters in order.
func params(template string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		name, after, _ := strings.Cut(rest, "}")
		names, template = append(names, name), after
	}
}

// lastSegment returns the last segment of a template.
func lastSegment(path string) string {
	_, last := splitLast(bare(path))
	return last
}

// lastParam returns the name of a template's last parameter, "" if it has none.
func lastParam(template string) string {
	names := params(bare(template))
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// align matches the beginning of a path with a template above it, whatever their
// parameters are called. It returns the path's name for each parameter of the
// template, and what of the path comes after.
func align(above, path string) (names map[string]string, rest string, ok bool) {
	want, got := strings.Split(strings.Trim(bare(above), "/"), "/"), strings.Split(strings.Trim(bare(path), "/"), "/")
	if len(want) > len(got) {
		return nil, "", false
	}
	names = map[string]string{}
	for i := range want {
		if before, _, ok := strings.Cut(got[i], "}:"); ok && isParam(before+"}") { // a method of the API's own: {id}:archive
			got[i] = before + "}"
		}
		mine, others := params(want[i]), params(got[i])
		if want[i] != got[i] && (!isParam(want[i]) || !isParam(got[i])) {
			return nil, "", false
		}
		for i := range mine {
			names[mine[i]] = others[i]
		}
	}
	return names, strings.Join(got[len(want):], "/"), true
}

// tail matches the end of a template with what a server gives as the name or the
// address of a resource: "memos/17" and "http://host/api/memos/17/" with
// /api/memos/{memo}. A word of the path must be in it.
func tail(template, value string) (map[string]string, bool) {
	if u, err := url.Parse(value); err == nil {
		value = u.EscapedPath()
	}
	want, got := strings.Split(strings.Trim(bare(template), "/"), "/"), strings.Split(strings.Trim(bare(value), "/"), "/")
	if len(got) < 2 || strays("", value) {
		return nil, false
	}
	n := min(len(want), len(got))
	values := map[string]string{}
	words := false
	for i := 1; i <= n; i++ {
		if !fitsSegment(want[len(want)-i], got[len(got)-i], values) {
			return nil, false
		}
		words = words || !strings.Contains(want[len(want)-i], "{")
	}
	return values, words
}

// fits matches a path with a template segment by segment.
func fits(template, path string) (map[string]string, bool) {
	want, got := strings.Split(strings.Trim(template, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		if !fitsSegment(want[i], got[i], values) {
			return nil, false
		}
	}
	return values, true
}

// fitsSegment matches one segment with its template, which may hold several
// parameters ("{id}.{format}"), and notes their values. A parameter ends where
// the text behind it stands last.
func fitsSegment(want, got string, values map[string]string) bool {
	for {
		before, rest, ok := strings.Cut(want, "{")
		if !ok {
			return want == got
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !strings.HasPrefix(got, before) {
			return false
		}
		got = got[len(before):]
		literal, _, _ := strings.Cut(after, "{")
		end := len(got)
		if literal != "" {
			end = strings.LastIndex(got, literal)
		}
		if end <= 0 {
			return false
		}
		value, err := url.PathUnescape(got[:end])
		if err != nil {
			return false
		}
		values[name], want, got = value, after, got[end:]
	}
}
