package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/handbook"
	"github.com/statute-http/statute/internal/spell"
)

// quiz returns the command that asks which code is right.
func (a *app) quiz() *cobra.Command {
	var (
		list   bool
		format = "text"
		topic  string
		count  = 10
		seed   uint64
	)
	cmd := &cobra.Command{
		Use:   "quiz",
		Short: `Ask "which code?", and explain each answer`,
		Long: `Asks which code is right for what happened, and explains the answers. They are read
from standard input, a code a line; ? shows the answer and q ends the quiz.`,
		Example: `  statute quiz
  statute quiz --topic conditions
  statute quiz --list --format json`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the questions with their answers")
	f.StringVar(&format, "format", format, "`format` of the list: text, json")
	f.StringVar(&topic, "topic", "", "ask about one `topic` only")
	f.IntVar(&count, "count", count, "`number` of questions")
	f.Uint64Var(&seed, "seed", 0, "`number` that decides the order (default: another each time)")
	cmd.MarkFlagsMutuallyExclusive("list", "count")
	cmd.MarkFlagsMutuallyExclusive("list", "seed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		scenarios, err := about(topic)
		switch {
		case err != nil:
			return err
		case format != "text" && format != "json":
			return hint(fmt.Errorf("--format %s: there are text, json", format), "statute quiz --list --format json")
		case list && format == "json":
			return writeJSON(a.stdout, scenarios)
		case list:
			return listScenarios(a.stdout, scenarios)
		case format == "json":
			return hint(errors.New("--format json is for lists"), "statute quiz --list --format json")
		case count < 1:
			return hint(fmt.Errorf("--count %d: ask at least one question", count), "statute quiz --count 10")
		}
		if !f.Changed("seed") {
			seed = uint64(rand.Uint32())
		}
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(scenarios), func(i, j int) {
			scenarios[i], scenarios[j] = scenarios[j], scenarios[i]
		})
		g := game{in: bufio.NewScanner(cmd.InOrStdin()), out: a.stdout, prompt: isTerminal(cmd.InOrStdin())}
		if err := g.play(scenarios[:min(count, len(scenarios))]); err != nil {
			return fmt.Errorf("reading answers: %w", err)
		}
		again := fmt.Sprintf("statute quiz --seed %d --count %d", seed, count)
		if topic != "" {
			again += " --topic " + topic
		}
		g.score(again)
		return nil
	}
	return cmd
}

// about returns the scenarios of a topic; of all if it is "".
func about(topic string) ([]handbook.Scenario, error) {
	var scenarios []handbook.Scenario
	var topics []string
	for s := range handbook.Scenarios() {
		if topic == "" || s.Topic == topic {
			scenarios = append(scenarios, s)
		}
		if !slices.Contains(topics, s.Topic) {
			topics = append(topics, s.Topic)
		}
	}
	if len(scenarios) == 0 {
		near := spell.Nearest(topic, topics)
		if near == "" {
			near = topics[0]
		}
		return nil, hint(fmt.Errorf("--topic %s: there are %s", topic, strings.Join(topics, ", ")), "statute quiz --topic %s", near)
	}
	return scenarios, nil
}

// listScenarios writes the scenarios with their answers.
func listScenarios(w io.Writer, scenarios []handbook.Scenario) error {
	var b strings.Builder
	for i, s := range scenarios {
		if i > 0 {
			b.WriteString("\n")
		}
		code, _ := statute.LookupCode(s.Code)
		fmt.Fprintf(&b, "%s  (%s)\n%s\n", s.ID, s.Topic, wrap(s.Text, ""))
		fmt.Fprintf(&b, "%s\n", wrap(fmt.Sprintf("%s: %s", code, s.Why), "  "))
		for _, wrong := range slices.Sorted(maps.Keys(s.Not)) {
			fmt.Fprintf(&b, "%s\n", wrap(fmt.Sprintf("not %d: %s", wrong, s.Not[wrong]), "  "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// game is one round of the quiz.
type game struct {
	in     *bufio.Scanner // a line for each answer
	out    io.Writer
	prompt bool // somebody types the answers

	asked int
	right int
	learn []int // the codes of questions that were not answered right
}

// play asks until the questions or the answers run out.
func (g *game) play(scenarios []handbook.Scenario) error {
	for i, s := range scenarios {
		fmt.Fprintf(g.out, "%d of %d  (%s)\n%s\n", i+1, len(scenarios), s.Topic, wrap(s.Text, ""))
		answer, ok := g.answer()
		if !ok {
			return g.in.Err()
		}
		g.asked++
		code, _ := statute.LookupCode(s.Code)
		why := fmt.Sprintf("%s. %s", code, s.Why)
		if answer == s.Code {
			g.right++
			fmt.Fprintf(g.out, "%s\n\n", wrap("Right: "+why, ""))
			continue
		}
		if !slices.Contains(g.learn, s.Code) {
			g.learn = append(g.learn, s.Code)
		}
		if answer != 0 {
			fmt.Fprintf(g.out, "%s\n", wrap(objection(s, answer), ""))
		}
		fmt.Fprintf(g.out, "%s\n\n", wrap("It is "+why, ""))
	}
	return nil
}

// answer reads a code; 0 if the player does not know, false at the end.
func (g *game) answer() (int, bool) {
	for {
		if g.prompt {
			fmt.Fprint(g.out, "\ncode, ? for the answer, q to quit: ")
		}
		if !g.in.Scan() {
			fmt.Fprintln(g.out)
			return 0, false
		}
		switch text := strings.ToLower(strings.TrimSpace(g.in.Text())); text {
		case "q":
			return 0, false
		case "?":
			return 0, true
		default:
			if code, err := strconv.Atoi(text); err == nil && 100 <= code && code <= 999 {
				return code, true
			}
			fmt.Fprintln(g.out, "A status code has three digits.")
		}
	}
}

// objection says why a code is wrong: for a reason of the scenario's own, or
// because of what it would have promised.
func objection(s handbook.Scenario, wrong int) string {
	if why, ok := s.Not[wrong]; ok {
		return fmt.Sprintf("Not %d: %s", wrong, why)
	}
	if code, ok := statute.LookupCode(wrong); ok {
		return fmt.Sprintf("%s would say: %s.", code, code.Meaning)
	}
	return fmt.Sprintf("%d is not registered, so nobody has to know what it means.", wrong)
}

// score writes how it went, and what to read.
func (g *game) score(again string) {
	fmt.Fprintf(g.out, "%d of %d right.\n", g.right, g.asked)
	for _, code := range g.learn {
		fmt.Fprintf(g.out, "read   statute explain %d\n", code)
	}
	fmt.Fprintf(g.out, "again  %s\n", again)
}
