package rules

import "github.com/statute-http/statute"

// isProblem reports whether a response is of the type of problem details in
// JSON (RFC 9457, 3).
func isProblem(r *statute.Response) bool { return r.MediaType() == "application/problem+json" }
