//go:build unix

package bench

import (
	"syscall"
	"testing"
	"time"
)

// cpu makes a benchmark report the processor's time beside that of the clock: on
// a machine that others use, too, only the first can be compared. The returned
// function ends the count.
func cpu(b *testing.B) (stop func()) {
	b.Helper()
	start := used(b)
	return func() { b.ReportMetric(float64(used(b)-start)/float64(b.N), "cpu-ns/op") }
}

// used returns the time that the process has computed.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
