package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestTookEffect(t *testing.T) {
	for _, test := range []struct {
		name                string
		before, sent, after string
		want                bool
	}{
		{"changed", `{"id":17,"qty":1}`, `{"qty":2}`, `{"id":17,"qty":2}`, true},
		{"untouched", `{"id":17,"qty":1}`, `{"qty":2}`, `{"id":17,"qty":1}`, false},
		{"another member", `{"qty":1,"seen":1}`, `{"qty":2}`, `{"qty":1,"seen":2}`, false},
		{"there before", `{"qty":2,"seen":1}`, `{"qty":2}`, `{"qty":2,"seen":2}`, false},
		{"added", `{"id":17}`, `{"note":"x"}`, `{"id":17,"note":"x"}`, true},
		{"nested", `{"order":{"qty":1}}`, `{"order":{"qty":2}}`, `{"order":{"qty":2}}`, true},
		{"enveloped", `{"data":{"qty":1}}`, `{"qty":2}`, `{"data":{"qty":2}}`, true},
		{"normalised", `{"item":"saw"}`, `{"item":"SAW "}`, `{"item":"SAW"}`, false},
		{"text", `old`, `new`, `new`, true},
		{"other text", `old`, `new`, `old!`, false},
		{"nothing sent", `{"qty":1}`, ``, `{"qty":2}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			exchange := func(sent, got string) *statute.Exchange {
				return &statute.Exchange{
					Request:  statute.Request{Body: statute.Body{Bytes: []byte(sent), Size: int64(len(sent))}},
					Response: statute.Response{Body: statute.Body{Bytes: []byte(got), Size: int64(len(got))}},
				}
			}
			if got := tookEffect(exchange("", test.before), exchange(test.sent, ""), exchange("", test.after)); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
