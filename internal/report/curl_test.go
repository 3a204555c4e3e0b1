package report

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestReplay(t *testing.T) {
	credentials := []Credential{
		{In: "header", Name: "Authorization", Shell: "Bearer $SHOP_TOKEN"},
		{In: "cookie", Name: "sid", Shell: "$SID"},
		{In: "query", Name: "key", Shell: "$(cat key.txt)"},
	}
	tests := []struct {
		name    string
		request statute.Request
		clean   statute.Fields // the request's fields without secrets, if they differ
		why     *statute.Case
		want    string
	}{
		{"get", statute.Request{Method: "GET", Target: "/a?b=1&c=2"}, nil, nil, `curl -i 'http://h:1/a?b=1&c=2'`},
		{"head", statute.Request{Method: "HEAD", Target: "/"}, nil, nil, `curl -I http://h:1/`},
		{"delete", statute.Request{Method: "DELETE", Target: "/a"}, nil, nil, `curl -i -X DELETE http://h:1/a`},
		{"odd method", statute.Request{Method: "GE'T", Target: "/a"}, nil, nil, `curl -i -X 'GE'\''T' http://h:1/a`},
		{"HTTP/2", statute.Request{Method: "GET", Target: "/a", Proto: "HTTP/2"}, nil, nil, `curl -i --http2-prior-knowledge http://h:1/a`},
		{"HTTP/3", statute.Request{Method: "GET", Target: "/a", Proto: "HTTP/3"}, nil, nil, `curl -i --http3-only http://h:1/a`},
		{"no host", statute.Request{Method: "GET", Target: "/a"}, nil, &statute.Case{Cause: statute.NoHost}, `curl -i -H Host: http://h:1/a`},
		{
			"two lengths",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Content-Length", "0", "Content-Length", "none")},
			nil, nil,
			`curl -i http://h:1/a -H 'Content-Length: 0' -H 'Content-Length: none'`,
		},
		{"dots", statute.Request{Method: "GET", Target: "/a/../b"}, nil, nil, `curl -i --path-as-is http://h:1/a/../b`},
		{"brackets", statute.Request{Method: "GET", Target: "/a[0]"}, nil, nil, `curl -i -g 'http://h:1/a[0]'`},
		{"asterisk", statute.Request{Method: "OPTIONS", Target: "*"}, nil, nil, `curl -i -X OPTIONS --request-target '*' http://h:1/`},
		{"odd target", statute.Request{Method: "GET", Target: "/\xff#"}, nil, nil, `curl -i --request-target $'/\377#' http://h:1/`},
		{
			"json",
			statute.Request{Method: "POST", Target: "/a", Fields: fields("Content-Type", "application/json", "Content-Length", "13"), Body: body(`{"a":"it's"}` + " ")},
			nil, nil,
			`curl -i http://h:1/a -H 'Content-Type: application/json' --data-raw '{"a":"it'\''s"} '`,
		},
		{
			"no media type",
			statute.Request{Method: "PUT", Target: "/a", Body: body("@x")},
			nil, nil,
			`curl -i -X PUT http://h:1/a -H Content-Type: --data-raw @x`,
		},
		{
			"odd bytes",
			statute.Request{Method: "POST", Target: "/a", Fields: fields("Content-Type", "text/plain"), Body: body("\x00%d\\'\n")},
			nil, nil,
			`printf %b '\0000%d\0134\0047\0012' | curl -i http://h:1/a -H 'Content-Type: text/plain' --data-binary @-`,
		},
		{
			"long",
			statute.Request{Method: "POST", Target: "/a", Fields: fields("Content-Type", "text/plain"), Body: body(strings.Repeat("12", 600))},
			nil, nil,
			`curl -i http://h:1/a -H 'Content-Type: text/plain' --data-raw ` + strings.Repeat("12", 600),
		},
		{
			"long rows",
			statute.Request{Method: "POST", Target: "/a?b=" + strings.Repeat("x", 20000), Fields: fields("X-A", strings.Repeat("y", 6000)), Body: body(`"` + strings.Repeat("z", 2000) + `"`)},
			nil, nil,
			`curl -i "http://h:1/a?b=$(head -c 20000 /dev/zero | tr '\0' x)" -H "X-A: $(head -c 6000 /dev/zero | tr '\0' y)" -H Content-Type: --data-raw '"'"$(head -c 2000 /dev/zero | tr '\0' z)"'"'`,
		},
		{
			"too long for an argument",
			statute.Request{Method: "POST", Target: "/a", Fields: fields("Content-Type", "text/plain"), Body: body(`{"a":"` + strings.Repeat("x", 3<<20) + "\n")},
			nil, nil,
			`{ printf %s '{"a":"'; head -c 3145728 /dev/zero | tr '\0' x; printf %b '\0012'; } | curl -i http://h:1/a -H 'Content-Type: text/plain' --data-binary @-`,
		},
		{"too long", statute.Request{Method: "POST", Target: "/a", Body: body(strings.Repeat("12", maxInline))}, nil, nil, ""},
		{"not all known", statute.Request{Method: "POST", Target: "/a", Body: statute.Body{Bytes: []byte("a"), Size: 2, Cut: true}}, nil, nil, ""},
		{"two hosts", statute.Request{Method: "GET", Target: "/a", Fields: fields("Host", "h:1", "Host", "h:1")}, nil, nil, ""},
		{
			"a browser's",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("accept", "application/json", "accept-encoding", "gzip, deflate, br, zstd", "accept-language", "de", "sec-ch-ua", "x", "Sec-Fetch-Mode", "cors", "referer", "http://h:1/", "Connection", "close", "origin", "http://o")},
			nil, nil,
			`curl -i http://h:1/a -H 'accept: application/json' --compressed -H 'origin: http://o'`,
		},
		{"no coding", statute.Request{Method: "GET", Target: "/a", Fields: fields("Accept-Encoding", "gzip;q=0")}, nil, nil, `curl -i http://h:1/a -H 'Accept-Encoding: gzip;q=0'`},
		{"empty field", statute.Request{Method: "GET", Target: "/a", Fields: fields("X-Empty", "")}, nil, nil, `curl -i http://h:1/a -H 'X-Empty;'`},
		{
			"credential",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Authorization", "Bearer s")},
			fields("Authorization", "Bearer ***"), nil,
			`curl -i http://h:1/a -H "Authorization: Bearer $SHOP_TOKEN"`,
		},
		{
			"false credential",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Authorization", "Bearer s")},
			fields("Authorization", "Bearer ***"),
			&statute.Case{Principal: statute.False},
			`curl -i http://h:1/a -H 'Authorization: Bearer false'`,
		},
		{
			"tampered token",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Authorization", "Bearer eyJh.eyJz.c2ln")},
			fields("Authorization", "Bearer ***"),
			&statute.Case{Principal: statute.False},
			`curl -i http://h:1/a -H "Authorization: Bearer $TAMPERED_TOKEN"`,
		},
		{
			"malformed credential",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Authorization", "Bearer", "X-Note", "s")},
			fields("Authorization", "***", "X-Note", "***"),
			&statute.Case{Principal: statute.False, Cause: statute.MalformedCredentials},
			`curl -i http://h:1/a -H 'Authorization: Bearer' -H 'X-Note: false'`,
		},
		{
			"another user's credential",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Authorization", "Bearer s")},
			fields("Authorization", "Bearer ***"),
			&statute.Case{Principal: statute.Other},
			`curl -i http://h:1/a -H "Authorization: Bearer $OTHER_TOKEN"`,
		},
		{
			"unknown secret",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("X-Api`Key", "s")},
			fields("X-Api`Key", "***"), nil,
			"curl -i http://h:1/a -H 'X-Api`Key: '\"$X_API_KEY\"",
		},
		{
			"cookie",
			statute.Request{Method: "GET", Target: "/a", Fields: fields("Cookie", "sid=s")},
			fields("Cookie", "***"), nil,
			`curl -i http://h:1/a -H "Cookie: sid=$SID"`,
		},
		{"query by name", statute.Request{Method: "GET", Target: "/a?token=[redacted]"}, nil, nil, `curl -i "http://h:1/a?token=$TOKEN"`},
		{"another user's query", statute.Request{Method: "GET", Target: "/a?key=[redacted]"}, nil, &statute.Case{Principal: statute.Low}, `curl -i "http://h:1/a?key=$LOW_KEY"`},
		{"malformed query", statute.Request{Method: "GET", Target: "/a?key="}, nil, &statute.Case{Principal: statute.False, Cause: statute.MalformedCredentials}, `curl -i 'http://h:1/a?key='`},
		{"false query", statute.Request{Method: "GET", Target: "/a?key=***"}, nil, &statute.Case{Principal: statute.False}, `curl -i 'http://h:1/a?key=false'`},
		{"query", statute.Request{Method: "GET", Target: "/a?key=***&b=1"}, nil, nil, `curl -i "http://h:1/a?key=$(cat key.txt)&b=1"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.request.Scheme, test.request.Authority = "http", "h:1"
			sent := &statute.Exchange{Request: test.request, Case: test.why}
			clean := *sent
			if test.clean != nil {
				clean.Request.Fields = test.clean
			}
			if diff := cmp.Diff(test.want, replay(sent, &clean, credentials)); diff != "" {
				t.Errorf("replay (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCertificate holds that a command shows a client's certificate, but nobody's.
func TestCertificate(t *testing.T) {
	alone := []Credential{{In: "tls", Alone: true}}
	for _, test := range []struct {
		who         statute.Principal
		credentials []Credential
		want        string
	}{
		{statute.Full, alone, `curl -i --cert "$CERT" --key "$KEY" https://h:1/a`},
		{statute.Other, alone, `curl -i --cert "$OTHER_CERT" --key "$OTHER_KEY" https://h:1/a`},
		{statute.Nobody, alone, `curl -i https://h:1/a`},
		{statute.Nobody, []Credential{{In: "tls"}}, `curl -i --cert "$CERT" --key "$KEY" https://h:1/a`},
	} {
		x := &statute.Exchange{
			Request: statute.Request{Method: "GET", Scheme: "https", Authority: "h:1", Target: "/a"},
			Case:    &statute.Case{Principal: test.who},
		}
		if diff := cmp.Diff(test.want, replay(x, x, test.credentials)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.who, diff)
		}
	}
}

// TestAgain holds that a proof that needs what the run made is shown again by what
// makes that anew, and so is one that curl cannot send.
func TestAgain(t *testing.T) {
	x := &statute.Exchange{
		Operation: statute.Operation{Method: "GET", Path: "/orders/{id}"},
		Request:   statute.Request{Method: "GET", Scheme: "http", Authority: "h:1", Target: "/orders/17"},
	}
	hosts, part := *x, *x
	hosts.Request.Fields = fields("Host", "h:1", "Host", "h:1")
	part.Request.Body = statute.Body{Bytes: []byte("a"), Size: 2, Cut: true}
	f := &statute.Finding{Marks: map[string]string{"GET /orders/{id}": "5f1c0a"}}
	credentials := []Credential{{In: "header", Name: "Authorization", Shell: "Bearer $TOKEN"}, {In: "query", Name: "key", Shell: "$KEY"}, {In: "cookie", Name: "sid", Shell: "$SID"}}
	tests := []struct {
		name string
		x    *statute.Exchange
		run  *Run
		want string
	}{
		{"by itself", x, &Run{}, "curl -i http://h:1/orders/17"},
		{"resting on others", x, &Run{Resting: map[*statute.Exchange]bool{x: true}}, "statute replay REPORT 5f1c0a\ncurl -i http://h:1/orders/17"},
		{"not for curl", &hosts, &Run{File: "my report.json"}, "statute replay 'my report.json' 5f1c0a"},
		{
			"with credentials", &hosts,
			&Run{Credentials: credentials},
			`statute replay REPORT 5f1c0a --auth "Authorization: Bearer $TOKEN" --auth "?key=$KEY" --auth "Cookie: sid=$SID"`,
		},
		{"not all known", &part, &Run{Resting: map[*statute.Exchange]bool{&part: true}}, ""},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, again(f, test.x, test.x, test.run)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestQuoteInShell lets a real shell read what quote and join write.
func TestQuoteInShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to read the words")
	}
	texts := []string{
		"plain", "", "two words", "it's", `a"b\c`, "$HOME `id` $(id) !!", "line\nline\ttab", "\x01\xff\x7f", "grün", "100%d\\n", "~/*?[a]{b,c}",
	}
	script, want := "v=secret; printf '%s\\0'", ""
	for _, text := range texts {
		script += " " + Quote(text) + " " + join([]part{{text: text}, {"$v", true}, {text: text}})
		want += text + "\x00" + text + "secret" + text + "\x00"
	}
	got, err := exec.Command(bash, "-c", script).Output()
	if err != nil {
		t.Fatalf("%v in %s", err, script)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("read by a shell (-want +got):\n%s", diff)
	}
	long := `a"$b'` + strings.Repeat("x", 3000) + "y\n"
	for _, script := range []string{"printf %s " + join(filled(long)), piped(filled(long))} {
		if got, err := exec.Command(bash, "-c", script).Output(); err != nil || string(got) != long {
			t.Errorf("%s: got %q, %v", script, got, err)
		}
	}
	odd := "\x00\x01%d%%\\0'\xff9"
	for _, shell := range []string{"bash", "sh"} {
		got, err := exec.Command(shell, "-c", "printf %b "+octal([]byte(odd), `\0%03o`)).Output()
		if err != nil || string(got) != odd {
			t.Errorf("%s: got %q, %v, want %q", shell, got, err, odd)
		}
	}
}

// fields returns field lines made of names and values in turn.
func fields(pairs ...string) statute.Fields {
	var out statute.Fields
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, statute.Field{Name: pairs[i], Value: pairs[i+1]})
	}
	return out
}

func body(text string) statute.Body {
	return statute.Body{Bytes: []byte(text), Size: int64(len(text))}
}
