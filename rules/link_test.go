package rules

import "testing"

func TestHasOwnLink(t *testing.T) {
	tests := map[string]bool{
		`{"id":17,"url":"https://shop.example/orders/17"}`:    true,
		`{"id":17,"href":"/orders/17"}`:                       true,
		`{"id":17,"url":"\/orders\/17"}`:                      true,
		`{"_links":{"self":{"href":"/orders/17"}}}`:           true,
		`{"data":{"id":"17","links":{"self":"/orders/17"}}}`:  true,
		`{"url":"/orders/17","note":"cut he`:                  true,
		`{"id":17}`:                                           false,
		`{"url":"","href":null}`:                              false,
		`{"url":"saw"}`:                                       false,
		`{"seller":{"url":"https://shop.example/sellers/3"}}`: false,
		`{"_links":{"next":{"href":"/orders/18"}}}`:           false,
		`[{"url":"https://shop.example/orders/17"}]`:          false,
		`<a href="/orders/17">`:                               false,
		``:                                                    false,
	}
	for content, want := range tests {
		if got := hasOwnLink(parseJSON([]byte(content))); got != want {
			t.Errorf("hasOwnLink(%s) = %v, want %v", content, got, want)
		}
	}
}

func TestContentPointsOn(t *testing.T) {
	tests := map[string]bool{
		`{"id":17}`:                                true,
		`{"result":[{"task_id":"8f3a"}]}`:          true,
		`{"requestID":"8f3a"}`:                     true,
		`{"see":"https://shop.example/jobs/8f3a"}`: true,
		`"8f3a"`:                             true,
		`17`:                                 true,
		`8f3a-11e9`:                          true,
		`see https://shop.example/jobs/8f3a`: true,
		`<p><a href="jobs/8f3a">job</a></p>`: true,

		`{"state":"queued"}`:          false,
		`{"valid":"yes","paid":"no"}`: false,
		`{"id":null,"url":""}`:        false,
		`{}`:                          false,
		`null`:                        false,
		`accepted, check back later`:  false,
		`<p>accepted</p>`:             false,
		``:                            false,
	}
	for content, want := range tests {
		if got := contentPointsOn([]byte(content)); got != want {
			t.Errorf("contentPointsOn(%s) = %v, want %v", content, got, want)
		}
	}
}
