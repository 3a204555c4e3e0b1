package handbook

import (
	"iter"
	"slices"
	"sync"
)

// Scenario is a case to learn from: what happened, and which code is right.
type Scenario struct {
	ID      string            `json:"id"`
	Topic   string            `json:"topic"` // "creating", "validation"...
	Text    string            `json:"text"`
	Answers map[string]string `json:"answers"` // to the questions of the tree: option by question ID
	Code    int               `json:"code"`
	Why     string            `json:"why"`
	Not     map[int]string    `json:"not"` // codes that tempt, and why they are wrong
}

// Scenarios yields the scenarios, topic by topic.
func Scenarios() iter.Seq[Scenario] { return slices.Values(scenarios()) }

// scenarios reads the scenarios.
var scenarios = sync.OnceValue(func() (all []Scenario) {
	load("scenarios.yaml", &all)
	return all
})
