package client

import (
	"sync"
	"time"
)

// pace spreads the requests to a host as their quota runs out.
type pace struct {
	mu    sync.Mutex
	hosts map[string]spread
}

// spread says when the next request to a host should go out.
type spread struct {
	interval time.Duration // between two
	next     time.Time
	until    time.Time // then the quota is renewed and all of this is over
}

// maxHosts is for how many hosts a pace is kept.
const maxHosts = 1000

// wait takes the next place among the requests to a host and returns the time until
// then. Places are not given back: who does not wait goes out of turn.
func (p *pace) wait(host string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.hosts[host]
	if !ok {
		return 0
	}
	if !now.Before(s.until) {
		delete(p.hosts, host)
		return 0
	}
	at := s.next
	if at.Before(now) {
		at = now
	}
	if at.After(s.until) {
		at = s.until
	}
	s.next = at.Add(s.interval)
	p.hosts[host] = s
	return at.Sub(now)
}

// learn sets the pace by the quotas that a response told. While half of each is
// left, or while nothing is told, nobody waits. From there on the interval grows,
// up to all of the time until there is more.
func (p *pace) learn(host string, quotas []quota, now time.Time) {
	var slowest spread
	for _, q := range quotas {
		half := max(1, q.whole/2)
		if q.whole == 0 {
			half = 10 // not told: the last few of whatever it is
		}
		even := q.within / time.Duration(q.remaining+1)
		interval := time.Duration(float64(even) * (1 - float64(q.remaining)/float64(half)))
		if interval > slowest.interval { // it is below zero while more than half is left
			slowest = spread{interval, now.Add(interval), now.Add(q.within)}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if slowest.interval == 0 {
		if quotas != nil {
			delete(p.hosts, host)
		}
		return
	}
	if p.hosts == nil || len(p.hosts) >= maxHosts {
		p.hosts = map[string]spread{} // a pace lost costs a 429 at worst
	}
	if old, ok := p.hosts[host]; ok && old.next.After(slowest.next) && old.next.Before(slowest.until) {
		slowest.next = old.next // places that were taken meanwhile
	}
	p.hosts[host] = slowest
}
