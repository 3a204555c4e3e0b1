package statutetest_test

import "github.com/statute-http/statute/statutetest"

// The API is right: the test has nothing to say.
func ExampleCheck() {
	t := &printer{}
	defer t.end()

	statutetest.Check(t, newOrders().handler(), "testdata/orders.yaml",
		statutetest.As("Bearer clerk"), statutetest.AsLow("Bearer guest"))
	// Output:
}
