// Package statute is the vocabulary of right HTTP status codes: what a [Code]
// promises, what an [Exchange] holds, what a [Rule] demands, and how a [Judge]
// turns exchanges into findings.
//
// One idea carries all of it: a source yields exchanges, a judge applies rules,
// a report shows findings. Sources (the checker, recorded traffic, the proxy, a
// test) fill in an Exchange and say in [Seen] which parts of it they recorded.
// A Rule says in the same words what it needs. The Judge brings the two
// together: a rule is never asked about what nobody has seen.
//
// The built-in rules are in package rules. This package imports the standard
// library alone.
package statute
