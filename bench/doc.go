// Package bench measures Statute's packages beside others that do the same. It is
// a module of its own, so that those are no dependency of Statute.
//
//	for i in 1 2 3 4 5 6; do go test -bench . -benchtime 0.3s .; done | tee new.txt
//	benchstat -col /of new.txt
//
// The rounds are run one after the other, not with -count, so that what else the
// machine does hits all alike.
//
// Command probes compares what their servers answer.
package bench
