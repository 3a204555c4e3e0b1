package handbook

import (
	"slices"
	"strconv"
	"testing"

	"github.com/statute-http/statute"
)

// TestTree holds the tree to its form: each question is reached by one option
// alone, each option leads on or ends at a registered code, and each registered
// code is reached or left out with a reason.
func TestTree(t *testing.T) {
	tree := DecisionTree()
	reached := map[string]int{tree.Questions[0].ID: 1}
	ends := map[int]bool{}
	for _, q := range tree.Questions {
		if q.ID == "" || q.Text == "" {
			t.Errorf("%s: a question without ID or text", q.ID)
		}
		if slices.Contains([]string{"format", "help"}, q.ID) {
			t.Errorf("%s is another flag of the command", q.ID)
		}
		if n := len(q.Options); n < 2 || n > 6 {
			t.Errorf("%s: %d options, want 2 to 6", q.ID, n)
		}
		names := map[string]bool{}
		for _, o := range q.Options {
			if o.Name == "" || o.Text == "" || names[o.Name] {
				t.Errorf("%s: option %q without a text, or there twice", q.ID, o.Name)
			}
			names[o.Name] = true
			if o.Next != "" {
				if tree.Question(o.Next) == nil {
					t.Errorf("%s: %s leads to %q, which is no question", q.ID, o.Name, o.Next)
				}
				if o.Code != 0 || o.Why != "" {
					t.Errorf("%s: %s leads on and has a code or a reason", q.ID, o.Name)
				}
				reached[o.Next]++
				continue
			}
			if _, ok := statute.LookupCode(o.Code); !ok || o.Why == "" {
				t.Errorf("%s: %s ends at %d, with the reason %q", q.ID, o.Name, o.Code, o.Why)
			}
			ends[o.Code] = true
		}
	}
	seen := map[string]bool{}
	var walk func(q *Question)
	walk = func(q *Question) {
		if seen[q.ID] {
			return
		}
		seen[q.ID] = true
		for _, o := range q.Options {
			if next := tree.Question(o.Next); next != nil {
				walk(next)
			}
		}
	}
	walk(&tree.Questions[0])
	for _, q := range tree.Questions {
		if !seen[q.ID] || reached[q.ID] != 1 {
			t.Errorf("%s is reached by %d options, want one, on a way from the first question", q.ID, reached[q.ID])
		}
	}
	for c := range statute.Codes() {
		if why, out := tree.LeftOut[c.Number]; ends[c.Number] == out || out && why == "" {
			t.Errorf("%s: want it at an end of the tree or left out with a reason, not both", c)
		}
	}
	for code := range tree.LeftOut {
		if _, ok := statute.LookupCode(code); !ok {
			t.Errorf("%d is left out and not registered", code)
		}
	}
}

func TestWalk(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers map[string]string
		code    int
		next    string
		err     string
	}{
		{"nothing answered", nil, 0, "outcome", ""},
		{"on the way", map[string]string{"outcome": "failed"}, 0, "fault", ""},
		{"at the end", map[string]string{"outcome": "failed", "fault": "law"}, 451, "", ""},
		{"later answers wait", map[string]string{"outcome": "failed", "form": "syntax"}, 0, "fault", ""},
		{"no such option", map[string]string{"outcome": "lost"}, 0, "outcome", `answering outcome: there is no option "lost"`},
		{"not on this way", map[string]string{"outcome": "done", "fault": "client"}, 0, "result", "answering fault: not asked where outcome is done"},
		{"no such question", map[string]string{"colour": "red"}, 0, "outcome", "answering colour: there is no such question"},
		{"not on the way", map[string]string{"outcome": "accepted", "fault": "law"}, 202, "", "answering fault: not asked on the way to 202"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, err := DecisionTree().Walk(tt.answers)
			next := ""
			if path.Next != nil {
				next = path.Next.ID
			}
			if path.Code() != tt.code || next != tt.next {
				t.Errorf("got code %d and question %q, want %d and %q", path.Code(), next, tt.code, tt.next)
			}
			if got := errorText(err); got != tt.err {
				t.Errorf("got error %q, want %q", got, tt.err)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestScenarios holds that each scenario's code follows from its answers, and
// that each option of the tree is taken by one.
func TestScenarios(t *testing.T) {
	tree := DecisionTree()
	ids, taken := map[string]bool{}, map[string]bool{}
	topic, topics := "", map[string]bool{}
	for s := range Scenarios() {
		if s.ID == "" || ids[s.ID] {
			t.Errorf("%s: no ID, or there twice", s.ID)
		}
		ids[s.ID] = true
		if s.Topic != topic && topics[s.Topic] {
			t.Errorf("%s: %s is scattered", s.ID, s.Topic)
		}
		topic, topics[s.Topic] = s.Topic, true
		if s.Topic == "" || s.Text == "" || s.Why == "" || len(s.Not) == 0 {
			t.Errorf("%s: topic, text, why or not is missing", s.ID)
		}
		path, err := tree.Walk(s.Answers)
		if err != nil || path.Code() != s.Code {
			t.Errorf("%s: the answers lead to %d, %v; want %d", s.ID, path.Code(), err, s.Code)
		}
		for _, step := range path.Steps {
			taken[step.Question.ID+" "+step.Option.Name] = true
		}
		for code, why := range s.Not {
			if _, ok := Lookup(strconv.Itoa(code)); !ok || code == s.Code || why == "" {
				t.Errorf("%s: not %d, because %q", s.ID, code, why)
			}
		}
	}
	if len(ids) < 70 {
		t.Errorf("%d scenarios, want 70 or more", len(ids))
	}
	for i := range tree.Questions {
		for _, o := range tree.Questions[i].Options {
			if step := tree.Questions[i].ID + " " + o.Name; !taken[step] {
				t.Errorf("no scenario takes %s", step)
			}
		}
	}
}
