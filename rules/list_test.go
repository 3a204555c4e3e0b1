package rules

import "testing"

func TestEmptied(t *testing.T) {
	const before = `{"kind": "x", "values": ["a"], "n": 1}`
	for content, want := range map[string]bool{
		`{"kind": "x", "values": [], "n": 1}`:    true,
		`[]`:                                     true,
		`{"kind": "x", "values": ["a"], "n": 1}`: false,
		`{"kind": "y", "values": [], "n": 1}`:    false,
		`{"kind": "", "values": [], "n": 0}`:     false,
		`null`:                                   false,
	} {
		if got := emptied([]byte(before), []byte(content)); got != want {
			t.Errorf("emptied(%s) = %v, want %v", content, got, want)
		}
	}
}

func TestBlank(t *testing.T) {
	const control = `{"kind": "x", "values": ["a"], "type": "meta"}`
	for content, want := range map[string]bool{
		`{"kind": "none", "values": [], "type": "meta"}`: true,
		`[]`: true,
		`{"kind": "none", "values": ["b"], "type": "meta"}`: false,
		`{"kind": "none", "type": "meta"}`:                  false,
		`{"kind": "y", "values": [], "type": "meta"}`:       false,
		`null`: false,
	} {
		if got := blank([]byte(content), []byte(control), "none"); got != want {
			t.Errorf("blank(%s) = %v, want %v", content, got, want)
		}
	}
}

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
