package respond_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/respond"
)

type paging struct {
	Limit *int `query:"limit"`
}

type everything struct {
	paging
	ID    uint8        `path:"id"`
	Name  string       `query:"name"`
	Yes   bool         `query:"yes"`
	Half  float32      `query:"half"`
	Since time.Time    `query:"since"`
	Tags  []string     `query:"tag"`
	Sizes []int8       `query:"size"`
	From  netip.Addr   `query:"from"`
	Peers []netip.Addr `query:"peer"`
}

func TestInputs(t *testing.T) {
	var got everything
	api := new(respond.API)
	mux := api.NewMux()
	mux.Handle("GET /things/{id}", respond.In(func(_ context.Context, in everything) (respond.Outcome, error) {
		got = in
		return respond.NoContent(), nil
	}))
	w := serve(t, mux)

	if x := w.send("GET /things/7?limit=3&name=%C3%BC&yes=true&half=0.5&since=2026-01-02T03:04:05Z&tag=a&tag=&size=-1&from=::1&peer=10.0.0.1", ""); x.Response.Status != 204 {
		t.Fatal(text(x))
	}
	limit := 3
	want := everything{
		paging: paging{&limit}, ID: 7, Name: "ü", Yes: true, Half: 0.5, Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Tags: []string{"a", ""}, Sizes: []int8{-1}, From: netip.MustParseAddr("::1"), Peers: []netip.Addr{netip.MustParseAddr("10.0.0.1")},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(everything{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}

	tests := []struct{ target, want string }{
		{"/things/256", "404"},
		{"/things/-1", "404"},
		{"/things/%FF", "404"},
		{"/things/7?limit=x", `400 limit: must be an integer`},
		{"/things/7?limit=", `400 limit: must be an integer`},
		{"/things/7?name=%FF", `400 name: must be UTF-8`},
		{"/things/7?name=a&name=b", `400 name: must not be repeated`},
		{"/things/7?yes=1", `400 yes: must be true or false`},
		{"/things/7?half=x", `400 half: must be a number`},
		{"/things/7?since=yesterday", `400 since: must be a date and time such as 2006-01-02T15:04:05Z`},
		{"/things/7?size=1&size=128", `400 size: must be an integer from -128 to 127`},
		{"/things/7?from=here", `400 from: has not the right form`},
		{"/things/7?yes=1&half=x", `400 yes: must be true or false, half: must be a number`},
		{"/things/+7", "404"},
		{"/things/07", "404"},
		{"/things/0x7", "404"},
		{"/things/7?limit=%2B1", `400 limit: must be an integer`},
		{"/things/7?limit=01", `400 limit: must be an integer`},
		{"/things/7?limit=-0", `400 limit: must be an integer`},
		{"/things/7?half=NaN", `400 half: must be a number`},
		{"/things/7?half=Inf", `400 half: must be a number`},
		{"/things/7?half=-Inf", `400 half: must be a number`},
		{"/things/7?half=0x1p3", `400 half: must be a number`},
		{"/things/7?half=1e999", `400 half: must be a number`},
		{"/things/7?half=1_0", `400 half: must be a number`},
		{"/things/7?half=.5", `400 half: must be a number`},
		{"/things/7?half=-1.5e-1", "204"},
		{"/things/7?limi=3&yes=1&Limit=3", `400 yes: must be true or false, Limit: is not known, limi: is not known`},
		{"/things/7?" + strings.Repeat("x", 300), "400"},
		{"/things/7?a=1;b=2", "400"},
		{"/things/7?%", "400"},
	}
	for _, test := range tests {
		x := w.send("GET "+test.target, "")
		got := strings.TrimSpace(text(x))
		got, _, _ = strings.Cut(got, "\n")
		var fields []string
		for part := range strings.SplitSeq(string(x.Response.Body.Bytes), `{"parameter":"`) {
			if name, rest, ok := strings.Cut(part, `","detail":"`); ok && !strings.Contains(name, "{") {
				detail, _, _ := strings.Cut(rest, `"`)
				fields = append(fields, name+": "+detail)
			}
		}
		if got = strings.TrimSpace(got + " " + strings.Join(fields, ", ")); got != test.want {
			t.Errorf("%s: got %s, want %s", test.target, got, test.want)
		}
	}
}

// TestInPanics holds that inputs which cannot be decoded are found when the
// program starts.
func TestInPanics(t *testing.T) {
	type inner struct{ A int }
	tests := map[string]func(){
		"no struct": func() { in[int]() },
		"some untagged": func() {
			in[struct {
				ID    int `path:"id"`
				Other int
			}]()
		},
		"struct in the path": func() {
			in[struct {
				ID inner `path:"id"`
			}]()
		},
		"slice in the path": func() {
			in[struct {
				ID []int `path:"id"`
			}]()
		},
		"duration": func() {
			in[struct {
				D time.Duration `query:"d"`
			}]()
		},
		"unexported": func() {
			in[struct {
				id int `path:"id"`
			}]()
		},
		"two fields of content": func() {
			in[struct {
				A inner `body:"json"`
				B inner `body:"json"`
			}]()
		},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func in[T any]() {
	respond.In(func(context.Context, T) (respond.Outcome, error) { return respond.NoContent(), nil })
}

type strict struct {
	A int `json:"a"`
}

func (s strict) Validate() error {
	switch s.A {
	case 1:
		return errors.New("s3cret")
	case 2:
		return respond.Conflict("taken")
	case 3:
		return respond.Parameter("page", "must be at least 1")
	}
	return nil
}

type around struct {
	Page    int    `query:"page"`
	Content strict `body:"json"`
}

func (a around) Validate() error {
	if a.Page > a.Content.A {
		return respond.Field("/a", "must not be less than page")
	}
	return nil
}

func TestValidate(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.In(func(context.Context, around) (respond.Outcome, error) {
		return respond.NoContent(), nil
	})))
	for content, want := range map[string]string{
		`{"a":0}`: `422 {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed",` +
			`"errors":[{"pointer":"/a","detail":"must not be less than page"}],"request_id":"ID"}`,
		`{"a":1}`: `422 {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","request_id":"ID"}`,
		`{"a":2}`: `409 {"title":"Conflict","status":409,"detail":"taken","request_id":"ID"}`,
		`{"a":3}`: `400 {"title":"Bad Request","status":400,"detail":"some values are not allowed",` +
			`"errors":[{"parameter":"page","detail":"must be at least 1"}],"request_id":"ID"}`,
		`{"a":4}`:                             "204",
		`{"a":` + strings.Repeat("[", 20_000): `400 {"title":"Bad Request","status":400,"detail":"the JSON is nested too deeply: see byte 10004","request_id":"ID"}`,
	} {
		got := strings.Join(strings.Fields(text(w.send("PUT /thing?page=1", content))), " ")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.20s: got +, want -:\n%s", content, diff)
		}
	}
}

type pointed struct {
	Content *strict `body:"json"`
}

// TestValidatePointer holds that content behind a pointer is validated too.
func TestValidatePointer(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.In(func(context.Context, pointed) (respond.Outcome, error) {
		return respond.NoContent(), nil
	})))
	for content, want := range map[string]int{`{"a":1}`: 422, `{"a":2}`: 409, `{"a":4}`: 204, "null": 422} {
		if got := w.send("PUT /thing", content).Response.Status; got != want {
			t.Errorf("%s: got %d, want %d", content, got, want)
		}
	}
	w = serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		var in **strict
		return respond.NoContent(), respond.Decode(r, &in)
	}), respond.Accepts("application/json")))
	if got := w.send("PUT /thing", `{"a":1}`).Response.Status; got != 422 {
		t.Errorf("decoded by hand: got %d, want 422", got)
	}
}

// TestUnknownParameters holds that an API may ignore them, and that routes
// without any are not asked.
func TestUnknownParameters(t *testing.T) {
	tolerant := &respond.API{Policy: respond.Policy{AllowUnknown: true}}
	list := respond.In(func(context.Context, paging) (respond.Outcome, error) { return respond.NoContent(), nil })
	if x := serve(t, route(tolerant, list)).send("POST /thing?limi=3", ""); x.Response.Status != 204 {
		t.Error(text(x))
	}
	if x := serve(t, route(new(respond.API), respond.In(func(context.Context, strict) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}))).send("POST /thing?limi=3", `{"a":4}`); x.Response.Status != 204 {
		t.Error(text(x))
	}
}

type deep struct {
	Name  string `json:"name"`
	Items []struct {
		Qty  int      `json:"qty"`
		Tags []string `json:"tags"`
	} `json:"items"`
	Half float64         `json:"half"`
	By   map[string]int  `json:"by"`
	More struct{ A int } `json:"more"`
}

// TestAllTypeErrors holds that every value of the wrong type is named, wherever it
// stands.
func TestAllTypeErrors(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.In(func(context.Context, deep) (respond.Outcome, error) {
		t.Error("the handler ran")
		return respond.NoContent(), nil
	})))
	tests := []struct{ content, want string }{
		{
			`{"name":1,"items":[{"qty":"x"},7,{"qty":1.5,"tags":[1,"a",{}]}],"half":"h","by":{"a":"b","c/d":[]},"more":{"b":{"c":1}},"extra":{"x":[1]}}`,
			"/name must be a string; /items/0/qty must be an integer; /items/1 must be an object; /items/2/qty must be an integer; " +
				"/items/2/tags/0 must be a string; /items/2/tags/2 must be a string; /half must be a number; " +
				"/by/a must be an integer; /by/c~1d must be an integer; /more/b is not known; /extra is not known",
		},
		{`[]`, " must be an object"},
		{`{"items":{"0":1}}`, "/items must be an array"},
	}
	for _, test := range tests {
		x := w.send("PUT /thing", test.content)
		var problem struct{ Errors []respond.FieldError }
		if err := json.Unmarshal(x.Response.Body.Bytes, &problem); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range problem.Errors {
			got = append(got, f.Pointer+" "+f.Detail)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" || x.Response.Status != 422 {
			t.Errorf("%s: got %d; got +, want -:\n%s", test.content, x.Response.Status, diff)
		}
	}
	many := `{"items":[` + strings.Repeat(`{"qty":"x"},`, 999) + `0]}`
	if n := strings.Count(text(w.send("PUT /thing", many)), "pointer"); n < 50 || n > 100 {
		t.Errorf("%d errors of a thousand are named", n)
	}
}
