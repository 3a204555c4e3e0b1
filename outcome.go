package statute

// Outcome is what became of an operation in a run that tried to reach it.
type Outcome struct {
	Operation Operation
	State     State
	Why       string    // of what is not Reached: "its name speaks of shutdown", "no id known for order_id"
	Last      *Exchange // the last answer to a request meant to succeed; nil if none was sent
}

// State is what became of an operation.
type State uint8

// The states of an operation.
const (
	Unreached State = iota // no request succeeded
	Reached                // a request succeeded
	Skipped                // not tried, by the user's or by Statute's choice
)
