// Package statutetest holds handlers to right use of status codes in their own
// tests. A handler of any framework will do.
//
// [Judge] takes the place of httptest.NewServer: send what your test sends, and
// whatever went over the wire is judged when the test ends.
//
//	server := statutetest.Judge(t, api)
//	response, err := server.Client().Get(server.URL + "/orders/17")
//
// [Check] needs no requests of yours. It reads the API's description, makes
// requests that succeed and requests that are wrong in one thing, and judges the
// answers.
//
//	statutetest.Check(t, api, "openapi.yaml", statutetest.As("Bearer "+token))
//
// An [Endpoint] is a line of a table: success, a missing field, an invalid value,
// no credentials, and credentials that lack the right.
//
//	for _, e := range []statutetest.Endpoint{
//		{Operation: "POST /orders", Success: `{"item":"saw"}`, MissingField: "/item", Invalid: `{"item":7}`, As: clerk, Lacking: guest},
//		{Operation: "GET /orders/17", Invalid: "/orders/x", As: guest},
//	} {
//		e.Test(t, api)
//	}
//
// A failure says which rule was broken, shows the exchange, names the section of
// the standard and how to mend it. Credentials are not shown. The rules' pages
// are those of `statute explain`.
//
// All goes over connections in memory that behave as sockets do, so that tests
// may run side by side, without a network, and in the bubbles of testing/synctest.
package statutetest
