package s3fake

import (
	"context"
	"time"
)

// Fault is one thing that goes wrong with requests.
type Fault struct {
	// Op is GET, HEAD, PUT, DELETE, LIST or DELETEBATCH; empty: all.
	Op string
	// Key chooses by key (a LIST's prefix); nil: all.
	Key func(key string) bool
	// The first After requests that match pass, the next Times (0: all) are hit.
	After, Times int

	// Latency passes first, in real time.
	Latency time.Duration
	// Cut closes the connection before anything is done.
	Cut bool
	// Status and Code are answered, and nothing is done.
	Status int
	Code   string
	// LostReply does what was asked, and closes the connection.
	LostReply bool

	seen int
}

// Inject adds a fault. Of several that hit a request the first one does.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Heal removes all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// hit is the fault that a request meets, nil if none.
func (s *Server) hit(op, key string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first *Fault
	for _, f := range s.faults {
		if f.Op != "" && f.Op != op || f.Key != nil && !f.Key(key) {
			continue
		}
		f.seen++
		if f.seen > f.After && (f.Times == 0 || f.seen <= f.After+f.Times) && first == nil {
			first = f
		}
	}
	return first
}

// before lets the latency pass and says whether the connection is to be cut.
func (f *Fault) before(ctx context.Context) (cut bool) {
	if f == nil {
		return false
	}
	if f.Latency > 0 {
		select {
		case <-time.After(f.Latency):
		case <-ctx.Done():
		}
	}
	return f.Cut
}
