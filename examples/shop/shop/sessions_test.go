package shop

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestGuessing holds how often an address can try to log in, by whatever.
func TestGuessing(t *testing.T) {
	s := shopWith(t, nil)
	for n := 1; ; n++ {
		code, content := call(t.Context(), s, "POST", "/sessions", "{}")
		switch {
		case code == 429 && n > 300:
			return
		case code != 422 || n > 310:
			t.Fatalf("try %d: got %d %s", n, code, content)
		}
	}
}

// TestExpired holds sessions to end by themselves, and to be removed then.
func TestExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := shopWith(t, nil)
		time.Sleep(lastsFor - time.Minute)
		if err := s.Admit(t.Context(), "grace@shop.example", "grace"); err != nil {
			t.Fatal(err)
		}
		if code, _ := call(t.Context(), s, "GET", "/orders", ""); code != 200 {
			t.Errorf("a minute before the end: got %d", code)
		}
		time.Sleep(time.Minute)
		if code, _ := call(t.Context(), s, "GET", "/orders", ""); code != 401 {
			t.Errorf("at the end: got %d", code)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if _, err := s.sessions.find(t.Context(), digest("ada")); !errors.Is(err, ErrNotFound) {
			t.Errorf("an hour later it is still kept: got %v", err)
		}
		if _, err := s.sessions.find(t.Context(), digest("grace")); err != nil {
			t.Errorf("the other is not: %v", err)
		}
	})
}
