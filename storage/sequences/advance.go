package sequences

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
)

// taken is the outcome of advance.
type taken struct {
	given storage.SequenceRange
	state storage.SequenceState // of this process after it
	// claims: claimed must be written before given may be used.
	claims  bool
	claimed object
}

// advance is the loop of nextval_internal: it gives up to Cache numbers, and
// claims that many more than it holds, and ahead beside them, where those it
// holds do not suffice. 2200H at the end.
func advance(c storage.Counter, st storage.SequenceState, ahead int64) (taken, error) {
	cache := max(c.Cache, 1)
	next, count := st.Last, int64(0)
	t := taken{state: st}
	fetch := cache
	give := func() {
		if count++; count == 1 {
			t.given.First = next
		}
		t.given.Last = next
	}
	if !st.Called {
		give()
		fetch--
	}
	log := st.Logged
	if log < fetch || !st.Called {
		fetch += ahead
		log, t.claims = fetch, true
	}
	for fetch > 0 {
		n, ok := step(c, next)
		if !ok {
			if count > 0 {
				break
			}
			return t, limitReached(c)
		}
		next = n
		fetch--
		if count < cache {
			log--
			give()
		}
	}
	t.state = storage.SequenceState{Last: t.given.Last, Called: true, Logged: log - fetch}
	t.claimed = object{Last: next, Called: true}
	return t, nil
}

// step is the number after last; ok is false at the end of a sequence that does
// not cycle.
func step(c storage.Counter, last int64) (next int64, ok bool) {
	if c.Increment > 0 {
		if last > c.Max-c.Increment && c.Max >= 0 || c.Max < 0 && last+c.Increment > c.Max {
			return c.Min, c.Cycle
		}
		return last + c.Increment, true
	}
	if c.Min < 0 && last < c.Min-c.Increment || c.Min >= 0 && last+c.Increment < c.Min {
		return c.Max, c.Cycle
	}
	return last + c.Increment, true
}

// limitReached is 2200H.
func limitReached(c storage.Counter) error {
	what, value := "maximum", c.Max
	if c.Increment < 0 {
		what, value = "minimum", c.Min
	}
	return pgerr.New(pgerr.SequenceGeneratorLimitExceeded, "nextval: reached %s value of sequence \"%s\" (%d)", what, c.Name, value)
}
