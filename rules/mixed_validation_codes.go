package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed mixed_validation_codes.txtar
var docMixedValidationCodes string

var rMixedValidationCodes = &statute.Rule{
	ID:         "mixed-validation-codes",
	Level:      statute.Advice,
	Cite:       []statute.Section{statute.RFC(9110, "15.5.21"), statute.RFC(9110, "15.5.1")},
	On:         []int{400, 422},
	Needs:      statute.SeenRequestBody | statute.SeenBody,
	Doc:        docMixedValidationCodes,
	Convention: "invalid values",
	Choose: func(p *statute.Pass) string {
		if !breaksConstraint(p) {
			return ""
		}
		if p.Response.Status == 422 {
			return "422"
		}
		return "400"
	},
}

// breaksConstraint reports whether a request has JSON content in which a value
// is missing, out of range or none of those allowed: by its Case or, in recorded
// traffic, by the words of the answer. A wrong type does not count, because many
// servers find it where they find malformed JSON; nor does a parameter in the
// target, because 422 speaks of content.
func breaksConstraint(p *statute.Pass) bool {
	if c := p.Case; c != nil {
		switch c.Cause {
		case statute.MissingField, statute.OutOfRange, statute.AgainstPattern, statute.NotInEnum:
			return c.In == "body" && c.Control != nil
		}
		return false
	}
	if parseJSON(p.Request.Body.Bytes).kind() != jsonObject || asksToken(&p.Request) {
		return false
	}
	found := false
	eachText(&p.Response, func(text []byte) bool {
		switch says := saidBy(text); {
		case says == saysInvalid && holdsPhrase(text, constraintWords):
			found = true
		case says != saysNothing && says != saysInvalid:
			found = false
			return false
		}
		return true
	})
	return found && !sendsBrokenJSON(p)
}

// constraintWords are those of sayings about an invalid value that speak of a
// value that is missing or not allowed.
var constraintWords = []string{
	"is required", "are required", "field required", "cannot be blank", "can't be blank", "cannot be empty", "should not be empty",
	"must not be blank", "must not be empty", "must be one of", "must be greater", "must be less", "must be at least", "must be at most",
	"must be between", "must be positive", "must be a positive", "must have required property", "missing required", "missing field",
	"or greater", "cannot be negative",
}
