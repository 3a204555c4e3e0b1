package rules

import "testing"

func TestReadEnvelope(t *testing.T) {
	for _, test := range []struct {
		content string
		fails   bool
	}{
		{`{"success":false}`, true},
		{`{"success":"False","message":"no such order"}`, true},
		{`{"Response":"False","Error":"no such order"}`, true},
		{`{"ok":false,"error":"no_such_order"}`, true},
		{`{"errcode":40013,"errmsg":"no such app"}`, true},
		{`{"errors":{"item":["is empty"]},"message":"invalid"}`, true},
		{`{"status":false,"message":"no such order"}`, true},
		{`{"status":"failed","message":"no such order"}`, true},
		{`{"status":404,"message":"no such order"}`, true},
		{`{"error":{"code":404},"data":null}`, true},
		{`{"error":"no such or`, true},

		{`{"error":{"code":0,"message":""}}`, false},
		{`{"error":"none"}`, false},
		{`{"errors":[],"data":[]}`, false},
		{`{"errcode":0,"errmsg":"ok"}`, false},
		{`{"status":"failed"}`, false},
		{`{"status":404}`, false},
		{`{"code":200,"message":"order not found in the cache, made anew"}`, false},
		{`{"code":1,"message":"welcome"}`, false},
		{`{"id":7,"status":"error"}`, false},
		{`{"info":3,"error":7}`, false},
		{`{"error":"Fehler","ok":"Gut"}`, false},
		{`{"valid":false,"errors":["street is empty"]}`, false},
		{`{"items":[],"errors":[{"index":1}]}`, false},
		{`[{"success":false}]`, false},
		{`"error"`, false},
	} {
		e := readEnvelope(parseJSON([]byte(test.content)))
		if got := e.failed() && !e.payload; got != test.fails {
			t.Errorf("%s: fails is %v (%+v)", test.content, got, e)
		}
	}
}

func TestSegmentStarts(t *testing.T) {
	for segment, want := range map[string]bool{"check": true, "check-address": true, "checkAddress": true, "Check": true, "checkout": false, "recheck": false, "": false} {
		if got := segmentStarts(segment, []string{"check"}); got != want {
			t.Errorf("segmentStarts(%q) = %v", segment, got)
		}
	}
}
