package shop

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

// TestReadme sends the requests of the README and compares the answers.
func TestReadme(t *testing.T) {
	rows := readme(t)
	var codes []string
	for _, row := range rows {
		codes = append(codes, row.code)
		t.Run(row.code, func(t *testing.T) {
			server := serve(t, open(t, row.config()))
			var got []*statute.Response
			for _, request := range row.requests(t, server) {
				got = send(t, server, request)
			}
			if wrong := row.differs(got); wrong != "" {
				t.Error(wrong)
			}
		})
	}
	for _, code := range strings.Fields("100 101 200 201 202 204 206 301 302 303 304 307 308 " +
		"400 401 403 404 405 406 409 410 412 413 415 416 422 428 429 500 502 503 504") {
		if !slices.Contains(codes, code) {
			t.Errorf("the README has no request that is answered %s", code)
		}
	}
}

// row is a row of the README's tables.
type row struct {
	code, when, request string
	answers             []string // the codes, then fields and parts of the content
}

// readme returns the rows of the tables that have a request.
func readme(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var (
		rows    []row
		columns []string
	)
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		switch {
		case !strings.HasPrefix(line, "|"):
			columns = nil
		case columns == nil:
			columns = cells
		case slices.Contains(columns, "request") && len(cells) == len(columns):
			r := row{}
			for i, column := range columns {
				cell := strings.TrimSpace(cells[i])
				switch strings.TrimSpace(column) {
				case "code":
					r.code = cell
				case "when":
					r.when = cell
				case "request":
					r.request = strings.Trim(cell, "`")
				case "answer":
					r.answers = strings.Split(strings.Trim(cell, "`"), "` `")
				}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// config returns a shop in the state that the row is about.
func (r row) config() Config {
	switch r.code {
	case "500":
		return Config{Store: damaged{new(Memory)}}
	case "502", "503":
		return Config{Payments: "http://127.0.0.1:9", Transport: failing{&net.OpError{Op: "dial", Err: errors.New("connection refused")}}}
	case "504":
		return Config{Payments: "http://127.0.0.1:9999", Transport: failing{os.ErrDeadlineExceeded}}
	}
	return Config{}
}

// damaged is a store that has lost its items.
type damaged struct{ *Memory }

func (d damaged) Get(ctx context.Context, kind string, id int64) (Row, error) {
	if kind == "items" {
		return Row{}, errors.New("no such table: items")
	}
	return d.Memory.Get(ctx, kind, id)
}

// failing is a transport that fails.
type failing struct{ error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.error }

// differs says in what the answers, interim ones first, are not those of the row;
// "" if in nothing.
func (r row) differs(got []*statute.Response) string {
	var codes []string
	for _, response := range got {
		codes = append(codes, strconv.Itoa(response.Status))
	}
	last := got[len(got)-1]
	if all := strings.Join(codes, ", "); all != r.answers[0] {
		return fmt.Sprintf("got %s %s, want %s", all, last.Body.Bytes, r.answers[0])
	}
	field := regexp.MustCompile(`^([A-Z][A-Za-z-]+): (.*)$`)
	for _, want := range r.answers[1:] {
		if parts := field.FindStringSubmatch(want); parts != nil {
			if value := last.Fields.Get(parts[1]); value != parts[2] {
				return fmt.Sprintf("got %s: %s, want %s", parts[1], value, want)
			}
		} else if !strings.Contains(string(last.Body.Bytes), want) {
			return fmt.Sprintf("got content %s, want %s", last.Body.Bytes, want)
		}
	}
	return ""
}

// requests returns what the row's curl line sends.
func (r row) requests(t *testing.T, server *httptest.Server) []string {
	t.Helper()
	words := regexp.MustCompile(`'[^']*'|"[^"]*"|[^ ]+`).FindAllString(r.request, -1)
	method, url, content := "GET", "", ""
	fields := []string{"Host: shop.example", "Accept: */*"}
	field := func(line string) {
		name, _, _ := strings.Cut(line, ":")
		fields = slices.DeleteFunc(fields, func(other string) bool { return strings.HasPrefix(other, name+":") })
		fields = append(fields, line)
	}
	for i := 1; i < len(words); i++ { // the first is curl
		option := words[i]
		argument := func() string {
			i++
			word := words[i]
			if strings.HasPrefix(word, "'") {
				return strings.Trim(word, "'")
			}
			return os.Expand(strings.Trim(word, `"`), func(name string) string {
				if name == "SHOP" {
					return ""
				}
				return "Authorization: Bearer " + strings.ToLower(name)
			})
		}
		switch option {
		case "-i", "-iN":
		case "-X":
			method = argument()
		case "-H":
			field(argument())
		case "-r":
			field("Range: bytes=" + argument())
		case "-d", "--data-binary", "--json":
			if method == "GET" {
				method = "POST"
			}
			content = argument()
			if name, ok := strings.CutPrefix(content, "@"); ok {
				content = map[string]string{"picture.png": "x", "large.png": strings.Repeat("x", 2_000_000)}[name]
			}
			if option == "--json" {
				field("Content-Type: application/json")
				field("Accept: application/json")
			}
			field(fmt.Sprintf("Content-Length: %d", len(content)))
		default:
			i--
			url = argument()
		}
	}
	var requests []string
	for _, target := range spread(url) {
		requests = append(requests, method+" "+target+" HTTP/1.1\r\n"+strings.Join(fields, "\r\n")+"\r\n\r\n"+content)
	}
	return requests
}

// spread returns the addresses that curl makes of one with a range: [1-3].
func spread(url string) []string {
	parts := regexp.MustCompile(`^(.*)\[1-(\d+)\](.*)$`).FindStringSubmatch(url)
	if parts == nil {
		return []string{url}
	}
	most, _ := strconv.Atoi(parts[2])
	var all []string
	for n := range most {
		all = append(all, parts[1]+strconv.Itoa(n+1)+parts[3])
	}
	return all
}

// serve serves a shop in which each role's name is the token of somebody who has
// it.
func serve(t *testing.T, s *Shop) *httptest.Server {
	t.Helper()
	for _, who := range []string{"ada", "grace", "clerk", "admin"} {
		if err := s.Admit(t.Context(), who+"@shop.example", who); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

// send sends a request over a connection of its own, and its content when it is
// asked to if the request says so. It returns the final response after the
// interim ones; the content of a 101 is its first WebSocket message.
func send(t *testing.T, server *httptest.Server, request string) []*statute.Response {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	head, content, _ := strings.Cut(request, "\r\n\r\n")
	waits := strings.Contains(head, "\r\nExpect: ")
	if !waits {
		head, content = request, ""
	} else {
		head += "\r\n\r\n"
	}
	_, _ = io.WriteString(conn, head) // a server that refuses it may hang up before it has all
	method, _, _ := strings.Cut(request, " ")
	var got []*statute.Response
	for r := bufio.NewReader(conn); ; {
		response, err := statute.ReadResponse(r, method, 1<<20)
		if err != nil {
			t.Fatalf("%.80q: %v", request, err)
		}
		got = append(got, response)
		switch {
		case response.Status == 100:
			if _, err := io.WriteString(conn, content); err != nil {
				t.Fatal(err)
			}
			continue
		case response.Status == 101:
			response.Body.Bytes = message(t, r)
		}
		return got
	}
}

// message reads a text message of a WebSocket (RFC 6455, 5.2).
func message(t *testing.T, r io.Reader) []byte {
	t.Helper()
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		t.Fatal(err)
	}
	size := int(head[1])
	if size == 126 {
		if _, err := io.ReadFull(r, head[2:]); err != nil {
			t.Fatal(err)
		}
		size = int(binary.BigEndian.Uint16(head[2:]))
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r, text); err != nil {
		t.Fatal(err)
	}
	return text
}
