package rows_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestNoLostUpdates: processes that add to one row side by side, moving its
// reference to and fro, lose none of their additions.
func TestNoLostUpdates(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(person{id: "a", region: "R0"})
			other := rows.Open(w.def, w.newEnv())
			const writers, additions = 6, 15
			var wg sync.WaitGroup
			for n := range writers {
				table := []storage.Table{w.table, w.table, other}[n%3]
				wg.Go(func() {
					for done := 0; done < additions; {
						if w.addOneTo(table, "a") {
							done++
						}
					}
				})
			}
			wg.Wait()
			require.Equal(t, [][]any{{int64(writers * additions)}}, w.scan(w.table, storage.ScanSpec{Columns: []int16{colAge}}))
		})
	}
}

func (w *world) addOneTo(table storage.Table, id string) bool {
	got, err := scan(table, storage.ScanSpec{Columns: []int16{storage.ColRowImage, colAge},
		Path: storage.Path{Kind: storage.PointGet, IDs: []string{id}}})
	if err != nil || len(got) != 1 {
		w.t.Errorf("%v %v", got, err)
		return true
	}
	n := got[0][1].(int64) + 1
	ch, err := table.Validate(storage.Change{Op: storage.Update, Old: got[0][0].(*storage.RowImage),
		Columns: []int16{colAge, colRegion}, Values: []any{n, fmt.Sprintf("R%d", n%3)}})
	if err != nil {
		w.t.Error(err)
		return true
	}
	res := table.Apply(ctx, []storage.Change{ch})[0]
	if res.Outcome != storage.Applied && res.Outcome != storage.Conflict {
		w.t.Errorf("%v: %v", res.Outcome, res.Err)
		return true
	}
	return res.Outcome == storage.Applied
}

// TestReferencesUnderConcurrency: writers of one process that change, delete and
// insert the same rows leave every row with its references.
func TestReferencesUnderConcurrency(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			c.unique = true
			w := newWorld(t, c)
			w.insert(crowd(4)...)
			var wg sync.WaitGroup
			for n := range 6 {
				wg.Go(func() {
					for k := range 40 {
						id := fmt.Sprintf("p%04d", (n+k)%4)
						w.churn(id, n*40+k)
					}
				})
			}
			wg.Wait()
			checkIndexes(t, w)
			require.Equal(t, len(w.scan(w.table, storage.ScanSpec{Columns: []int16{colEmail}})), len(w.keys("unique=")))
		})
	}
}

// churn writes a row in one of several ways; conflicts are fine.
func (w *world) churn(id string, n int) {
	region, email := fmt.Sprintf("R%d", n%3), fmt.Sprintf("mail%d", n%5)
	var res storage.Result
	im := w.image(w.table, id)
	switch {
	case im == nil:
		res = w.table.Apply(ctx, []storage.Change{w.valid(w.table, person{id: id, region: region, email: email}.change())})[0]
	case n%4 == 0:
		res = w.table.Apply(ctx, []storage.Change{{Op: storage.Delete, ID: id, Old: im}})[0]
	default:
		res = w.updateImage(w.table, im, []int16{colRegion, colEmail}, region, email)
	}
	if res.Outcome == storage.Failed && pgerr.CodeOf(res.Err) != pgerr.SerializationFailure {
		w.t.Errorf("%s: %v", id, res.Err)
	}
}

// TestUniqueRace: of many inserts with one key one wins; the others are 23505,
// and leave nothing.
func TestUniqueRace(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, unique: true})
	other := rows.Open(w.def, w.newEnv())
	results := make([]storage.Result, 16)
	var wg sync.WaitGroup
	for n := range results {
		table := []storage.Table{w.table, other}[n%2]
		ch := w.valid(table, person{id: fmt.Sprintf("r%02d", n), region: "EU", email: "same"}.change())
		wg.Go(func() { results[n] = table.Apply(ctx, []storage.Change{ch})[0] })
	}
	wg.Wait()
	won := 0
	for _, r := range results {
		switch r.Outcome {
		case storage.Applied:
			won++
		case storage.Violated:
			e := pgerr.As(r.Err)
			require.Equal(t, pgerr.UniqueViolation, e.Code)
			require.Equal(t, `duplicate key value violates unique constraint "people_email_key"`, e.Message)
			require.Equal(t, "Key (email)=(same) already exists.", e.Detail)
			require.Equal(t, "people_email_key", e.Constraint)
		default:
			require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(r.Err))
		}
	}
	require.Equal(t, 1, won)
	require.Len(t, w.keys(""), 3)
}
