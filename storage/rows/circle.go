package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/storage"
)

// phase are moves that are made side by side; in a circle each of them gains a unique key
// that another one loses. These keys are given up first: in a unit, whose keys can be those of
// two rows as long as it is open, or by removing them.
type phase struct {
	moves  []int
	circle bool
}

// giveUp removes the unique keys that the moves of a circle lose, so that the others can
// have them.
func (w *writer) giveUp(moves []*move, circle []int) {
	for _, i := range circle {
		m := moves[i]
		_, m.gaveUp = m.old.minus(m.next.version)
		if w.t.unit.open() {
			w.t.unit.lost(w.t, m.id, nil, m.gaveUp, version{}) // claims are handed on
		} else {
			w.removeKeys(m.gaveUp)
		}
	}
}

func (w *writer) removeKeys(uniques []uniqueKey) {
	keys := make([]string, len(uniques))
	for k, u := range uniques {
		keys[k] = u.key
	}
	_ = deleteAll(context.WithoutCancel(w.ctx), w.t.store, keys) // what stays is found taken
}

// openCircle takes back what was moved of a circle in which some row could not be: the
// rows have their keys again then.
func (w *writer) openCircle(moves []*move, circle []int, results []storage.Result) {
	var moved, left []int
	for _, i := range circle {
		if results[i].Outcome == storage.Applied {
			moved = append(moved, i)
		} else {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return
	}
	if w.t.unit.open() {
		w.t.unit.spoil("Unique values that change places met another transaction")
		return
	}
	again := &writer{t: w.t, ctx: context.WithoutCancel(w.ctx), places: w.places, began: w.t.env.Clock.Now()}
	back := map[int]*move{}
	for _, i := range moved {
		if now, err := w.t.stateOf(results[i].Image); err == nil {
			back[i] = &move{id: moves[i].id, old: now, next: moves[i].old}
			_, back[i].gaveUp = now.minus(back[i].next.version)
			again.removeKeys(back[i].gaveUp)
		}
	}
	for _, i := range moved {
		if back[i] != nil && again.run(back[i]).Outcome == storage.Applied {
			results[i] = storage.Result{Outcome: storage.Conflict}
		}
	}
	for _, i := range left {
		for _, u := range moves[i].gaveUp {
			_, _ = again.claim(moves[i].id, u)
		}
	}
	again.cleanUp()
}
