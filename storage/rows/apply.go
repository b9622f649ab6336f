package rows

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Apply implements storage.Table.
//
// Requests per row: an insert is one PUT for each reference and unique key, then
// one for the row; an update one PUT for each reference and unique key that it
// gains, one for the row, and the removal of those that it loses (the losses of
// all rows of a call go in batches); a delete one for the row, and the removal
// of what it had. A row without a stamp is read once more before it is replaced.
// An update that changes nothing is written all the same, as PostgreSQL does.
func (t *table) Apply(ctx context.Context, changes []storage.Change) []storage.Result {
	if results, ok := t.applyObserved(ctx, changes); ok {
		return results
	}
	return t.apply(ctx, changes)
}

func (t *table) apply(ctx context.Context, changes []storage.Change) []storage.Result {
	t.unit.step()
	results := make([]storage.Result, len(changes))
	moves := make([]*move, len(changes))
	for i, ch := range changes {
		var err error
		if moves[i], err = t.move(ch); err != nil {
			results[i], moves[i] = failed(err), nil
		}
	}
	t.carryOut(&writer{ctx: ctx}, moves, results)
	return results
}

func failed(err error) storage.Result {
	var b *blocked
	if !errors.As(err, &b) {
		err = objstore.ToPG(err)
	}
	return storage.Result{Outcome: storage.Failed, Err: err}
}

// carryOut makes the moves that are not nil. Those that another writer stands in the way
// of are made again after a pause, in which nothing is locked.
func (t *table) carryOut(w *writer, moves []*move, results []storage.Result) {
	w.t, w.places = t, make(chan struct{}, t.fanOut())
	left := slices.Clone(moves)
	for p := t.newWait(); ; {
		by, err := w.carryOn(left, results)
		if by == nil && err == nil {
			break
		}
		if err == nil {
			err = t.await(w.ctx, p, by)
		}
		if err != nil {
			for i, m := range left {
				if m != nil {
					results[i] = failed(err)
				}
			}
			break
		}
	}
	t.countRows(moves, results)
}

// carryOn makes the moves, up to the end of the first phase in which one meets another
// writer. Moves that are made become nil.
func (w *writer) carryOn(moves []*move, results []storage.Result) (by *blocked, err error) {
	unlock, err := w.t.lockRows(w.ctx, moves)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for _, phase := range w.t.phases(moves) {
		w.began = w.t.env.Clock.Now()
		if phase.circle {
			w.giveUp(moves, phase.moves)
		}
		w.each(len(phase.moves), func(k int) { results[phase.moves[k]] = w.run(moves[phase.moves[k]]) })
		w.cleanUp()
		if phase.circle {
			w.openCircle(moves, phase.moves, results)
		}
		for _, i := range phase.moves {
			if !errors.As(results[i].Err, &by) {
				moves[i] = nil
			}
		}
		if by != nil {
			return by, nil
		}
	}
	return nil, nil
}

// lockRows locks rows and the unique keys that they gain or lose.
func (t *table) lockRows(ctx context.Context, moves []*move) (func(), error) {
	keys := make([]string, 0, len(moves))
	for _, m := range moves {
		if m == nil {
			continue
		}
		keys = append(keys, t.schema.DataKey(m.id))
		for _, s := range []*state{m.old, m.next} {
			if s != nil {
				for _, u := range s.uniques {
					keys = append(keys, u.key)
				}
			}
		}
	}
	return t.env.locks.lock(ctx, keys)
}

// phases orders the moves: a unique key that one row gives up may be another
// row's in the same call, so with unique keys removals go first, then
// replacements, each after the one that gives up what it gains, then new rows,
// the first that wants a key before all others that do.
func (t *table) phases(moves []*move) []phase {
	var removals, replacements, inserts []int
	unique := t.hasUnique()
	for i, m := range moves {
		switch {
		case m == nil:
		case !unique || m.next == nil:
			removals = append(removals, i)
		case m.old != nil:
			replacements = append(replacements, i)
		default:
			inserts = append(inserts, i)
		}
	}
	out := append([]phase{{moves: removals}}, inTurn(moves, replacements)...)
	first, later := firstComers(moves, inserts)
	return slices.DeleteFunc(append(out, phase{moves: first}, phase{moves: later}), func(p phase) bool { return len(p.moves) == 0 })
}

// inTurn orders replacements by the unique keys that they hand on. Those that
// wait for each other in a circle come last, together.
func inTurn(moves []*move, waiting []int) (out []phase) {
	holder, gained := map[string]int{}, map[int][]uniqueKey{}
	for _, i := range waiting {
		_, lost := moves[i].old.minus(moves[i].next.version)
		for _, u := range lost {
			holder[u.key] = i
		}
		_, gained[i] = moves[i].next.minus(moves[i].old.version)
	}
	done := map[int]bool{}
	waits := func(i int) bool {
		return slices.ContainsFunc(gained[i], func(u uniqueKey) bool {
			by, held := holder[u.key]
			return held && !done[by]
		})
	}
	for {
		var ready, rest []int
		for _, i := range waiting {
			if waits(i) {
				rest = append(rest, i)
			} else {
				ready = append(ready, i)
			}
		}
		if len(ready) == 0 || len(rest) == 0 {
			return append(out, phase{waiting, len(rest) > 0})
		}
		for _, i := range ready {
			done[i] = true
		}
		out, waiting = append(out, phase{moves: ready}), rest
	}
}

// firstComers parts new rows: those of which each key is wanted by no earlier
// one, and the others.
func firstComers(moves []*move, inserts []int) (first, later []int) {
	wanted := map[string]bool{}
	for _, i := range inserts {
		repeated := false
		for _, u := range moves[i].next.uniques {
			repeated = repeated || wanted[u.key]
			wanted[u.key] = true
		}
		if repeated {
			later = append(later, i)
		} else {
			first = append(first, i)
		}
	}
	return first, later
}

// countRows counts what was written, and keeps the known number of rows up to date.
func (t *table) countRows(moves []*move, results []storage.Result) {
	var inserted, updated, deleted int64
	for i, m := range moves {
		switch {
		case m == nil || results[i].Outcome != storage.Applied:
		case m.old == nil:
			inserted++
		case m.next == nil:
			deleted++
		default:
			updated++
		}
	}
	t.env.Stats.wrote(t.def.OID, inserted, updated, deleted)
}

// writer is one call of Apply or Undo.
type writer struct {
	t       *table
	ctx     context.Context
	undoing bool
	places  chan struct{} // bounds requests in flight
	began   time.Time     // of the phase

	mu      sync.Mutex
	garbage []string          // derived objects that no row has any more
	graves  []string          // tombstones to be removed after them
	getting map[string]string // unique keys that are being claimed, and for which row
}

// each runs f for 0 to n-1, at most fanOut at once.
func (w *writer) each(n int, f func(k int)) { sideways(n, w.t.fanOut(), f) }

// sideways runs f for 0 to n-1, at most limit at once, and waits.
func sideways(n, limit int, f func(k int)) {
	if n == 1 {
		f(0)
		return
	}
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, limit) {
		wg.Go(func() {
			for k := range next {
				f(k)
			}
		})
	}
	for k := range n {
		next <- k
	}
	close(next)
	wg.Wait()
}

// request runs f in one of the places.
func (w *writer) request(f func() error) error {
	select {
	case w.places <- struct{}{}:
	case <-w.ctx.Done():
		return cancelled(w.ctx)
	}
	defer func() { <-w.places }()
	return f()
}

// run makes one move in the order of storage.md section 1.
func (w *writer) run(m *move) storage.Result {
	gained := w.gained(m)
	var lost version
	if m.old != nil {
		lost = m.old.version
	}
	defer w.settle(m.id, gained.uniques)
	if res, ok := w.claimAll(m, gained); !ok {
		return res
	}
	if err := w.putReferences(m); err != nil {
		w.takeBack(m, gained)
		return failed(err)
	}
	if len(gained.uniques) > 0 && w.late() {
		w.takeBack(m, gained)
		return failed(busy("The statement held a unique key for too long"))
	}
	defer w.transit(m)()
	res, known := w.writeRow(m)
	switch {
	case res.Outcome == storage.Applied:
		var kept version
		if m.next != nil {
			kept = m.next.version
		}
		refs, uniques := lost.minus(kept)
		if m.gaveUp != nil {
			uniques = nil // another row's by now
		}
		if w.t.unit.open() {
			w.t.unit.lost(w.t, m.id, refs, uniques, kept)
		} else {
			w.discard(refs, uniques)
		}
	case known:
		w.takeBack(m, gained)
	}
	return res
}

// gained are the derived objects that the move must make.
func (w *writer) gained(m *move) (v version) {
	if m.next == nil {
		return v
	}
	var old version
	if m.old != nil {
		old = m.old.version
	}
	refs, uniques := m.next.minus(old)
	for _, key := range refs {
		v.refs = append(v.refs, reference{key: key})
	}
	v.uniques = uniques
	return v
}

// putReferences makes the new references, and writes those of covering
// partitions anew with the row's new stamp.
func (w *writer) putReferences(m *move) error {
	if m.next == nil {
		return nil
	}
	has := map[string]bool{}
	if m.old != nil {
		for _, r := range m.old.refs {
			has[r.key] = !r.index.Covering
		}
	}
	refs := slices.DeleteFunc(slices.Clone(m.next.refs), func(r reference) bool { return has[r.key] })
	errs := make([]error, len(refs))
	w.each(len(refs), func(k int) { errs[k] = w.putReference(refs[k], m.next) })
	return errors.Join(errs...)
}

func (w *writer) putReference(r reference, s *state) error {
	return w.request(func() error { return w.t.putReference(w.ctx, r, s) })
}

func (t *table) putReference(ctx context.Context, r reference, s *state) error {
	o := t.schema.ReferenceObject(r.index.Covering && s.stamped, s.stamp)
	_, err := t.store.Put(ctx, r.key, objstore.PutRequest{Body: o.Body, Metadata: o.Metadata})
	return err
}

// takeBack removes what a move that did not happen has made, but what the row
// as it is now has too. What can't be told stays: too many is harmless.
func (w *writer) takeBack(m *move, gained version) {
	if len(gained.refs)+len(gained.uniques) == 0 {
		return
	}
	ctx := context.WithoutCancel(w.ctx)
	now, err := w.t.current(ctx, m.id)
	if err != nil {
		return
	}
	refs, uniques := gained.minus(now)
	// What another row of the unit has given up is its own again if the unit fails.
	uniques = slices.DeleteFunc(uniques, func(u uniqueKey) bool { return w.t.unit.gaveUp(u.key) })
	w.discard(refs, uniques)
}

// current is what the row that now has the id has derived; nothing if there is
// none.
func (t *table) current(ctx context.Context, id string) (version, error) {
	r, err := t.fetchWhole(ctx, id)
	if r == nil || err != nil {
		return version{}, err
	}
	return t.versionOf(r)
}

func (w *writer) discard(refs []string, uniques []uniqueKey) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.garbage = append(w.garbage, refs...)
	for _, u := range uniques {
		w.garbage = append(w.garbage, u.key)
	}
}

// cleanUp removes garbage, then tombstones: while one stands no new row can take
// its place, and so no reference of a new row can be among the garbage. It
// goes on although the statement was cancelled; what fails stays, and is
// skipped by readers.
func (w *writer) cleanUp() {
	ctx := context.WithoutCancel(w.ctx)
	garbage, graves := w.garbage, w.graves
	w.garbage, w.graves = nil, nil
	if w.late() {
		return
	}
	_ = deleteAll(ctx, w.t.store, garbage)
	_ = deleteAll(ctx, w.t.store, graves) // never tried again: a new row may have the place by then
}
