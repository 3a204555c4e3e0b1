package respond_test

import (
	"errors"
	"fmt"

	"github.com/statute-http/statute/respond"
)

func ExampleError_Because() {
	cause := errors.New("shelf 7 is empty")
	err := fmt.Errorf("ordering: %w", respond.Conflict("out of stock").Because(cause))
	fmt.Println(err)
	fmt.Println(errors.Is(err, cause), errors.Is(err, respond.Problem{Code: 409}))
	// Output:
	// ordering: 409 Conflict: out of stock: shelf 7 is empty
	// true true
}
