package statute

import "slices"

// The bounds of a judge's memory.
const (
	keepPlaces = 4096
	keepAt     = 128      // exchanges of one place
	keepBytes  = 32 << 20 // of all exchanges together
)

// memory holds the latest exchanges by place; when there are too many, the
// places seen first are forgotten. Once it is full it allocates no more.
type memory struct {
	exchanges map[place][]*Exchange
	order     []place // as they were seen, from first on
	first     int
	bytes     int
	free      [][]*Exchange // what forgotten places left, empty
}

// place is a path on a server.
type place struct{ authority, path string }

func (m *memory) keep(x *Exchange) {
	p := place{x.Request.Authority, x.Request.Path()}
	at, known := m.exchanges[p]
	if !known {
		at = m.enter(p)
	}
	if len(at) == keepAt {
		m.bytes -= weight(at[0])
		at = slices.Delete(at, 0, 1)
	}
	m.exchanges[p] = append(at, x)
	for m.bytes += weight(x); m.bytes > keepBytes && len(m.exchanges) > 0; {
		m.forget()
	}
}

// enter makes room for a place and returns its empty list.
func (m *memory) enter(p place) []*Exchange {
	if len(m.exchanges) == keepPlaces {
		m.forget()
	}
	if m.first > keepPlaces {
		m.order = slices.Delete(m.order, 0, m.first)
		m.first = 0
	}
	m.order = append(m.order, p)
	last := len(m.free) - 1
	if last < 0 {
		return nil
	}
	at := m.free[last]
	m.free = m.free[:last]
	return at
}

// forget drops the place that was seen first.
func (m *memory) forget() {
	p := m.order[m.first]
	m.first++
	at := m.exchanges[p]
	for _, x := range at {
		m.bytes -= weight(x)
	}
	delete(m.exchanges, p)
	clear(at)
	m.free = append(m.free, at[:0])
}

// weight is about how many bytes an exchange takes.
func weight(x *Exchange) int {
	const itself, field = 512, 64
	return itself + field*(len(x.Request.Fields)+len(x.Response.Fields)) + len(x.Request.Body.Bytes) + len(x.Response.Body.Bytes)
}
