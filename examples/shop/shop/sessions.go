package shop

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/statute-http/statute/respond"
)

const (
	realm     = "shop"
	lastsFor  = 12 * time.Hour // a session
	keyLength = 32             // of a password's hash, in bytes
)

// Account is a customer who can log in.
type Account struct {
	Customer int64
	Email    string
	Role     string // "customer", "clerk" or "admin"
	Salt     string
	Rounds   int    // of PBKDF2 with SHA-256; 600,000 and more are right in 2026
	Password string // the hash that these make of it, in hexadecimal
}

// scopes returns what a role may do: each may what the ones before it may.
func scopes(role string) []string {
	roles := []string{"customer", "clerk", "admin"}
	return roles[:slices.Index(roles, role)+1]
}

// matches reports whether the password is the account's.
func (a Account) matches(password string) bool {
	key, err := pbkdf2.Key(sha256.New, password, []byte(a.Salt), a.Rounds, keyLength)
	return err == nil && subtle.ConstantTimeCompare([]byte(hex.EncodeToString(key)), []byte(a.Password)) == 1
}

// Session is a log-in. Its token is not kept, only what it can be told by.
type Session struct {
	Head
	CustomerID int64     `json:"customer_id"`
	Role       string    `json:"role"`
	Expires    time.Time `json:"expires"`
	Digest     string    `json:"digest"` // of the token
}

func (s *Session) keys() (owner int64, name string) { return s.CustomerID, s.Digest }

// shownSession is what clients see of a session.
type shownSession struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"customer_id"`
	Role       string    `json:"role"`
	Expires    time.Time `json:"expires"`
	Token      string    `json:"token,omitzero"`
}

func (s Session) shown(token string) shownSession {
	return shownSession{s.ID, s.CustomerID, s.Role, s.Expires, token}
}

// digest returns what a text can be told by.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Admit lets whoever has the token act for the account with that address, until
// the session ends.
func (s *Shop) Admit(ctx context.Context, email, token string) error {
	i := s.account(email)
	if i < 0 {
		return fmt.Errorf("admitting %s: there is no such account", email)
	}
	_, err := s.begin(ctx, s.accounts[i], token)
	return err
}

// account returns where the account with that address is, -1 if nowhere.
func (s *Shop) account(email string) int {
	return slices.IndexFunc(s.accounts, func(a Account) bool { return a.Email == email })
}

func (s *Shop) begin(ctx context.Context, a Account, token string) (Session, error) {
	return s.sessions.add(ctx, Session{
		CustomerID: a.Customer, Role: a.Role, Expires: s.now().Add(lastsFor).UTC(), Digest: digest(token),
	})
}

// verify returns whose token it is.
func (s *Shop) verify(ctx context.Context, token string) (respond.Principal, bool, error) {
	session, err := s.sessions.find(ctx, digest(token))
	switch {
	case errors.Is(err, ErrNotFound):
		return respond.Principal{}, false, nil
	case err != nil:
		return respond.Principal{}, false, err
	}
	p := respond.Principal{
		ID: fmt.Sprintf("customer %d", session.CustomerID), Scopes: scopes(session.Role), Value: session,
	}
	return p, s.now().Before(session.Expires), nil
}

// caller returns the session that the request belongs to.
func caller(ctx context.Context) Session {
	p, _ := respond.Caller(ctx)
	session, _ := p.Value.(Session)
	return session
}

// sees reports whether the session may see what belongs to a customer. To those
// who may not, it is not there: 404, not 403, which would tell that it is.
func (s Session) sees(owner int64) bool { return s.CustomerID == owner || s.Role != "customer" }

// logInInput is what logging in takes.
type logInInput struct {
	Email    string `json:"email" validate:"required,max=254"`
	Password string `json:"password" validate:"required,max=200"`
}

// Validate implements what [respond.In] looks for.
func (in logInInput) Validate() error { return valid(in) }

// logIn begins a session. Whether address or password is wrong is not told, not
// even by the time that it takes.
func (s *Shop) logIn(ctx context.Context, in logInInput) (respond.Outcome, error) {
	account := Account{Rounds: s.rounds} // nobody's
	if i := s.account(in.Email); i >= 0 {
		account = s.accounts[i]
	}
	if !account.matches(in.Password) {
		return respond.Outcome{}, respond.Unauthorized(respond.Challenge{Scheme: "Bearer", Realm: realm}).
			Detail("the e-mail address or the password is wrong")
	}
	token := rand.Text()
	session, err := s.begin(ctx, account, token)
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.Created(fmt.Sprintf("/sessions/%d", session.ID), session.shown(token)).Cache("no-store"), nil
}

func (s *Shop) readSession(ctx context.Context, in byID) (respond.Outcome, error) {
	session, err := s.sessions.get(ctx, in.ID)
	if err == nil && !session.visible(ctx) {
		err = ErrNotFound
	}
	if err != nil {
		return respond.Outcome{}, err
	}
	return respond.OK(session.shown("")).Version(session.version()).Cache("private, no-cache"), nil
}

// sweep removes the sessions that have expired, every hour until the shop is closed.
func (s *Shop) sweep() {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		if err := s.removeExpired(s.ctx); err != nil && s.ctx.Err() == nil {
			s.log.LogAttrs(s.ctx, slog.LevelError, "sweeping sessions failed", slog.Any("error", err))
		}
		select {
		case <-every.C:
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *Shop) removeExpired(ctx context.Context) error {
	for session, err := range s.sessions.all(ctx, 0, 0) {
		if err == nil && !s.now().Before(session.Expires) {
			err = s.sessions.remove(ctx, session.ID, func(Session) error { return nil })
		}
		if err != nil && !errors.Is(err, ErrNotFound) { // it may have ended meanwhile
			return err
		}
	}
	return nil
}

func (s *Shop) endSession(ctx context.Context, in byID) (respond.Outcome, error) {
	err := s.sessions.remove(ctx, in.ID, func(session Session) error {
		if !session.visible(ctx) {
			return ErrNotFound
		}
		return nil
	})
	return respond.NoContent(), err
}

// visible reports whether a session is the caller's, or the caller an admin.
func (s Session) visible(ctx context.Context) bool {
	who := caller(ctx)
	return s.CustomerID == who.CustomerID || who.Role == "admin"
}
