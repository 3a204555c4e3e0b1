package statutetest

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// buffered is how many bytes one side of a connection may write that the other
// has not read.
const buffered = 64 << 10

// stream is one direction of a connection in memory. Unlike net.Pipe it holds
// what is written, as a socket does: a server may answer and close before it
// has read the whole request.
type stream struct {
	mu        sync.Mutex
	changed   sync.Cond
	data      []byte // written and not read yet
	finished  bool   // by the writer
	abandoned bool   // by the reader
	broken    bool   // abandoned before it was finished
	reading   deadline
	writing   deadline

	record // of all that was written
}

// deadline is when the operations of one side give up.
type deadline struct {
	timer  *time.Timer
	passed bool
}

func newStream() *stream {
	s := &stream{}
	s.changed.L = &s.mu
	return s
}

func (s *stream) read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.abandoned:
			return 0, net.ErrClosed
		case s.reading.passed:
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		case len(s.data) > 0:
			n := copy(b, s.data)
			s.data = s.data[n:]
			s.changed.Broadcast()
			return n, nil
		case s.finished:
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

func (s *stream) write(b []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.finished:
			return n, net.ErrClosed
		case s.writing.passed:
			return n, os.ErrDeadlineExceeded
		case s.abandoned:
			return n, syscall.EPIPE
		case n == len(b):
			return n, nil
		}
		if room := min(buffered-len(s.data), len(b)-n); room > 0 {
			s.data = append(s.data, b[n:n+room]...)
			s.add(b[n : n+room])
			n += room
			s.changed.Broadcast()
			continue
		}
		s.changed.Wait()
	}
}

// finish ends the stream: the reader reads what is there, then io.EOF.
func (s *stream) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished = true
	s.changed.Broadcast()
}

// abandon makes writing fail from now on: nobody reads any more.
func (s *stream) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.abandoned, s.broken = true, s.broken || !s.finished
	s.changed.Broadcast()
}

// limit sets a deadline of the stream; the zero time is none.
func (s *stream) limit(d *deadline, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
	}
	d.timer, d.passed = nil, false
	if at.IsZero() {
		return
	}
	wait := time.Until(at)
	if wait <= 0 {
		d.passed = true
		s.changed.Broadcast()
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if d.timer == timer { // else it was stopped too late
			d.passed = true
			s.changed.Broadcast()
		}
	})
	d.timer = timer
}

// pipe is one end of a connection in memory.
type pipe struct {
	in, out       *stream
	local, remote address
}

func (p *pipe) Read(b []byte) (int, error)  { return p.in.read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.out.write(b) }

// CloseWrite ends what goes out and leaves what comes in.
func (p *pipe) CloseWrite() error {
	p.out.finish()
	return nil
}

func (p *pipe) Close() error {
	p.out.finish()
	p.in.abandon()
	return nil
}

func (p *pipe) LocalAddr() net.Addr  { return p.local }
func (p *pipe) RemoteAddr() net.Addr { return p.remote }

func (p *pipe) SetDeadline(t time.Time) error {
	p.in.limit(&p.in.reading, t)
	p.out.limit(&p.out.writing, t)
	return nil
}

func (p *pipe) SetReadDeadline(t time.Time) error {
	p.in.limit(&p.in.reading, t)
	return nil
}

func (p *pipe) SetWriteDeadline(t time.Time) error {
	p.out.limit(&p.out.writing, t)
	return nil
}

// address is the name of one end.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }
