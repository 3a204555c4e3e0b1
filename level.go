package statute

import "fmt"

// Level is the standard's own word for how binding a rule is.
type Level uint8

// The levels, from least to most binding. The zero Level means "not set".
const (
	Advice Level = iota + 1 // a note
	Should                  // the RFC says SHOULD, or clients, caches and monitors rely on it
	Must                    // the RFC says MUST
)

var levelNames = [...]string{Advice: "advice", Should: "should", Must: "must"}

// String returns "advice", "should" or "must".
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// MarshalText writes the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level's name.
func (l *Level) UnmarshalText(text []byte) error {
	for i, name := range levelNames {
		if name != "" && name == string(text) {
			*l = Level(i)
			return nil
		}
	}
	return fmt.Errorf("unknown level %q: use must, should or advice", text)
}

// Confidence is our own word for how sure a finding is.
type Confidence uint8

// The confidences. The zero Confidence is Certain: a finding is proved unless
// its rule says otherwise.
const (
	Certain Confidence = iota // the exchanges prove it
	Likely                    // the body's words suggest it
)

// String returns "certain" or "likely".
func (c Confidence) String() string {
	if c == Likely {
		return "likely"
	}
	return "certain"
}

// MarshalText writes the confidence's name.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
