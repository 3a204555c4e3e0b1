package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// The canaries stand for secrets. The own one is on the redactor's list, with
// characters that are escaped in one way or other; nobody has told the redactor
// of the other.
const (
	canary    = "CANARYcanary0123456789"
	ownCanary = `s3cr&t "C/n+ry" é=1`
)

// TestCards holds which numbers are those of payment cards, and that JSON with one
// stays JSON.
func TestCards(t *testing.T) {
	for text, want := range map[string]string{
		`{"pan":4111111111111111}`:               `{"pan":"[redacted]"}`,
		`[1, 378282246310005 ,2]`:                `[1, "[redacted]" ,2]`,
		`{"card":"5555 5555 5555 4444","a":1}`:   `{"card":"[redacted]","a":1}`,
		`3782-822463-10005`:                      `[redacted]`,
		`charged 4222222222222.`:                 `charged [redacted].`,
		`a=6011-1111-1111-1117&b`:                `a=[redacted]&b`,
		`{"cvv":123,"cardCvc":"987","cvc2":"1"}`: `{"cvv":"[redacted]","cardCvc":"[redacted]","cvc2":"[redacted]"}`,
		`<cvv>123</cvv>`:                         `<cvv>[redacted]</cvv>`,
		`cvv=123&securityCode=9`:                 `cvv=[redacted]&securityCode=[redacted]`,

		`{"pan":4111111111111112}`:              "", // its last digit is wrong
		`{"at":1763712000003,"ns":1763712000`:   "",
		`41111111111111111`:                     "", // no card has as many
		`0.4111111111111111`:                    "",
		`a4111111111111111`:                     "",
		`0a1b2c3d-4111-4111-8111-411111111111`:  "",
		`{"code":"cvv_missing","cvvMatch":"M"}`: "",
	} {
		if want == "" {
			want = text
		}
		if got := (&Redactor{}).Text(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestRedactCanaries puts secrets of all kinds into all places of an exchange;
// afterwards no canary may be found anywhere.
func TestRedactCanaries(t *testing.T) {
	jsonBody := func(s string) *statute.Exchange {
		return &statute.Exchange{Response: statute.Response{
			Fields: statute.Fields{{Name: "Content-Type", Value: "application/json"}},
			Body:   statute.Body{Bytes: []byte(s), Size: int64(len(s))},
		}}
	}
	field := func(name, value string) *statute.Exchange {
		return &statute.Exchange{Request: statute.Request{Fields: statute.Fields{{Name: name, Value: value}}}}
	}
	target := func(s string) *statute.Exchange { return &statute.Exchange{Request: statute.Request{Target: s}} }
	cases := map[string]*statute.Exchange{
		"Authorization":             field("authorization", "Bearer "+canary),
		"Authorization bare":        field("Authorization", canary),
		"Proxy-Authorization":       field("Proxy-Authorization", `Digest username="a", response="`+canary+`"`),
		"Cookie":                    field("Cookie", "a="+canary+"; b="+canary),
		"Cookie without name":       field("Cookie", canary),
		"Set-Cookie":                field("Set-Cookie", "id="+canary+"; Path=/; HttpOnly"),
		"Set-Cookie joined":         field("Set-Cookie", "id=1; Path=/, b="+canary),
		"Set-Cookie odd attribute":  field("Set-Cookie", "id=1; "+canary),
		"X-API-Key":                 field("x-api-key", canary),
		"subscription key":          field("Ocp-Apim-Subscription-Key", canary),
		"X-Auth-User":               field("X-Auth-User", canary),
		"X-CSRF-Token":              field("X-CSRF-Token", canary),
		"Client-Secret":             field("Client-Secret", canary),
		"X-Amz-Security-Token":      field("X-Amz-Security-Token", canary),
		"Location":                  field("Location", "https://shop.example/cb?a=b&access_token="+canary),
		"Location fragment":         field("Location", "/cb#id_token="+canary),
		"Location code":             field("Location", "/cb?code="+canary+"&state=x"),
		"Location code encoded":     field("Location", "/login?next=https%3A%2F%2Fa.example%2Fcb%3Fsig%3D"+canary+"%26b"),
		"Location userinfo":         field("Location", "https://user:"+canary+"@shop.example/"),
		"Link":                      field("Link", `</a?token=`+canary+`>; rel="next"`),
		"Referer":                   field("Referer", "https://shop.example/?api_key="+canary),
		"Refresh":                   field("Refresh", "5; url=/a?secret="+canary),
		"Content-Location":          field("Content-Location", "//u:"+canary+"@b.example/a"),
		"target password":           target("/login?user=a&password=" + canary),
		"target key":                target("/maps?key=" + canary),
		"target signature":          target("/f?X-Amz-Credential=a&X-Amz-Signature=" + canary),
		"target brackets":           target("/f?user[token]=" + canary),
		"target odd characters":     target("/f?password='a;b,<" + canary + ">&c=d"),
		"target userinfo":           target("http://u:" + canary + "@shop.example/"),
		"JSON":                      jsonBody(`{"a":{"password":"` + canary + `"}}`),
		"JSON spaced":               jsonBody("{\"accessToken\" :\n\t\"" + canary + "\"}"),
		"JSON escapes":              jsonBody(`{"secret":"a\"b\\\"` + canary + `","a":1}`),
		"JSON object":               jsonBody(`{"credentials":{"a":["]}\"",{"b":"` + canary + `"}]},"a":1}`),
		"JSON number":               jsonBody(`{"otp":424242` + `,"client_secret":` + `1, "x_token":[1,"` + canary + `"]}`),
		"JSON cut":                  jsonBody(`{"a":1,"refresh_token":"` + canary),
		"JSON cut in an escape":     jsonBody(`{"a":1,"refresh_token":"` + canary + `\`),
		"JSON object cut":           jsonBody(`{"session":{"id":"` + canary),
		"JSON broken":               jsonBody(`{"size":"5" tall","password":"` + canary + `"}`),
		"JSON bare word":            jsonBody(`{"password": ` + canary + `}`),
		"JSON in JSON":              jsonBody(`{"body":"{\"n\":\"\\\"\",\"password\":\"a\\\"` + canary + `\"}"}`),
		"JSON in JSON in JSON":      jsonBody(`["{\"a\":\"{\\\"token\\\":\\\"` + canary + `\\\"}\"}"]`),
		"JSON object in JSON":       jsonBody(`["{\"auth\":{\"a\":\"}\",\"b\":\"` + canary + `\"}}"]`),
		"JSON URL":                  jsonBody(`{"url":"https:\/\/a.example\/?a=b\u0026token\u003d` + canary + `"}`),
		"JSON URL userinfo":         jsonBody(`{"url":"https:\/\/u:` + canary + `@a.example\/"}`),
		"JSON of header fields":     jsonBody(`{"headers":{"X-Api-Key":["` + canary + `"],"Authorization":"Bearer ` + canary + `"}}`),
		"JSON of a key":             jsonBody(`{"key":"` + canary + `"}`),
		"GraphQL":                   jsonBody(`{"query":"mutation{login(user:\"a\",password: \"` + canary + `\"){id}}"}`),
		"text with a JWT":           jsonBody("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + canary + " there"),
		"text with a JWE":           jsonBody("eyJhbGciOiJSU0EifQ.a.b.c." + canary),
		"PEM":                       jsonBody("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\n\n" + canary + "\n-----END RSA PRIVATE KEY-----\n"),
		"PEM in JSON":               jsonBody(`{"k":"-----BEGIN PRIVATE KEY-----\n` + canary + `\n-----END PRIVATE KEY-----\n"}`),
		"PEM cut":                   jsonBody("-----BEGIN EC PRIVATE KEY-----\n" + canary),
		"XML":                       jsonBody("<a><ns:password type=\"t\">" + canary + "</ns:password></a>"),
		"message/http":              jsonBody("TRACE / HTTP/1.1\r\nCookie: a=" + canary + "\r\nX-Auth-Token: \"" + canary + "\"\r\n\r\n"),
		"request body":              {Request: statute.Request{Body: statute.Body{Bytes: []byte(`{"password":"` + canary + `"}`)}}},
		"interim":                   {Interim: []statute.Response{{Fields: statute.Fields{{Name: "X-Token", Value: canary}}}}},
		"trailer":                   {Response: statute.Response{Trailer: statute.Fields{{Name: "X-Token", Value: canary}}}},
		"reason":                    {Response: statute.Response{Reason: "token=" + canary}},
		"error":                     {Error: `Get "https://u:` + canary + `@a.example/?token=` + canary + `": EOF`},
		"case":                      {Case: &statute.Case{Detail: "X-API-Key: " + canary}},
		"authority":                 {Request: statute.Request{Authority: "u:" + canary + "@shop.example"}},
		"control":                   {Case: &statute.Case{Control: &statute.Exchange{Case: &statute.Case{Control: field("Cookie", "a="+canary)}}}},
		"form in a response's text": jsonBody("access_token=" + canary + "&token_type=bearer"),
		"Api-Key":                   field("Api-Key", canary),
		"X-Auth-Token":              field("X-Auth-Token", canary),
		"forwarded credentials":     field("X-Forwarded-Authorization", "Bearer "+canary),
		"webhook's signature":       field("X-Hub-Signature-256", "sha256="+canary),
		"Set-Cookie2":               field("Set-Cookie2", "id="+canary+"; Version=1"),
		"Negotiate":                 field("WWW-Authenticate", "Negotiate "+canary+"=="),
		"Location token":            field("Location", "/welcome?token="+canary),
		"Location code alone":       field("Location", "/cb?code="+canary),
		"target apikey":             target("/a?apikey=" + canary),
		"target signature alone":    target("/a?signature=" + canary),
		"JSON list of fields":       jsonBody(`{"headers":[{"name":"Authorization","value":"Bearer ` + canary + `"}]}`),
		"JSON list of pairs":        jsonBody(`[{"key": "X-Api-Key", "value": "` + canary + `"}]`),
		"JSON with a field line":    jsonBody(`{"detail":"refused: X-Api-Key: ` + canary + `","a":1}`),
		"JSON with a command":       jsonBody(`{"try":"curl -H \"X-Api-Key: ` + canary + `\" /a"}`),
		"hidden input":              jsonBody(`<input type="hidden" name="authenticity_token" value="` + canary + `">`),
		"meta":                      jsonBody(`<meta name='csrf-token' content='` + canary + `'/>`),
		"echoed credentials":        jsonBody("Invalid credentials: Bearer " + canary + " is unknown"),
		"echoed Basic":              jsonBody("<p>Basic " + canary + "==</p>"),
		"key of a service":          jsonBody("charged with sk_live_" + canary),
	}
	for _, form := range []string{"password=", "a=b&client_secret=", "grant_type=authorization_code&code=", "code_verifier=", "p%61ss=1&user%5Btoken%5D=it's ", "a=b&pass=\"'<>;, "} {
		x := jsonBody(form + canary + "&c=d")
		x.Response.Fields[0].Value = "application/x-www-form-urlencoded; charset=utf-8"
		cases["form "+form] = x
	}
	multipart := jsonBody("--b\r\nContent-Disposition: form-data; name=\"password\"\r\nContent-Type: text/plain\r\n\r\n" + canary + "\r\n--b--\r\n")
	multipart.Response.Fields[0].Value = "multipart/form-data; boundary=b"
	cases["multipart"] = multipart
	compressed := jsonBody("\x1f\x8b\xff" + canary)
	compressed.Response.Fields = append(compressed.Response.Fields, statute.Field{Name: "Content-Encoding", Value: "gzip"})
	cases["compressed"] = compressed

	// The user's own secrets, everywhere and in each form.
	quoted, _ := json.Marshal(ownCanary)
	inJSON := strings.Trim(string(quoted), `"`)
	for name, s := range map[string]string{
		"plain":        ownCanary,
		"query":        url.QueryEscape(ownCanary),
		"path":         url.PathEscape(ownCanary),
		"lower case":   strings.NewReplacer("%2F", "%2f", "%2B", "%2b").Replace(url.QueryEscape(ownCanary)),
		"JSON":         inJSON,
		"JSON slashes": strings.ReplaceAll(inJSON, "/", `\/`),
		"HTML":         html.EscapeString(ownCanary),
		"base64":       base64.StdEncoding.EncodeToString([]byte(ownCanary)),
		"base64 URL":   base64.RawURLEncoding.EncodeToString([]byte("??" + ownCanary + "??")),
		"Basic":        base64.StdEncoding.EncodeToString([]byte("user:" + ownCanary)),
		"Basic, query": url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("u:" + ownCanary))),
	} {
		cases["own, "+name] = &statute.Exchange{
			Source:    statute.Source{File: s},
			Request:   statute.Request{Method: s, Target: "/" + s, Authority: s, Fields: statute.Fields{{Name: s, Value: s}}, Body: statute.Body{Bytes: []byte(s)}},
			Interim:   []statute.Response{{Reason: s, Fields: statute.Fields{{Name: "ETag", Value: s}}}},
			Response:  statute.Response{Reason: s, Fields: statute.Fields{{Name: "Server", Value: s}}, Trailer: statute.Fields{{Name: "A", Value: s}}, Body: statute.Body{Bytes: []byte("a" + s + "b")}},
			Error:     "dialing " + s,
			Operation: statute.Operation{Path: "/" + s},
			Case:      &statute.Case{Detail: s, Control: &statute.Exchange{Error: s}, Elsewhere: &statute.Exchange{Error: s}},
		}
	}

	r := &Redactor{Secrets: []string{ownCanary}}
	forms := []string{canary, "424242"}
	for shift := range 3 {
		code := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + ownCanary))
		forms = append(forms, code[4:12])
	}
	forms = append(forms, "s3cr", "n+ry", "n%2Bry", "n%2bry")
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			before := deep(reflect.ValueOf(x))
			after := deep(reflect.ValueOf(r.Exchange(x)))
			for _, form := range forms {
				if strings.Contains(after, form) {
					t.Errorf("%q is still in\n%s", form, after)
				}
			}
			if !strings.Contains(after, redacted) {
				t.Errorf("nothing was redacted in\n%s", after)
			}
			if now := deep(reflect.ValueOf(x)); now != before {
				t.Errorf("the exchange was changed:\n%s\n%s", before, now)
			}
		})
	}
}

// deep prints a value with all that its pointers lead to.
func deep(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "nil"
		}
		return deep(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return ""
		}
		var b strings.Builder
		for i := range v.NumField() {
			fmt.Fprintf(&b, "%s: %s\n", v.Type().Field(i).Name, deep(v.Field(i)))
		}
		return b.String()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes())
		}
		var b strings.Builder
		for i := range v.Len() {
			b.WriteString(deep(v.Index(i)) + "\n")
		}
		return b.String()
	}
	return fmt.Sprintf("%+v", v)
}

// TestRedactKeeps says what must stay, byte for byte.
func TestRedactKeeps(t *testing.T) {
	const uuid = "2e1d7a3c-0000-4000-8000-0123456789ab"
	r := &Redactor{Secrets: []string{"", "7", "ab!", "hunter2hunter2"}}
	for _, tt := range []struct{ name, value, want string }{
		{"ETag", `W/"0123456789abcdef0123"`, `W/"0123456789abcdef0123"`},
		{"Idempotency-Key", uuid, uuid},
		{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="},
		{"WWW-Authenticate", `Bearer realm="shop", error="invalid_token"`, `Bearer realm="shop", error="invalid_token"`},
		{"Authorization", "Basic dTpw", "Basic [redacted]"},
		{"Authorization", "", ""},
		{"Cookie", "a=1; session=2", "a=[redacted]; session=[redacted]"},
		{
			"Set-Cookie", "session=1; Path=/; Expires=Sat, 21 Nov 2026 12:00:00 GMT; HttpOnly; SameSite=Lax",
			"session=[redacted]; Path=/; Expires=Sat, 21 Nov 2026 12:00:00 GMT; HttpOnly; SameSite=Lax",
		},
		{"Location", "/orders/17?page=2&code=DE&key=name#top", "/orders/17?page=2&code=DE&key=name#top"},
		{"Location", "/cb?code=1234&state=5", "/cb?code=[redacted]&state=5"},
		{"Location", "https://u:p@shop.example:444/a@b", "https://[redacted]@shop.example:444/a@b"},
		{"Link", `</a?token=1&b=2>; rel="next"`, `</a?token=[redacted]&b=2>; rel="next"`},
		{"Content-Length", "77", "77"},
		{"X-Count", "7", "[redacted]"},
		{"X-Grade", "(ab!)", "([redacted])"},
		{"X-Grade", "cab!", "cab!"},
		{"X-Word", "xhunter2hunter2x", "x[redacted]x"},
		{"Date", "Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 12:00:00 GMT"},
		{"Retry-After", "120", "120"},
		{"Access-Control-Allow-Credentials", "true", "true"},
		{"Access-Control-Allow-Headers", "Authorization, X-Api-Key", "Authorization, X-Api-Key"},
		{"Access-Control-Request-Headers", "authorization,x-csrf-token", "authorization,x-csrf-token"},
		{"Clear-Site-Data", `"cookies", "storage"`, `"cookies", "storage"`},
		{"Vary", "Authorization, Cookie", "Authorization, Cookie"},
		{"WWW-Authenticate", `Digest realm="a", nonce="abc", opaque="xyz", algorithm=SHA-256`, `Digest realm="a", nonce="abc", opaque="xyz", algorithm=SHA-256`},
		{"WWW-Authenticate", `Bearer authorizationUri="https://id.example/oauth2"`, `Bearer authorizationUri="https://id.example/oauth2"`},
		{"WWW-Authenticate", `Basic realm="shop: user and password"`, `Basic realm="shop: user and password"`},
		{"Signature-Input", `sig1=("@method");keyid="x"`, `sig1=("@method");keyid="x"`},
		{"X-Auth-Required", "true", "true"},
		{"Link", `</a?page_token=abc>; rel="next"`, `</a?page_token=abc>; rel="next"`},
		{"Location", "/a?code=404&max_tokens=5&author=joe&password_reset=true", "/a?code=404&max_tokens=5&author=joe&password_reset=true"},
	} {
		x := r.Exchange(&statute.Exchange{Response: statute.Response{Fields: statute.Fields{{Name: tt.name, Value: tt.value}}}})
		if got := x.Response.Fields[0]; got.Name != tt.name || got.Value != tt.want {
			t.Errorf("%s: %s becomes %s: %s, want %s", tt.name, tt.value, got.Name, got.Value, tt.want)
		}
	}
	for _, tt := range []struct{ in, want string }{
		{
			"{\n  \"id\" : 7, \"user\": \"ab!\", \"key\":\"name\", \"password\" : \"x\\\"y\" ,\"token\":null,\"csrf\":true, \"n\":1e3}\n",
			"{\n  \"id\" : 7, \"user\": \"ab!\", \"key\":\"name\", \"password\" : \"[redacted]\" ,\"token\":null,\"csrf\":true, \"n\":1e3}\n",
		},
		{`{"secret":{"a":[1,"}"]},"b":[{"pwd":12},{"pwd":""}]}`, `{"secret":"[redacted]","b":[{"pwd":"[redacted]"},{"pwd":""}]}`},
		{`{"pwd":"a\\","b":"c"}`, `{"pwd":"[redacted]","b":"c"}`},
		{`["{\"a\":1,\"pwd\":\"x\",\"otp\":12}"]`, `["{\"a\":1,\"pwd\":\"[redacted]\",\"otp\":\"[redacted]\"}"]`},
		{`{"detail":"the token has expired: sign in again, see https://shop.example/help?topic=tokens"}`, `{"detail":"the token has expired: sign in again, see https://shop.example/help?topic=tokens"}`},
		{`{"title":"password: at least 8 characters","max_tokens":12}`, `{"title":"password: at least 8 characters","max_tokens":12}`},
		{"<a><b>c</b><password>d</password></a>", "<a><b>c</b><password>[redacted]</password></a>"},
		{`{"detail":"the field X-Api-Key: is missing","a":1}`, `{"detail":"the field X-Api-Key: [redacted]","a":1}`},
		{`{"try":"curl -H \"X-Api-Key: k\" /a","b":2}`, `{"try":"curl -H \"X-Api-Key: [redacted]\" /a","b":2}`},
		{`{"detail":"it's X-Auth-Token: a","next_page_token":"abc","nextPageToken":"abc"}`, `{"detail":"it's X-Auth-Token: [redacted]","next_page_token":"abc","nextPageToken":"abc"}`},
		{"Bearer authentication is needed; Basic credentials are not taken", "Bearer authentication is needed; Basic credentials are not taken"},
		{`{"id":"task-2e1d7a3c-0000-4000-8000-0123456789ab"}`, `{"id":"task-2e1d7a3c-0000-4000-8000-0123456789ab"}`},
		{`<input name="token" value="a"><input name="item" value="b">`, `<input name="token" value="[redacted]"><input name="item" value="b">`},
		{"\x00\xff\xfebinary\x80", "\x00\xff\xfebinary\x80"},
	} {
		x := &statute.Exchange{Response: statute.Response{Body: statute.Body{Bytes: []byte(tt.in), Size: 99, Cut: true}}}
		got := r.Exchange(x).Response.Body
		if diff := cmp.Diff(statute.Body{Bytes: []byte(tt.want), Size: 99, Cut: true}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
		if json.Valid([]byte(tt.in)) && !json.Valid(got.Bytes) {
			t.Errorf("%s becomes %s: no JSON", tt.in, got.Bytes)
		}
		x.Response.Body = got
		if diff := cmp.Diff(got, r.Exchange(x).Response.Body); diff != "" {
			t.Errorf("%s, redacted again (-once +twice):\n%s", tt.in, diff)
		}
	}
}

func TestRedactText(t *testing.T) {
	r := &Redactor{Secrets: []string{"Bearer tok-17"}}
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{
			`curl -i -H 'Authorization: Bearer abc' -H "X-API-Key: k e y" -u u 'https://u:p@shop.example/?token=1&a=b' -d '{"password":"x"}'`,
			`curl -i -H 'Authorization: Bearer [redacted]' -H "X-API-Key: [redacted]" -u u 'https://[redacted]@shop.example/?token=[redacted]&a=b' -d '{"password":"[redacted]"}'`,
		},
		{"reading token: unexpected EOF", "reading token: unexpected EOF"},
		{"the server echoes tok-17", "the server echoes [redacted]"},
		{`GET /a?sig=b HTTP/1.1`, `GET /a?sig=[redacted] HTTP/1.1`},
		{`password="a b" user="c"`, `password="[redacted]" user="c"`},
	} {
		if got := r.Text(tt.in); got != tt.want {
			t.Errorf("Text(%s)\n got %s\nwant %s", tt.in, got, tt.want)
		}
		if got := (&Redactor{Secrets: []string{"x"}}).Text(tt.want); strings.Count(got, redacted) < strings.Count(tt.want, redacted) {
			t.Errorf("Text(%s) = %s", tt.want, got)
		}
	}
}

// FuzzRedact sees that no text makes the redactor panic, and that JSON stays
// JSON of the same shape but for what is redacted.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		`{"a":{"password":"b\"c"},"d":[1,null]}`, `{"token":`, `{"token":"\`, `["{\"token\":\"a\"}"]`, `a=b&token=c`, `"token":}`,
		"-----BEGIN PRIVATE KEY-----a", `eyJhbGciOiJIUzI1NiJ9.a.b`, `//a:b@c`, `X-Token: a`, `<token>a</token>`, `{"key": 12345678901234567890}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := &Redactor{Secrets: []string{"abcd", "e"}}
		r.Text(s)
		got := r.Exchange(&statute.Exchange{Response: statute.Response{Body: statute.Body{Bytes: []byte(s)}}}).Response.Body.Bytes
		var before any
		if !strings.Contains(s, "BEGIN") && !strings.Contains(s, "\\") && json.Unmarshal([]byte(s), &before) == nil && !json.Valid(got) {
			t.Errorf("%s becomes %s", s, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	body := []byte(`[` + strings.Repeat(`{"id":17,"item":"saw","url":"https://shop.example/orders/17?a=b","at":"2026-11-21T12:00:00Z"},`, 100) + `{"token":"a"}]`)
	x := &statute.Exchange{Response: statute.Response{Fields: statute.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: statute.Body{Bytes: body, Size: int64(len(body))}}}
	r := &Redactor{Secrets: []string{"hunter2hunter2"}}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		r.Exchange(x)
	}
}

// TestRedactBasic sees that user and password of Basic credentials are found
// where a server echoes them decoded.
func TestRedactBasic(t *testing.T) {
	r := &Redactor{Secrets: []string{"Basic " + base64.StdEncoding.EncodeToString([]byte("bob:hunter2xyz"))}}
	for _, text := range []string{"no user bob:hunter2xyz here", "wrong password hunter2xyz"} {
		if got := r.Text(text); strings.Contains(got, "hunter2xyz") {
			t.Errorf("%q stays", got)
		}
	}
}

// TestLearn holds that a secret is taken out from the moment it is known.
func TestLearn(t *testing.T) {
	r := &Redactor{Secrets: []string{"hunter2hunter2"}}
	const text = "hunter2hunter2 and 4f9c-gained"
	if got, want := r.Text(text), redacted+" and 4f9c-gained"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Learn("4f9c-gained")
	if got, want := r.Text(text), redacted+" and "+redacted; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
