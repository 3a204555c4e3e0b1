package handbook

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Tree is the decision tree: questions that a developer can answer without
// knowing codes. Each question is reached by one option alone.
type Tree struct {
	Questions []Question     `json:"questions"`                // the first is asked first
	LeftOut   map[int]string `json:"left_out" yaml:"left_out"` // registered codes that no API chooses, and why
}

// Question is a question of the tree.
type Question struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Help    string   `json:"help,omitempty"` // what to consider; may be empty
	Options []Option `json:"options"`
}

// Option is an answer to a question. It leads to another question or ends at a
// code.
type Option struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Next string `json:"next,omitempty"` // a question's ID; "" at the end
	Code int    `json:"code,omitempty"` // 0 if there is a question to follow
	Why  string `json:"why,omitempty"`  // why it is that code, and what that means
}

// Path is a way through the tree.
type Path struct {
	Steps []Step
	Next  *Question // what is to be answered next; nil at the end
}

// Step is a question and the option that was taken.
type Step struct {
	Question *Question
	Option   *Option
}

// Code returns the code at the end of the path; 0 if it is not at an end.
func (p Path) Code() int {
	if p.Next != nil || len(p.Steps) == 0 {
		return 0
	}
	return p.Steps[len(p.Steps)-1].Option.Code
}

// DecisionTree returns the tree. It is shared and must not be changed.
func DecisionTree() *Tree { return tree() }

// tree reads the tree.
var tree = sync.OnceValue(func() *Tree {
	t := &Tree{}
	load("tree.yaml", t)
	return t
})

// load reads an embedded file. It panics if that is broken, which tests rule
// out.
func load(name string, into any) {
	text, err := files.ReadFile(name)
	if err == nil {
		err = yaml.Load(text, into, yaml.WithKnownFields())
	}
	if err != nil {
		panic(fmt.Sprintf("reading %s: %v", name, err))
	}
}

// Question returns the question with that ID, nil if there is none.
func (t *Tree) Question(id string) *Question {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return &t.Questions[i]
}

// Option returns the option of that name, nil if there is none.
func (q *Question) Option(name string) *Option {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return nil
	}
	return &q.Options[i]
}

// Walk follows answers, option by question ID, from the first question on, as
// far as they lead. An answer that is no option of its question is an error, and
// so is one to a question that this way does not come to.
func (t *Tree) Walk(answers map[string]string) (Path, error) {
	var path Path
	for q := &t.Questions[0]; q != nil; {
		answer, ok := answers[q.ID]
		if !ok {
			path.Next = q
			break
		}
		option := q.Option(answer)
		if option == nil {
			path.Next = q
			return path, fmt.Errorf("answering %s: there is no option %q", q.ID, answer)
		}
		path.Steps = append(path.Steps, Step{q, option})
		q = t.Question(option.Next)
	}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		asked := slices.ContainsFunc(path.Steps, func(s Step) bool { return s.Question.ID == id })
		switch {
		case asked || path.Next != nil && t.leads(path.Next, id):
		case path.Next == nil:
			return path, fmt.Errorf("answering %s: not asked on the way to %d", id, path.Code())
		case len(path.Steps) > 0:
			last := path.Steps[len(path.Steps)-1]
			return path, fmt.Errorf("answering %s: not asked where %s is %s", id, last.Question.ID, last.Option.Name)
		default:
			return path, fmt.Errorf("answering %s: there is no such question", id)
		}
	}
	return path, nil
}

// leads reports whether a way from a question on comes to the one with that ID.
func (t *Tree) leads(from *Question, id string) bool {
	return from.ID == id || slices.ContainsFunc(from.Options, func(o Option) bool {
		next := t.Question(o.Next)
		return next != nil && t.leads(next, id)
	})
}
