package check

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/wire"
)

// told returns an exchange as a report tells it.
func told(entry int, method, target, body string, status int, answer string) *statute.Exchange {
	x := &statute.Exchange{
		Source:    statute.Source{Entry: entry},
		Operation: statute.Operation{Method: method, Path: target},
		Request:   statute.Request{Method: method, Target: target, Authority: "old.example", Scheme: "http", Proto: "HTTP/1.1", Fields: statute.Fields{{Name: "Host", Value: "old.example"}}},
		Response:  statute.Response{Status: status, Body: statute.Body{Bytes: []byte(answer)}},
		Case:      &statute.Case{Cause: statute.Valid, Principal: statute.Full},
	}
	if body != "" {
		x.Request.Fields = append(x.Request.Fields, statute.Field{Name: "Content-Type", Value: "application/json"}, statute.Field{Name: "Content-Length", Value: "0"})
		x.Request.Body = statute.Body{Bytes: []byte(body), Size: int64(len(body))}
	}
	return x
}

// replayed replays one scene and returns all requests but safe ones, and what
// became of the scene.
func replayed(t *testing.T, c Config, made []Made, scene []*statute.Exchange, handler http.HandlerFunc) ([]string, Played, *Result) {
	t.Helper()
	var log []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !statute.SafeMethod(r.Method) {
			content, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(content))
			log = append(log, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+string(content)))
		}
		handler(w, r)
	}))
	defer server.Close()
	c.Base, _ = url.Parse(server.URL)
	c.Timeout = 2 * time.Second
	var became Played
	result, err := Replay(context.Background(), c, made, []Scene{{scene, scene[len(scene)-1]}}, func(_ int, p Played) { became = p })
	if err != nil {
		t.Fatal(err)
	}
	return log, became, result
}

// TestReplayOwn holds that a replay makes anew what a scene is about, puts its
// ids, words and validators into the requests, and deletes it.
func TestReplayOwn(t *testing.T) {
	customer := told(0, "POST", "/customers", `{"name":"statuteabcd001"}`, 201, `{"id":3}`)
	order := told(1, "POST", "/orders", `{"customer_id":3,"qty":3}`, 201, `{"no":"x","id":"o-7"}`)
	read := told(2, "GET", "/orders/o-7.json?customer=3", "", 200, `{}`)
	read.Response.Fields = statute.Fields{{Name: "ETag", Value: `"old"`}}
	change := told(3, "PUT", "/orders/o-7/note.json", `{"order":"o-7","id":"o-7","qty":2}`, 204, "")
	change.Request.Fields = append(change.Request.Fields, statute.Field{Name: "If-Match", Value: `"old"`})
	change.Case.Control = read
	made := []Made{{Path: "/customers/3", By: customer, Deleted: true}, {Path: "/orders/o-7.json", By: order, Deleted: true}}

	var asked, match string
	log, became, result := replayed(t, Config{Write: true}, made, []*statute.Exchange{read, change}, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "POST /customers":
			w.WriteHeader(201)
			io.WriteString(w, `{"id":12}`)
		case "POST /orders":
			w.WriteHeader(201)
			io.WriteString(w, `{"id":"o-20","no":"x"}`)
		case "GET /orders/o-20.json":
			asked = r.RequestURI
			w.Header().Set("ETag", `"new"`)
		case "PUT /orders/o-20/note.json":
			match = r.Header.Get("If-Match")
			w.WriteHeader(204)
		case "DELETE /orders/o-20.json", "DELETE /customers/12":
			w.WriteHeader(204)
		case "GET /orders", "GET /customers":
			io.WriteString(w, `[]`)
		default:
			w.WriteHeader(404)
		}
	})
	if became.Why != "" || len(result.Leftover) > 0 {
		t.Errorf("why %q, left over %v", became.Why, result.Leftover)
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(log[0], `POST /customers {"name":"`), `"`)
	if len(word) != len("statuteabcd001") || word == "statuteabcd001" {
		t.Errorf("the word is %q, want a fresh one of the same length", word)
	}
	want := []string{
		fmt.Sprintf(`POST /customers {"name":"%s"}`, word),
		`POST /orders {"customer_id":12,"qty":3}`,
		`PUT /orders/o-20/note.json {"id":"o-20","order":"o-20","qty":2}`,
		"DELETE /orders/o-20.json",
		"DELETE /customers/12",
	}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if asked != "/orders/o-20.json?customer=12" || match != `"new"` {
		t.Errorf("read %s and changed what matches %s", asked, match)
	}
	if last := became.Exchanges[len(became.Exchanges)-1]; last.Case.Control == nil || last.Case.Control.Request.Target != asked {
		t.Errorf("the control of the change is %v, want the new read", last.Case.Control)
	}
}

// TestReplayStrangers holds that a replay writes to nothing that it did not
// make, whatever the report or the answers say.
func TestReplayStrangers(t *testing.T) {
	order := told(0, "POST", "/orders", `{}`, 201, `{"id":7}`)
	located := told(0, "POST", "/orders", `{}`, 201, ``)
	located.Response.Fields = statute.Fields{{Name: "Location", Value: "/orders/7"}}
	ours := []Made{{Path: "/orders/7", By: order, Deleted: true}}
	tests := []struct {
		name  string
		safe  bool
		made  []Made
		scene []*statute.Exchange
		want  []string
		why   string
	}{
		{"a thing that was there", false, nil, []*statute.Exchange{told(4, "DELETE", "/orders/1", "", 204, "")}, nil, "would act on what this replay did not make"},
		{"an action on it", false, nil, []*statute.Exchange{told(4, "POST", "/orders/1/cancel", "", 204, "")}, nil, "would act on what this replay did not make"},
		{"nothing", false, nil, []*statute.Exchange{told(4, "DELETE", "/orders/999", "", 404, "")}, []string{"DELETE /orders/999"}, ""},
		{"a create that finds what is there", false, ours, []*statute.Exchange{told(4, "PUT", "/orders/7", `{}`, 204, "")}, []string{"POST /orders {}"}, "does not tell where the new thing is"},
		{"a Location of what is there", false, []Made{{Path: "/orders/7", By: located, Deleted: true}}, []*statute.Exchange{told(4, "PUT", "/orders/7", `{}`, 204, "")}, []string{"POST /orders {}"}, "does not tell where the new thing is"},
		{"nothing is to be written", true, ours, []*statute.Exchange{told(4, "GET", "/orders/7", "", 200, "")}, nil, "--write sends it"},
		{"an action of a dangerous name", false, nil, []*statute.Exchange{told(4, "POST", "/shutdown", "", 404, "")}, nil, "its name speaks of shutdown"},
		{"a step up the path", false, ours, []*statute.Exchange{told(4, "DELETE", "/orders/999/../1", "", 204, "")}, nil, "leads out of its place"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, became, _ := replayed(t, Config{Write: !test.safe}, test.made, test.scene, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == "POST":
					w.Header().Set("Location", "/orders/1")
					w.WriteHeader(201)
					io.WriteString(w, `{"id":1}`)
				case r.URL.Path == "/orders":
					io.WriteString(w, `[{"id":1}]`)
				case r.URL.Path == "/orders/999", r.URL.Path == "/shutdown":
					w.WriteHeader(404)
				}
			})
			if diff := cmp.Diff(test.want, log); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if !strings.Contains(became.Why, test.why) || (became.Why == "") != (test.why == "") {
				t.Errorf("why is %q, want %q", became.Why, test.why)
			}
		})
	}
}

// TestReplayLogIn holds that nobody logs in anew where a 401 refuses what the read
// before it shows to be accepted: both go with the same credentials.
func TestReplayLogIn(t *testing.T) {
	read := told(1, "GET", "/orders", "", 200, `[]`)
	write := told(2, "POST", "/orders", `{}`, 401, ``)
	for _, x := range []*statute.Exchange{read, write} {
		x.Request.Fields = append(x.Request.Fields, statute.Field{Name: "Authorization", Value: "Bearer [redacted]"})
		x.Case = &statute.Case{Cause: statute.Permitted, Principal: statute.Low}
	}
	write.Case.Elsewhere = read
	made := []Made{{Path: "/orders/7", By: told(0, "POST", "/orders", `{}`, 201, `{"id":7}`), Deleted: true}}
	tokens := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/login":
			tokens++
			fmt.Fprintf(w, `{"token":"t%d"}`, tokens)
		case r.Method == "POST":
			w.WriteHeader(401)
		default:
			io.WriteString(w, `[]`)
		}
	}))
	defer server.Close()
	c := Config{Base: address(t, server), Write: true}
	c.Low.Login = loginAt(c.Base, `{}`)
	var sent []string
	_, err := Replay(context.Background(), c, made, []Scene{{[]*statute.Exchange{read, write}, write}}, func(_ int, p Played) {
		for _, x := range p.Exchanges {
			if x.Case.Principal == statute.Low {
				sent = append(sent, x.Request.Method+" "+x.Request.Fields.Get("Authorization"))
			}
		}
	})
	if diff := cmp.Diff([]string{"GET Bearer t1", "POST Bearer t1"}, sent); err != nil || diff != "" {
		t.Errorf("error %v; requests (-want +got):\n%s", err, diff)
	}
}

// TestReplayDeletes holds that what a replay made is deleted, though the earlier run
// could not delete it.
func TestReplayDeletes(t *testing.T) {
	order := told(0, "POST", "/orders", `{}`, 201, `{"id":7}`)
	read := told(1, "GET", "/orders/7", "", 200, `{"id":7}`)
	log, became, result := replayed(t, Config{Write: true}, []Made{{Path: "/orders/7", By: order}}, []*statute.Exchange{order, read}, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case "POST":
			w.WriteHeader(201)
			io.WriteString(w, `{"id":8}`)
		case "DELETE":
			w.WriteHeader(204)
		default:
			io.WriteString(w, `[]`)
		}
	})
	if diff := cmp.Diff([]string{"POST /orders {}", "DELETE /orders/8"}, log); diff != "" || became.Why != "" || len(result.Leftover) > 0 {
		t.Errorf("why %q, left over %v; requests (-want +got):\n%s", became.Why, result.Leftover, diff)
	}
}

// TestReplayNamed holds that what no path leads to is made anew, asked for by its
// new name, and deleted as the earlier run did; else that nothing can be told.
func TestReplayNamed(t *testing.T) {
	end := func(method, target, body string) *statute.Exchange { return told(9, method, target, body, 200, `{}`) }
	chosen := func(scene string) ([]Made, *statute.Exchange) {
		by := told(0, "GET", "/createPad?padID=statuteabcd001", "", 200, `{"code":0}`)
		return []Made{{Name: "statuteabcd001", By: by, Deleted: true, End: end("GET", "/deletePad?padID=statuteabcd001", "")}}, told(4, "GET", scene, "", 500, "")
	}
	given := func(scene *statute.Exchange) ([]Made, *statute.Exchange) {
		by := told(0, "POST", "/createAuthor", "", 200, `{"code":0,"data":{"authorID":"a.old"}}`)
		return []Made{{Name: "a.old", By: by, Deleted: true, End: end("POST", "/deleteAuthor", `{"authorID":"a.old"}`)}}, scene
	}
	tests := []struct {
		name   string
		scene  func() ([]Made, *statute.Exchange)
		author string // that the server gives
		failed bool   // creates fail, and say so in their content
		want   []string
		why    string
	}{
		{"by the client", func() ([]Made, *statute.Exchange) { return chosen("/pad?padID=statuteabcd001") }, "", false, []string{"/createPad?padID=NEW", "/pad?padID=NEW", "/deletePad?padID=NEW"}, ""},
		{"inside another name", func() ([]Made, *statute.Exchange) { return chosen("/pad?path=x-statuteabcd001.txt") }, "", false, []string{"/createPad?padID=NEW", "/pad?path=x-NEW.txt", "/deletePad?padID=NEW"}, ""},
		{"not made again", func() ([]Made, *statute.Exchange) { return chosen("/pad?padID=statuteabcd001") }, "", true, []string{"/createPad?padID=NEW"}, "says that it failed"},
		{"by the server", func() ([]Made, *statute.Exchange) { return given(told(4, "GET", "/pads?authorID=a.old", "", 500, "")) }, "a.new", false, []string{"/createAuthor", "/pads?authorID=a.new", `/deleteAuthor {"authorID":"a.new"}`}, ""},
		{"in content", func() ([]Made, *statute.Exchange) {
			return given(told(4, "POST", "/pads", `{"authorID":"a.old"}`, 500, ""))
		}, "a.new", false, []string{"/createAuthor", `/pads {"authorID":"a.new"}`, `/deleteAuthor {"authorID":"a.new"}`}, ""},
		{"that was there", func() ([]Made, *statute.Exchange) { return given(told(4, "GET", "/pads?authorID=a.old", "", 500, "")) }, "a.old", false, []string{"/createAuthor"}, "does not tell how to ask for the new thing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			made, scene := test.scene()
			var log []string
			failed := func(x *statute.Exchange) bool { return strings.Contains(string(x.Response.Body.Bytes), `"code":1`) }
			_, became, _ := replayed(t, Config{Write: true, Failed: failed}, made, []*statute.Exchange{scene}, func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(r.Body)
				log = append(log, strings.TrimSpace(freshWord.ReplaceAllString(r.RequestURI+" "+string(content), "NEW")))
				code := 0
				if test.failed {
					code = 1
				}
				fmt.Fprintf(w, `{"code":%d,"data":{"authorID":%q}}`, code, test.author)
			})
			if diff := cmp.Diff(test.want, log); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if !strings.Contains(became.Why, test.why) || (became.Why == "") != (test.why == "") {
				t.Errorf("why is %q, want %q", became.Why, test.why)
			}
		})
	}
}

// TestReplayKeepsTheWire holds that a request goes again in the framing and the
// version in which it went.
func TestReplayKeepsTheWire(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	again := func(x *statute.Exchange) *statute.Exchange {
		t.Helper()
		x.Request.Method, x.Request.Scheme, x.Request.Authority, x.Request.Target = "GET", base.Scheme, base.Host, "/orders"
		x.Request.Fields = append(statute.Fields{{Name: "Host", Value: base.Host}}, x.Request.Fields...)
		var shown *statute.Exchange
		config := Config{Base: base, Write: true, Timeout: 5 * time.Second}
		_, err := Replay(t.Context(), config, nil, []Scene{{[]*statute.Exchange{x}, x}}, func(_ int, p Played) { shown = p.Shown })
		if err != nil || shown == nil {
			t.Fatalf("got %v, %v", shown, err)
		}
		return shown
	}
	got := again(&statute.Exchange{Request: statute.Request{Proto: wire.HTTP2}, Response: statute.Response{Status: 404}})
	if string(got.Response.Body.Bytes) != "HTTP/2.0" {
		t.Errorf("got %q, %s", got.Response.Body.Bytes, got.Error)
	}
	twice := statute.Fields{{Name: "Content-Length", Value: "0"}, {Name: "Content-Length", Value: "none"}}
	got = again(&statute.Exchange{
		Request: statute.Request{Fields: twice}, Response: statute.Response{Status: 200}, Case: &statute.Case{Cause: statute.BadFraming},
	})
	if diff := cmp.Diff([]string{"0", "none"}, slices.Collect(got.Request.Fields.Values("Content-Length"))); diff != "" {
		t.Error(diff)
	}
}
