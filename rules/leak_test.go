package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestLeakIn(t *testing.T) {
	const (
		trace    = "a stack trace or a place in the source"
		database = "SQL or a database's message"
		language = "a message of the language or a library"
	)
	for _, test := range []struct{ content, target, body, want string }{
		{content: "java.lang.RuntimeException: boom\n\tat shop.Orders.load(Orders.scala:42)", want: trace},
		{content: `{"stack":"Error: x\n    at next (lib/router.js:12:5)"}`, want: trace},
		{content: "panic: x\n\ngoroutine 7 [running]:\nmain.main()", want: trace},
		{content: "/srv/shop/orders.go:31 +0x1b", want: trace},
		{content: "   at Shop.Orders.Get(Int32 id) in C:\\\\src\\\\Orders.cs:line 12", want: trace},
		{content: `{"detail":"Traceback (most recent call last):\n  File \"orders.py\", line 3"}`, want: trace},
		{content: "<b>Warning</b>: x in <b>/var/www/orders.php</b> on line <b>3</b>", want: trace},
		{content: "app/models/order.rb:12:in `find'", want: trace},
		{content: "thread 'main' panicked at src/main.rs:3:5", want: trace},
		{content: `{"message":"duplicate key value violates unique constraint \"orders_pkey\""}`, want: database},
		{content: `{"error":"SELECT id FROM orders WHERE id = 'x'"}`, want: database},
		{content: "ORA-00001: unique constraint violated", want: database},
		{content: "pq: relation missing", want: database},
		{content: "org.postgresql.util.PSQLException: x", want: database},
		{content: "json: cannot unmarshal object into Go value of type models.Order", want: language},
		{content: "orders.find is not a function", want: language},
		{content: "Cannot read properties of undefined (reading 'id')", want: language},
		{content: `{"message":"undefined method 'name' for nil"}`, want: language},
		{content: "System.NullReferenceException: Object reference not set to an instance of an object.", want: language},

		{content: "no such order"},
		{content: "upstream crates.rs:8080 does not answer"},
		{content: "https://shop.example/app.js:3 is not allowed"},
		{content: "sum is not a function"},
		{content: "at 12:30: FLORA-00 and faqpq: are words"},
		{content: "please select one from the list"},
		{content: "lib/router.js:12 is not in the project", target: "/files?name=lib/router.js"},
		{content: "java.lang.String is no type of ours", body: `{"type":"java.lang.String"}`},
		{content: "syntax error at or near \"WERE\"", body: `{"query":"SELECT id FROM orders WERE 1"}`},
		{content: "syntax error at or near \"WERE\"", target: "/query?q=select%20id%20from%20orders%20were"},
	} {
		r := statute.Request{Target: test.target, Body: statute.Body{Bytes: []byte(test.body)}}
		if got := leakIn([]byte(test.content), &r); got != test.want {
			t.Errorf("%s: got %q, want %q", test.content, got, test.want)
		}
	}
}
