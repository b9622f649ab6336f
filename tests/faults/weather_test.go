package faults

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// weather is a bad network before an S3 server that has its days: about one request
// in six meets something.
type weather struct {
	mu     sync.Mutex
	chance *rand.Rand
	calm   atomic.Bool
	met    [len(storms)]int
}

// storms are what requests meet, each with its share of 10,000 requests. A PUT may be
// carried out after its sender has given up, and twice. A DELETE never is: what it leaves
// does not tell whose it was (ADR 15).
var storms = [...]struct {
	name  string
	share int
	fault func(r *http.Request, d time.Duration) fault
}{
	{"latency before", 500, func(_ *http.Request, d time.Duration) fault { return fault{before: d / 20} }},
	{"latency after", 500, func(_ *http.Request, d time.Duration) fault { return fault{after: d / 20} }},
	{"500 instead", 100, func(*http.Request, time.Duration) fault { return fault{status: 500, code: "InternalError"} }},
	{"503 instead", 150, func(*http.Request, time.Duration) fault { return fault{status: 503, code: "SlowDown"} }},
	{"500 although done", 100, func(*http.Request, time.Duration) fault { return fault{status: 500, code: "InternalError", done: true} }},
	{"connection cut", 100, func(*http.Request, time.Duration) fault { return fault{cut: true} }},
	{"answer lost", 100, func(*http.Request, time.Duration) fault { return fault{lose: true} }},
	{"carried out twice", 100, func(r *http.Request, _ time.Duration) fault { return fault{twice: r.Method != http.MethodDelete} }},
	{"no answer in time", 15, func(*http.Request, time.Duration) fault { return fault{after: timeout * 5 / 4} }},
	{"carried out late", 15, func(r *http.Request, _ time.Duration) fault {
		if r.Method != http.MethodPut {
			return fault{before: timeout / 2}
		}
		return fault{before: timeout * 5 / 4}
	}},
}

func (w *weather) meddle(r *http.Request) fault {
	if w.calm.Load() {
		return fault{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.chance.IntN(10000)
	for i, s := range storms {
		if at -= s.share; at < 0 {
			w.met[i]++
			return s.fault(r, time.Duration(w.chance.Int64N(int64(timeout))))
		}
	}
	return fault{}
}

// report logs what was met.
func (w *weather) report(t *testing.T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, s := range storms {
		t.Logf("%s: %d", s.name, w.met[i])
	}
}

// fleet is three servers over one bucket in bad weather, or one over a folder.
type fleet struct {
	t       *testing.T
	servers []*testserver.Process
	weather *weather
}

// patient: nobody dies, and scans take long in bad weather.
var patient = []string{"--transaction-lease", "6s"}

// newFleet starts the servers, after the tables were made, and then the weather.
func newFleet(t *testing.T, store string, salt uint64, setup ...string) *fleet {
	g := grounds[store](t)
	f := &fleet{t: t, weather: &weather{chance: rand.New(rand.NewPCG(*seed, salt))}}
	f.servers = append(f.servers, g.start(patient...))
	testserver.Exec(t, f.servers[0].Connect(t), setup...)
	if g.proxy != nil {
		f.servers = append(f.servers, g.start(patient...), g.start(patient...))
		g.proxy.set(f.weather.meddle)
	}
	return f
}

// work has three times as many clients do something again and again, each with a chance of
// its own, until the time is over; then the weather is calm.
func (f *fleet) work(clients int, d time.Duration, do func(c *client)) {
	var all sync.WaitGroup
	end := time.Now().Add(d)
	for i := range 3 * clients {
		c := &client{n: i, conn: f.servers[i%len(f.servers)].Connect(f.t), chance: rand.New(rand.NewPCG(*seed, uint64(i)+100))}
		all.Go(func() {
			for time.Now().Before(end) && !f.t.Failed() {
				do(c)
			}
		})
	}
	all.Wait()
	f.weather.calm.Store(true)
	f.weather.report(f.t)
}

// client is one of those at work.
type client struct {
	n      int
	conn   *pgx.Conn
	chance *rand.Rand
}

// outcome is what a client knows of a transaction.
type outcome uint8

const (
	done outcome = iota
	refused
	unclear // it may have happened, or happen yet
)

// refusals are the SQLSTATEs that say that nothing has happened: conflicts, and what
// constraints forbid.
var refusals = map[string]bool{"40001": true, "40P01": true, "23505": true, "23503": true, "23514": true}

func outcomeOf(err error) outcome {
	switch {
	case err == nil:
		return done
	case refusals[state(err)]:
		return refused
	}
	return unclear
}

// stormy is how long the servers are in bad weather.
func stormy() time.Duration {
	if *long {
		return 2 * time.Minute
	}
	return 6 * time.Second
}
