// Command probes starts the same small API on respond and on other libraries, each
// written as its own documentation shows, sends requests that go wrong in
// production over raw sockets, and prints the answers as a Markdown table.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"strings"
)

func main() {
	log.SetOutput(io.Discard) // net/http's and chi's word on panics
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "probes:", err)
		os.Exit(2)
	}
}

// run sends every probe to every server and writes the table.
func run(w io.Writer) error {
	out := bufio.NewWriter(w)
	versions, err := versions()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s.\n\n| request | wanted |", versions)
	for _, s := range servers {
		fmt.Fprintf(out, " %s |", s.name)
	}
	fmt.Fprintf(out, "\n|---|---|%s\n", strings.Repeat("---|", len(servers)))
	scores := make([]score, len(servers))
	for _, p := range probes {
		fmt.Fprintf(out, "| %s | %s |", p.name, p.wanted)
		for i, s := range servers {
			cell, err := scores[i].try(p, s)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, p.name, err)
			}
			fmt.Fprintf(out, " %s |", cell)
		}
		fmt.Fprintln(out)
	}
	for _, sum := range []struct {
		name string
		of   func(score) string
	}{
		{"**as wanted**, of those offered", func(s score) string { return fmt.Sprintf("**%d of %d**", s.right, s.asked) }},
		{"**errors that are problem details**", func(s score) string { return fmt.Sprintf("%d of %d", s.problems, s.errors) }},
		{"**answers that tell of the inside**", func(s score) string { return fmt.Sprint(s.leaks) }},
	} {
		fmt.Fprintf(out, "| %s | |", sum.name)
		for _, s := range scores {
			fmt.Fprintf(out, " %s |", sum.of(s))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// score sums up a server's answers.
type score struct {
	asked, right     int
	errors, problems int
	leaks            int
}

// try sends a probe to a server that has seen no other and returns what the table
// says of the answer.
func (s *score) try(p probe, to server) (string, error) {
	if p.needs != "" && !strings.Contains(to.has, p.needs) {
		return "–", nil
	}
	a, err := ask(p, to)
	if err != nil {
		return "", err
	}
	s.asked++
	if a.code >= 400 && a.code != 417 && p.method != "HEAD" { // net/http answers 417 before any handler
		s.errors++
		if a.mediaType() == "application/problem+json" {
			s.problems++
		}
	}
	cell := a.String()
	wrong := p.wrong(a)
	if told := a.leak(); told != "" {
		s.leaks++
		wrong = strings.TrimPrefix(wrong+", tells "+told, ", ")
	}
	if wrong != "" {
		return "**" + cell + "** " + wrong, nil
	}
	s.right++
	return cell, nil
}
