package rows

import (
	"context"
	"hash/maphash"
	"sync"
)

var keySeed = maphash.MakeSeed()

// hashKey is for sets of keys or ids that are too many to be kept.
func hashKey(key string) uint64 { return maphash.String(keySeed, key) }

// ledger is what a unit has announced, by segments of its record: the newest of them are in
// memory, maxLedger bytes, others in the store alone, from where they are read again.
type ledger struct {
	u  *unit
	mu sync.Mutex

	parts []ledgerPart
	// places are where rows were announced last that were there before, by a hash of their
	// key: some 25 bytes for each; earlier ones of the same hash are in others.
	places map[uint64]place
	others map[uint64][]place
	held   int
	queue  []int // the parts in memory but the first, which the record itself has
}

// ledgerPart are the rows of a segment; nil: they are in the store.
type ledgerPart struct {
	rows []txEntry
	size int
	// undone: they were taken back.
	undone bool
}

type place struct{ part, row uint32 }

// maxLedger is how many bytes of old objects a unit keeps in memory.
const maxLedger = 4 * maxSegment

// rowOverhead is about what an old object takes in memory beside its bytes.
const rowOverhead = 512

// add keeps the rows of a new segment.
func (l *ledger) add(rows []txEntry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.places == nil {
		l.places, l.others = map[uint64]place{}, map[uint64][]place{}
	}
	n := len(l.parts)
	size := 0
	for i := range rows {
		size += rows[i].size() + rowOverhead
		l.point(&rows[i], place{uint32(n), uint32(i)})
	}
	l.parts = append(l.parts, ledgerPart{size: size})
	l.hold(n, rows)
}

// point remembers where a row is. One that was not there before needs no place, unless it
// has one already.
func (l *ledger) point(e *txEntry, at place) {
	h := hashKey(e.Key)
	old, ok := l.places[h]
	if ok {
		l.others[h] = append(l.others[h], old)
	}
	if ok || e.Old != nil {
		l.places[h] = at
	}
}

// hold takes a part into memory, and lets the oldest go that are too much.
func (l *ledger) hold(n int, rows []txEntry) {
	l.parts[n].rows = rows
	if n == 0 {
		return
	}
	l.queue, l.held = append(l.queue, n), l.held+l.parts[n].size
	for l.held > maxLedger && len(l.queue) > 1 {
		first := &l.parts[l.queue[0]]
		first.rows, l.held, l.queue = nil, l.held-first.size, l.queue[1:]
	}
}

// part are the rows of a segment: 40001 where it is gone, long after the unit's commit.
func (l *ledger) part(ctx context.Context, n int) ([]txEntry, error) {
	l.mu.Lock()
	rows := l.parts[n].rows
	l.mu.Unlock()
	if rows != nil {
		return rows, nil
	}
	found, err := l.u.env.readJSON(ctx, segmentKey(l.u.tag(), n), &rows)
	if err != nil {
		return nil, err
	}
	if found == "" {
		return nil, busy("What was there before another transaction is gone")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.parts[n].rows == nil {
		l.hold(n, rows)
	}
	return rows, nil
}

// find is what was announced last of a row; nil for nothing, or for a row that is new.
func (l *ledger) find(ctx context.Context, key string) (*txEntry, error) {
	for _, at := range l.candidates(key) {
		rows, err := l.part(ctx, int(at.part))
		if err != nil {
			return nil, err
		}
		if e := &rows[at.row]; e.Key == key {
			return e, nil
		}
	}
	return nil, nil
}

// candidates are where a row may be, the last place first.
func (l *ledger) candidates(key string) []place {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := hashKey(key)
	at, ok := l.places[h]
	if !ok {
		return nil
	}
	out := []place{at}
	for i := len(l.others[h]) - 1; i >= 0; i-- {
		out = append(out, l.others[h][i])
	}
	return out
}

// old is the object that the unit found of a row: nil where there was none.
func (l *ledger) old(ctx context.Context, key string) (*oldObject, error) {
	e, err := l.find(ctx, key)
	if e == nil {
		return nil, err
	}
	return e.Old, nil
}

// oldsOf finds the old objects of a unit; known is false where it can't tell.
type oldsOf func(ctx context.Context, key string) (old *oldObject, known bool, err error)

// old implements oldsOf. Of a unit that was taken back the rows themselves tell, once its
// record is gone.
func (u *unit) old(ctx context.Context, key string) (*oldObject, bool, error) {
	old, err := u.ledger.old(ctx, key)
	if err == nil {
		return old, true, nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.state == aborted {
		return nil, false, nil
	}
	return nil, false, err
}

// each calls f with the rows of each part that was not taken back.
func (l *ledger) each(ctx context.Context, f func(rows []txEntry) error) error {
	for n := range l.len() {
		if l.undone(n) {
			continue
		}
		rows, err := l.part(ctx, n)
		if err != nil {
			return err
		}
		if err := f(rows); err != nil {
			return err
		}
	}
	return nil
}

// bytes is about what is in memory.
func (l *ledger) bytes() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.parts) == 0 {
		return 0
	}
	return l.parts[0].size + l.held
}

func (l *ledger) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.parts)
}

func (l *ledger) undone(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parts[n].undone
}

func (l *ledger) undo(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parts[n].undone = true
}

// spilled says that parts are in the store alone.
func (l *ledger) spilled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.parts) > 1+len(l.queue)
}
