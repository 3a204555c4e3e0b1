package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 401_for_valid_user.txtar
var doc401ForValidUser string

var r401ForValidUser = &statute.Rule{
	ID:    "401-for-valid-user",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.4"), statute.RFC(9110, "11.4")},
	On:    []int{2, 401},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Over:  []string{"401-for-permission", "401-without-challenge", "401-challenge-malformed", "body-contradicts-code"},
	Doc:   doc401ForValidUser,
	Compare: func(p *statute.Pass) {
		f := statute.Fault{Message: "401 to credentials that were accepted in the same run", Expected: "403"}
		if p.Response.Status == 401 {
			if c := p.Case; c != nil && c.Cause == statute.Permitted && c.Elsewhere != nil && c.Elsewhere.Response.Class() == 2 && refusesUser(p.Exchange, c.Elsewhere) {
				f.Before = []*statute.Exchange{c.Elsewhere}
				p.Report(f)
			}
			return
		}
		if refused := refusedBetween(p); refused != nil {
			f.Before = append(f.Before, refused...)
			f.At = refused[len(refused)-1]
			p.Report(f)
		}
	},
}

// refusesUser reports whether a 401 refuses the very credentials that another
// exchange shows to be good: it asks for no other scheme and for no further
// proof of who the user is (RFC 9470).
func refusesUser(refused, accepted *statute.Exchange) bool {
	if !sameSender(refused, accepted) {
		return false
	}
	scheme, _, _ := strings.Cut(refused.Request.Fields.Get("Authorization"), " ")
	offered := scheme == ""
	for member := range refused.Response.Fields.List("WWW-Authenticate") {
		c, _ := parseChallengeMember(member)
		offered = offered || strings.EqualFold(c.scheme, scheme)
		if strings.Contains(c.value, "insufficient_user_authentication") || strings.Contains(c.value, "use_dpop_nonce") {
			return false
		}
	}
	if !offered && refused.Response.Fields.Has("WWW-Authenticate") {
		return false
	}
	for _, f := range refused.Response.Fields {
		if holdsPhrase([]byte(f.Name), furtherProof) {
			return false
		}
	}
	further := false
	eachText(&refused.Response, func(text []byte) bool {
		says := saidBy(text)
		further = says == saysBadToken || holdsPhrase(text, furtherProof)
		return !further
	})
	return !further
}

// furtherProof are words by which a user is asked for more than was sent.
var furtherProof = []string{
	"otp", "totp", "2fa", "mfa", "two factor", "second factor", "multi factor", "one time", "step up", "re authenticate",
	"reauthenticate", "reauthentication", "confirm", "password", "elevated", "sudo", "recent login", "signature", "nonce",
}

// refusedBetween returns the exchanges at one path that show that a 401 refused
// good credentials: a refusal without any, a success with them before the 401,
// and the 401 to another method; the exchange under judgement is the success
// after it. It returns nil if they are not all there.
func refusedBetween(p *statute.Pass) []*statute.Exchange {
	if !p.Request.Fields.Has("Authorization") {
		return nil
	}
	past := p.Past(p.Request.Path())
	i := len(past) - 1
	for i >= 0 && past[i].Response.Status != 401 {
		i--
	}
	if i < 0 || past[i].Request.Method == p.Request.Method || p.Case != nil || !sameTarget(past[i], p.Exchange) || !refusesUser(past[i], p.Exchange) {
		return nil
	}
	var before, closed *statute.Exchange
	for _, x := range past[:i] {
		switch {
		case x.Request.Method != p.Request.Method || !sameTarget(x, p.Exchange):
		case x.Response.Class() == 2 && sameSender(x, p.Exchange):
			before = x
		case x.Response.Status == 401 && !hasCredentials(&x.Request):
			closed = x
		}
	}
	if before == nil || closed == nil {
		return nil
	}
	return []*statute.Exchange{closed, before, past[i]}
}

func sameTarget(a, b *statute.Exchange) bool { return a.Request.Target == b.Request.Target }
