package handbook_test

import (
	"fmt"

	"github.com/statute-http/statute/handbook"
)

func ExampleLookup() {
	page, _ := handbook.Lookup("401-403") // two codes of 401, 403 and 404
	fmt.Println(page.Name)
	fmt.Println(page.Title)
	// Output:
	// 401-403-404
	// 401, 403 or 404?
}

func ExamplePage_Part() {
	page, _ := handbook.Lookup("304")
	fmt.Println(page.Title)
	fmt.Println(page.Part("When to use it") != "")
	// Output:
	// 304 Not Modified
	// true
}

func ExampleTree_Walk() {
	tree := handbook.DecisionTree()
	answers := map[string]string{"outcome": "failed", "fault": "client", "client": "state"}

	path, err := tree.Walk(answers)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(path.Next.Text)

	answers["state"] = "condition"
	path, err = tree.Walk(answers)
	fmt.Println(path.Code(), err)
	// Output:
	// What does not fit?
	// 412 <nil>
}

func ExampleScenarios() {
	for s := range handbook.Scenarios() {
		if s.ID == "search-without-hits" {
			fmt.Println(s.Text)
			fmt.Println(s.Code, s.Why)
			fmt.Println("not 404:", s.Not[404])
		}
	}
	// Output:
	// GET /orders?customer=99 finds no orders.
	// 200 The list is there and is empty. Send [].
	// not 404: The list exists. A client could not tell no hits from a wrong address.
}
