package statute

// Outcome is what became of an operation in a run that tried to reach it.
type Outcome struct {
	Operation Operation
	State     State
	Why       string    // of what is not Reached: "its name speaks of shutdown", "no id known for order_id"
	Last      *Exchange // the last answer to a request meant to succeed; nil if none was sent
}

// Reach returns how many operations were reached, of how many that were tried.
// What was skipped counts in neither.
func Reach(outcomes []Outcome) (reached, tried int) {
	for _, o := range outcomes {
		switch o.State {
		case Reached:
			reached++
			tried++
		case Unreached:
			tried++
		}
	}
	return reached, tried
}

// State is what became of an operation.
type State uint8

// The states of an operation.
const (
	Unreached State = iota // no request succeeded
	Reached                // a request succeeded
	Skipped                // not tried, by the user's or by Statute's choice
)
