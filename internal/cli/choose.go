package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/handbook"
	"github.com/statute-http/statute/internal/report"
)

// choose returns the command that walks the decision tree.
func (a *app) choose() *cobra.Command {
	tree := handbook.DecisionTree()
	format := "text"
	cmd := &cobra.Command{
		Use:   "choose",
		Short: `Find the right code, from "what happened?" on`,
		Long: `Walks the decision tree from "what happened?" to the one right code, question by
question. On a terminal it asks; b goes back and q ends it. Each question is a flag
too: answers that lead to an end print the code, others the next question with the
commands that answer it. The flags stand in the order of the questions, each with
the answer after which it is asked; that one is implied and need not be given.`,
		Example: `  statute choose
  statute choose --fault client
  statute choose --outcome accepted --format json`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&format, "format", format, "`format` of the result: text, json")
	answers := map[string]string{}
	for i := range tree.Questions {
		q := &tree.Questions[i]
		text := q.Text
		if before, answer := leadsTo(tree, q.ID); before != "" {
			text += fmt.Sprintf(" (after --%s %s)", before, answer)
		}
		f.Var(answer{q, answers}, q.ID, text)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		imply(tree, answers)
		path, err := tree.Walk(answers)
		if err != nil {
			return hint(err, "%s", commandTo(path))
		}
		switch {
		case format == "json":
			return writeChoiceJSON(a.stdout, path)
		case format != "text":
			return hint(fmt.Errorf("--format %s: there are text, json", format), "%s --format json", commandTo(path))
		}
		if path.Next != nil && isTerminal(cmd.InOrStdin()) && isTerminal(cmd.ErrOrStderr()) {
			path, err = ask(tree, answers, cmd.InOrStdin(), cmd.ErrOrStderr())
			if err != nil || path.Next != nil { // the user has had enough
				return err
			}
		}
		_, err = io.WriteString(a.stdout, choiceText(path, screen(a.stdout)))
		return err
	}
	return cmd
}

// imply answers the open questions on the way to those answered, where there is one
// way alone.
func imply(tree *handbook.Tree, answers map[string]string) {
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		for {
			before, answer := leadsTo(tree, id)
			if before == "" || answers[before] != "" {
				break
			}
			answers[before] = answer
			id = before
		}
	}
}

// leadsTo returns the one question, and its one answer, after which another is
// asked; "" if there is none or more than one.
func leadsTo(tree *handbook.Tree, id string) (question, answer string) {
	for i := range tree.Questions {
		q := &tree.Questions[i]
		for _, o := range q.Options {
			switch {
			case o.Next != id:
			case question != "":
				return "", ""
			default:
				question, answer = q.ID, o.Name
			}
		}
	}
	return question, answer
}

// answer is the flag that answers a question.
type answer struct {
	question *handbook.Question
	answers  map[string]string // option by question ID
}

// Set takes the name of an option.
func (a answer) Set(name string) error {
	if a.question.Option(name) == nil {
		return fmt.Errorf("there are %s", a.options(", "))
	}
	a.answers[a.question.ID] = name
	return nil
}

// String returns the answer, "" if there is none.
func (a answer) String() string { return a.answers[a.question.ID] }

// Type lists the options, as help shows them.
func (a answer) Type() string { return a.options("|") }

func (a answer) options(between string) string {
	var names []string
	for _, o := range a.question.Options {
		names = append(names, o.Name)
	}
	return strings.Join(names, between)
}

// isTerminal reports whether a reader or writer is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// commandTo returns the command that gives the answers of a path.
func commandTo(path handbook.Path) string {
	command := "statute choose"
	for _, s := range path.Steps {
		command += " --" + s.Question.ID + " " + s.Option.Name
	}
	return command
}

// ask asks what is not answered yet. It returns the path as far as the user
// went: not to an end if the user quits or the input ends.
func ask(tree *handbook.Tree, answers map[string]string, in io.Reader, out io.Writer) (handbook.Path, error) {
	lines := bufio.NewScanner(in)
	for {
		path, err := tree.Walk(answers)
		if err != nil || path.Next == nil {
			return path, err
		}
		q := path.Next
		fmt.Fprintf(out, "%s\n", questionText(q))
		for i, o := range q.Options {
			fmt.Fprintf(out, "  %d  %s\n", i+1, o.Text)
		}
		fmt.Fprintf(out, "\n1 to %d, b to go back, q to quit: ", len(q.Options))
		if !lines.Scan() {
			fmt.Fprintln(out)
			return path, lines.Err()
		}
		switch answer := strings.ToLower(strings.TrimSpace(lines.Text())); answer {
		case "q":
			return path, nil
		case "b":
			if n := len(path.Steps); n > 0 {
				delete(answers, path.Steps[n-1].Question.ID)
			} else {
				fmt.Fprintln(out, "This is the first question.")
			}
		default:
			o := q.Option(answer)
			if n, err := strconv.Atoi(answer); err == nil && 1 <= n && n <= len(q.Options) {
				o = &q.Options[n-1]
			}
			if o == nil {
				fmt.Fprintf(out, "There is no answer %q.\n", answer)
			} else {
				answers[q.ID] = o.Name
			}
		}
		fmt.Fprintln(out)
	}
}

// questionText returns a question and what to consider.
func questionText(q *handbook.Question) string {
	text := q.Text + "\n"
	if q.Help != "" {
		text += wrap(q.Help, "") + "\n"
	}
	return text
}

// choiceText says what a path leads to: the code with all that belongs to it, or
// the next question with the commands that answer it.
func choiceText(path handbook.Path, on report.Screen) string {
	var b strings.Builder
	if q := path.Next; q != nil {
		b.WriteString(questionText(q))
		for _, o := range q.Options {
			fmt.Fprintf(&b, "\n  %s --%s %s\n%s\n", commandTo(path), q.ID, o.Name, wrap(o.Text, "      "))
		}
		return b.String()
	}
	code, p := chosen(path)
	fmt.Fprintf(&b, "# %s  (%s)\n\n%s\n", code, code.Cite, wrap(path.Steps[len(path.Steps)-1].Option.Why, ""))
	for _, heading := range []string{"What comes with it", "In HTTP"} {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", heading, p.Part(heading))
	}
	fmt.Fprintf(&b, "\nmore   statute explain %d\nagain  %s\n", code.Number, commandTo(path))
	return page(b.String(), on)
}

// chosen returns the code at the end of a path and its page. Tests hold that
// both are there.
func chosen(path handbook.Path) (statute.Code, handbook.Page) {
	code, _ := statute.LookupCode(path.Code())
	p, _ := handbook.Lookup(strconv.Itoa(code.Number))
	return code, p
}

// writeChoiceJSON writes for programs what choiceText writes for people.
func writeChoiceJSON(w io.Writer, path handbook.Path) error {
	type facts struct {
		Number  int      `json:"number"`
		Name    string   `json:"name"`
		Why     string   `json:"why"`
		Must    []string `json:"must"`
		As200   []string `json:"must_as_200"` // if a 200 has them
		Should  []string `json:"should"`
		May     []string `json:"may"`
		Example string   `json:"example"`
		Cite    string   `json:"cite"`
		URL     string   `json:"url"`
	}
	choice := struct {
		Answers  map[string]string  `json:"answers"`
		Question *handbook.Question `json:"question,omitempty"`
		Code     *facts             `json:"code,omitempty"`
	}{Answers: map[string]string{}, Question: path.Next}
	for _, s := range path.Steps {
		choice.Answers[s.Question.ID] = s.Option.Name
	}
	if path.Next == nil {
		code, p := chosen(path)
		list := func(fields []string) []string { return append([]string{}, fields...) } // never null
		choice.Code = &facts{
			code.Number, code.Name, path.Steps[len(path.Steps)-1].Option.Why,
			list(code.Must), list(code.As200), list(code.Should), list(code.May), p.Example(), code.Cite.String(), code.Cite.URL(),
		}
	}
	return writeJSON(w, choice)
}

// writeJSON writes a value as indented JSON in which <, > and & stay.
func writeJSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}
