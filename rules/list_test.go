package rules

import "testing"

func TestEmptyList(t *testing.T) {
	for content, want := range map[string]bool{
		`[]`:                               true,
		" [ ]\n":                           true,
		`{"orders":[],"total":0}`:          true,
		`{"meta":{"total":0},"data":[]}`:   true,
		`{"data":[],"next":null}`:          true,
		`[{"id":17}]`:                      false,
		`{"orders":[{"id":17}],"total":1}`: false,
		`{"id":17,"tags":[]}`:              false,
		`{"item":"saw","tags":[]}`:         false,
		`{"order":{"item":""},"tags":[]}`:  false,
		`{}`:                               false,
		`{"total":0}`:                      false,
		`null`:                             false,
		``:                                 false,
	} {
		if got := emptyList([]byte(content)); got != want {
			t.Errorf("emptyList(%s) = %v, want %v", content, got, want)
		}
	}
}
