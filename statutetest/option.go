package statutetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/spell"
	"github.com/statute-http/statute/rules"
)

// Option changes what a test does.
type Option func(*settings) error

// settings are what the options say.
type settings struct {
	failOn           statute.Level
	reachAll         bool
	off              map[string]bool // by the rule's ID
	full, low, other []check.Credential
	values           map[string]string
	skip             []string
	redactor         *redact.Redactor
}

// FailOn sets the lowest level of findings that fail the test; without it that
// is [statute.Should].
func FailOn(level statute.Level) Option {
	return func(s *settings) error {
		s.failOn = level
		return nil
	}
}

// ReachAll fails the test for each operation that [Check] cannot bring to answer
// with success, unless [Skip] leaves it out; without it those are logged.
func ReachAll() Option {
	return func(s *settings) error {
		s.reachAll = true
		return nil
	}
}

// Off switches off the rule with that ID; the reason is for those who read the
// test.
func Off(rule, reason string) Option {
	return func(s *settings) error {
		if strings.TrimSpace(reason) == "" {
			return fmt.Errorf("%s is switched off: say why", rule)
		}
		var ids []string
		for _, r := range rules.All {
			ids = append(ids, r.ID)
		}
		if !slices.Contains(ids, rule) {
			return fmt.Errorf("there is no rule %q; is %q meant?", rule, spell.Nearest(rule, ids))
		}
		s.off[rule] = true
		return nil
	}
}

// As gives [Check] the credentials of a user with all rights, who owns what the
// check makes. A credential is a field line, "X-API-Key: k", or the value of
// Authorization alone, "Bearer t".
func As(credentials ...string) Option {
	return as(credentials, func(s *settings) *[]check.Credential { return &s.full })
}

// AsLow gives [Check] the credentials of a user with fewer rights than those of
// [As].
func AsLow(credentials ...string) Option {
	return as(credentials, func(s *settings) *[]check.Credential { return &s.low })
}

// AsOther gives [Check] the credentials of a user with the rights of [As] and
// resources of his own.
func AsOther(credentials ...string) Option {
	return as(credentials, func(s *settings) *[]check.Credential { return &s.other })
}

func as(credentials []string, of func(*settings) *[]check.Credential) Option {
	return func(s *settings) error {
		for _, text := range credentials {
			name, value := credential(text)
			*of(s) = append(*of(s), check.Credential{In: "header", Name: name, Value: value})
			s.redactor.Learn(value)
		}
		return nil
	}
}

// credential returns the name and the value of the field that a credential is.
func credential(text string) (name, value string) {
	name, value, ok := strings.Cut(text, ": ")
	if !ok {
		return "Authorization", text
	}
	return name, value
}

// Set gives [Check] a value for the parameters and fields of that name.
func Set(name, value string) Option {
	return func(s *settings) error {
		s.values[name] = value
		return nil
	}
}

// Skip keeps [Check] from operations: "POST /admin/*", with * for any
// characters.
func Skip(operations ...string) Option {
	return func(s *settings) error {
		s.skip = append(s.skip, operations...)
		return nil
	}
}

// apply returns what the options say. An option that makes no sense ends the
// test.
func apply(t testing.TB, options []Option) *settings {
	t.Helper()
	s := &settings{failOn: statute.Should, off: map[string]bool{}, values: map[string]string{}, redactor: &redact.Redactor{}}
	for _, option := range options {
		if err := option(s); err != nil {
			t.Fatalf("statutetest: %v", err)
		}
	}
	return s
}

// judge returns a judge that knows which rules are off.
func (s *settings) judge() *statute.Judge {
	judge := statute.NewJudge(rules.All)
	judge.Except = func(r *statute.Rule, _ statute.Operation, _ int) bool { return s.off[r.ID] }
	return judge
}

// fail fails the test for each finding that is grave enough.
func (s *settings) fail(t testing.TB, judge *statute.Judge) {
	t.Helper()
	for _, f := range judge.Verdict().Findings {
		if f.Level >= s.failOn {
			t.Errorf("%s", report.Finding(f, s.redactor))
		}
	}
}
