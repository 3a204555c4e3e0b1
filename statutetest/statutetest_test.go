package statutetest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// fake is a testing.TB that keeps what it is told. Its Fatalf ends the test that
// it is handed to, not the one that it stands in.
type fake struct {
	testing.TB
	mu       sync.Mutex
	errors   []string
	logs     []string
	fatal    bool
	cleanups []func()
}

type ended struct{}

func (f *fake) Helper() {}

func (f *fake) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fake) Logf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

func (f *fake) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	f.fatal = true
	panic(ended{})
}

func (f *fake) Cleanup(cleanup func()) { f.cleanups = append(f.cleanups, cleanup) }

// try runs a test to its end and returns what it said of failures.
func try(t *testing.T, test func(t testing.TB)) (errors string, f *fake) {
	t.Helper()
	f = &fake{TB: t}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(ended{}) {
				panic(p)
			}
		}()
		test(f)
	}()
	for i := len(f.cleanups) - 1; i >= 0; i-- {
		f.cleanups[i]()
	}
	return strings.Join(f.errors, "\n\n"), f
}
