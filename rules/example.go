package rules

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Example is an example on the page of a rule: exchanges in the order in which
// they took place.
type Example struct {
	Exchanges []*statute.Exchange
	At        int // the index of the one that it is about
}

// Examples returns the first wrong example on the page of a rule, and of the right
// ones the first with the same requests, else that which is most like it. It panics
// if the page is broken, which tests rule out. Both are empty for a rule whose page
// has no examples.
func Examples(r *statute.Rule) (wrong, right Example) {
	var bad, want, good string
	var goods []string
	for _, file := range strings.Split(r.Doc, "\n-- ")[1:] {
		name, text, _ := strings.Cut(file, " --\n")
		switch kind, _, _ := strings.Cut(name, ": "); {
		case kind == "good":
			goods = append(goods, text)
		case kind == "bad" && bad == "":
			bad = text
		case kind == "want" && want == "":
			want = text
		}
	}
	if i := slices.IndexFunc(goods, func(text string) bool { return requestLines(text) == requestLines(bad) }); i >= 0 {
		good = goods[i]
	} else if len(goods) > 0 {
		good = slices.MaxFunc(goods, func(a, b string) int { return cmp.Compare(likeness(bad, a), likeness(bad, b)) })
	}
	if bad == "" || good == "" {
		return wrong, right
	}
	wrong.Exchanges, right.Exchanges = mustParse(bad), mustParse(good)
	number, _, _ := strings.Cut(want, " ")
	n, _ := strconv.Atoi(number)
	wrong.At = min(max(n, 1), len(wrong.Exchanges)) - 1
	right.At = len(right.Exchanges) - 1
	at := &wrong.Exchanges[wrong.At].Request
	for i, x := range right.Exchanges {
		if x.Request.Method == at.Method && x.Request.Target == at.Target {
			right.At = i
		}
	}
	return wrong, right
}

// likeness returns the share of lines that two texts have in common, 0 to 1.
func likeness(a, b string) float64 {
	count := map[string]int{}
	for line := range strings.Lines(a) {
		count[line]++
	}
	common := 0
	for line := range strings.Lines(b) {
		if count[line] > 0 {
			count[line]--
			common++
		}
	}
	return 2 * float64(common) / float64(strings.Count(a, "\n")+strings.Count(b, "\n")+1)
}

// requestLines returns the first lines of the requests in an example.
func requestLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); requestLine.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// mustParse reads an example that a test has read before.
func mustParse(text string) []*statute.Exchange {
	exchanges, err := parseExample(text)
	if err != nil {
		panic(err)
	}
	return exchanges
}

// An example is written as one or more exchanges, each a request and its response (also
// interim ones) as raw messages with an empty line between header section and
// content and another one after the content. Content is everything up to the
// next message. Before a request there may be notes:
//
//	# cause: unknown id          the Case: why it was sent
//	# in: path                   where the cause lies
//	# detail: id is 999999
//	# control: 1                 the number of an earlier exchange of the example
//	# elsewhere: 2               likewise
//	# start: 30                  seconds after noon at which it was sent
//	# took: 1.2                  seconds for the exchange
//	# principal: none            or false, low, other, full (the default where there is a cause)
//	# declared: 200 404 default  responses in the description; "secured" among them, or
//	                             "inherited" where that is said of all operations
//	# content: as described     or what contradicts the description in the answer's content
//	# operation: GET /orders/{id}
//	# scheme: https
//	# unseen: request content    a part that was not recorded, in the words of Seen; may be repeated
//
// An exchange without a cause is one of recorded traffic: its Case is nil.
// A response "HTTP/1.1 000" is none at all.

var (
	requestLine = regexp.MustCompile(`^([A-Za-z-]+) (\S+) (HTTP/\d(?:\.\d)?)$`)
	statusLine  = regexp.MustCompile(`^(HTTP/\d(?:\.\d)?) (\d{3})(?: (.*))?$`)
	note        = regexp.MustCompile(`^# (cause|in|detail|control|elsewhere|start|took|principal|declared|content|operation|scheme|unseen): (.*)$`)
)

func parseExample(text string) ([]*statute.Exchange, error) {
	var (
		all  []*statute.Exchange
		x    *statute.Exchange
		head = true // a message may start here
	)
	fresh := func() {
		if x == nil || x.Request.Method != "" {
			x = &statute.Exchange{Seen: statute.SeenAll, Source: statute.Source{Entry: len(all) + 1}}
			all = append(all, x)
		}
	}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); {
		line := lines[i]
		i++
		if m := note.FindStringSubmatch(line); m != nil && head {
			fresh()
			if err := annotate(x, m[1], m[2], all); err != nil {
				return nil, err
			}
			continue
		}
		var fields *statute.Fields
		var body *statute.Body
		if m := requestLine.FindStringSubmatch(line); m != nil && head {
			fresh()
			x.Request.Method, x.Request.Target, x.Request.Proto = m[1], m[2], m[3]
			fields, body = &x.Request.Fields, &x.Request.Body
		} else if m := statusLine.FindStringSubmatch(line); m != nil && head && x != nil {
			status, _ := strconv.Atoi(m[2])
			response := statute.Response{Status: status, Proto: m[1], Reason: m[3]}
			target := &x.Response
			if status/100 == 1 && status != 101 {
				x.Interim = append(x.Interim, response)
				target = &x.Interim[len(x.Interim)-1]
			}
			*target = response
			fields, body = &target.Fields, &target.Body
		} else if line == "" {
			head = true
			continue
		} else {
			return nil, fmt.Errorf("line %d: %q is no message's first line", i, line)
		}
		for i < len(lines) && lines[i] != "" {
			name, value, ok := strings.Cut(lines[i], ":")
			if !ok {
				return nil, fmt.Errorf("line %d: %q is no field line", i+1, lines[i])
			}
			*fields = append(*fields, statute.Field{Name: name, Value: strings.TrimSpace(value)})
			i++
		}
		i++ // the empty line
		start := i
		for i < len(lines) && !requestLine.MatchString(lines[i]) && !statusLine.MatchString(lines[i]) && !note.MatchString(lines[i]) {
			i++
		}
		if start < i {
			content := strings.TrimRight(strings.Join(lines[start:i], "\n"), "\n")
			*body = statute.Body{Bytes: []byte(content), Size: int64(len(content))}
		}
		if fields == &x.Request.Fields {
			x.Request.Authority = x.Request.Fields.Get("Host")
		}
	}
	return all, nil
}

func annotate(x *statute.Exchange, name, value string, all []*statute.Exchange) error {
	needCase := func() *statute.Case {
		if x.Case == nil {
			x.Case = &statute.Case{Principal: statute.Full}
		}
		return x.Case
	}
	switch name {
	case "cause":
		needCase().Cause = statute.Cause(value)
	case "in":
		needCase().In = value
	case "detail":
		needCase().Detail = value
	case "principal":
		needCase().Principal = statute.Principal(value)
	case "control", "elsewhere":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n >= len(all) {
			return fmt.Errorf("%s %q is no earlier exchange of this example", name, value)
		}
		if name == "control" {
			needCase().Control = all[n-1]
		} else {
			needCase().Elsewhere = all[n-1]
		}
	case "start":
		seconds, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("start %q is no number of seconds", value)
		}
		x.Start = time.Date(2026, time.November, 21, 12, 0, seconds, 0, time.UTC)
	case "took":
		took, err := time.ParseDuration(value + "s")
		if err != nil {
			return fmt.Errorf("took %q is no number of seconds", value)
		}
		x.Took = took
	case "declared":
		x.Declared = &statute.Declared{}
		for _, word := range strings.Fields(value) {
			switch word {
			case "secured":
				x.Declared.Secured = true
			case "inherited":
				x.Declared.Secured, x.Declared.Inherited = true, true
			default:
				x.Declared.Responses = append(x.Declared.Responses, word)
			}
		}
	case "content":
		if x.Declared == nil {
			return fmt.Errorf("content %q without what is declared", value)
		}
		x.Declared.Content = func(*statute.Response) string { return strings.TrimPrefix(value, "as described") }
	case "operation":
		method, path, _ := strings.Cut(value, " ")
		x.Operation = statute.Operation{Method: method, Path: path}
	case "scheme":
		x.Request.Scheme = value
	case "unseen":
		for part := statute.Seen(1); part <= statute.SeenInterim; part <<= 1 {
			if part.String() == value {
				x.Seen &^= part
				return nil
			}
		}
		return fmt.Errorf("unseen %q: no such part", value)
	}
	return nil
}
