package client

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// quota is what a response tells of one policy
// (draft-ietf-httpapi-ratelimit-headers, 3 and 4).
type quota struct {
	remaining int64
	within    time.Duration // the time in which no more than that can be used
	whole     int64         // of the policy; 0 if it is not told
}

// parseQuotas returns the quotas that a response tells and that say until when they
// last. A malformed field counts as none, and Retry-After comes before what
// RateLimit says of the time (draft, 7).
func parseQuotas(h http.Header, now time.Time) []quota {
	wait, asked := RetryAfter(h, now)
	wholes := map[string]int64{}
	policies, _ := parseItems(h.Values("RateLimit-Policy"))
	for _, p := range policies {
		wholes[p.name] = p.params["q"]
	}
	states, _ := parseItems(h.Values("RateLimit"))
	var quotas []quota
	for _, s := range states {
		remaining, told := s.params["r"]
		seconds, limited := s.params["t"]
		within := time.Duration(seconds) * time.Second
		if asked && remaining == 0 {
			within, limited = wait, true
		}
		if told && limited {
			quotas = append(quotas, quota{remaining, within, wholes[s.name]})
		}
	}
	return quotas
}

// item is a member of a structured list with those parameters that are whole
// numbers.
type item struct {
	name   string
	params map[string]int64
}

// maxNumber is above all sensible numbers, and as seconds still a duration.
const maxNumber = 1 << 33

// parseItems parses a list of strings or tokens with parameters, and reports
// whether it is one (RFC 9651, 3.1 and 3.3).
func parseItems(lines []string) ([]item, bool) {
	var items []item
	for _, line := range lines {
		for member := range statute.SplitList(line) {
			name, rest, ok := cutBare(member)
			if !ok {
				return nil, false
			}
			i := item{name, map[string]int64{}}
			for rest != "" {
				if rest, ok = strings.CutPrefix(rest, ";"); !ok {
					return nil, false
				}
				rest = strings.TrimLeft(rest, " ")
				end := strings.IndexAny(rest, ";=")
				if end < 0 {
					end = len(rest)
				}
				if end == len(rest) || rest[end] == ';' { // a boolean
					rest = rest[end:]
					continue
				}
				var key, value string
				key, rest = rest[:end], rest[end+1:]
				if value, rest, ok = cutBare(rest); !ok {
					return nil, false
				}
				if n, err := strconv.ParseUint(value, 10, 63); err == nil {
					i.params[key] = int64(min(n, maxNumber))
				}
			}
			items = append(items, i)
		}
	}
	return items, true
}

// cutBare divides a bare item from what follows it. Strings keep their quotes.
func cutBare(s string) (bare, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return s[:i+1], s[i+1:], true
			}
		}
		return "", "", false
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	bare, rest = s[:end], s[end:]
	return bare, rest, bare != "" && !strings.ContainsAny(bare, `" =`) || strings.HasPrefix(bare, ":")
}
