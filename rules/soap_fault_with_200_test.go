package rules

import "testing"

func TestDueForFault(t *testing.T) {
	const open11 = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">`
	const open12 = `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope">`
	for _, tt := range []struct{ content, want string }{
		{open11 + `<s:Body><s:Fault>`, "500"},
		{"\ufeff<?xml version=\"1.0\"?>\n<!-- a > b -->" + open11 + "\n <s:Header/>\n <s:Body\n>\n <s:Fault />", "500"},
		{open11 + `<s:Header><a><s:Body><s:Fault/></s:Body></a></s:Header><s:Body/>`, ""},
		{open11 + `<s:Header><a/></s:Header><s:Body><s:Fault>`, "500"},
		{open11 + `<s:Header>Fault`, ""},
		{open11 + `<s:Body><![CDATA[<s:Fault>]]><a/>`, ""},
		{open11 + `<s:Body><a><s:Fault/></a></s:Body>`, ""},
		{open11 + `<s:Body><Fault/></s:Body>`, ""},
		{`<s:Envelope xmlns:s="https://shop.example/"><s:Body><s:Fault/>`, ""},
		{open12 + `<Body><Fault><Code><Value xmlns:e="a"> e:Sender </Value>`, "400"},
		{open12 + `<Body><Fault><Code><Value>e:Receiver</Value>`, "500"},
		{open12 + `<Body><Fault><Code>`, "500"},
		{open12 + `<Body><Fault`, ""},
		{`{"title":"Fault in the Envelope"}`, ""},
		{`Fault`, ""},
		{"", ""},
	} {
		if got := dueForFault([]byte(tt.content)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.content, got, tt.want)
		}
	}
}
