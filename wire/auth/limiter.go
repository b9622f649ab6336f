package auth

import (
	"net/netip"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// How many failures an address has before it must wait, how often it gets one
// back, and how many addresses are remembered.
const (
	failureBurst  = 10
	failureRefill = 6 * time.Second
	maxAddresses  = 100_000
)

// Limiter slows down the guessing of passwords: an address that failed
// failureBurst times is let in again at one attempt per failureRefill. A success
// clears it. A nil Limiter limits nothing.
type Limiter struct {
	clock clock.Clock

	mu       sync.Mutex
	failures map[netip.Addr]failureCount
}

// failureCount is a bucket that leaks one failure per failureRefill.
type failureCount struct {
	n    int
	last time.Time // when n was brought up to date
}

// NewLimiter makes a limiter.
func NewLimiter(c clock.Clock) *Limiter {
	return &Limiter{clock: c, failures: map[netip.Addr]failureCount{}}
}

// Check is 28000 while the address has to wait.
func (l *Limiter) Check(addr netip.Addr) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current(key(addr)).n < failureBurst {
		return nil
	}
	return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "too many failed authentication attempts").
		WithHint("Wait %d seconds before the next attempt.", int(failureRefill.Seconds()))
}

// Record notes the outcome of an attempt.
func (l *Limiter) Record(addr netip.Addr, ok bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := key(addr)
	if ok {
		delete(l.failures, k)
		return
	}
	if len(l.failures) >= maxAddresses {
		l.forgetOld()
	}
	f := l.current(k)
	f.n++
	l.failures[k] = f
}

// current is an address's count with what has leaked taken off.
func (l *Limiter) current(k netip.Addr) failureCount {
	now := l.clock.Now()
	f := l.failures[k]
	leaked := int(now.Sub(f.last) / failureRefill)
	if leaked >= f.n {
		return failureCount{last: now}
	}
	f.n -= leaked
	f.last = f.last.Add(time.Duration(leaked) * failureRefill)
	return f
}

// forgetOld drops the addresses whose failures have all leaked, and all if that
// frees nothing: memory is worth more than the memory of an attack this broad.
func (l *Limiter) forgetOld() {
	for k := range l.failures {
		if l.current(k).n == 0 {
			delete(l.failures, k)
		}
	}
	if len(l.failures) >= maxAddresses {
		clear(l.failures)
	}
}

// key is what one attacker is likely to own: an IPv4 address, an IPv6 /64.
func key(a netip.Addr) netip.Addr {
	if a = a.Unmap(); a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
