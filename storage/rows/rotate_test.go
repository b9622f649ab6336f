package rows_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// interposer does something before the first PUT.
type interposer struct {
	objstore.Store
	once  sync.Once
	first func()
}

func (i *interposer) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	if i.first != nil {
		i.once.Do(i.first)
	}
	return i.Store.Put(ctx, key, req)
}

// TestRotateSecretsInSteps: what is done of a long rotation that is broken off is kept.
func TestRotateSecretsInSteps(t *testing.T) {
	w := newWorld(t, config{plain: true})
	old := declared(t, w, s3db.NewSecrets("old", rng.Seeded(1)))
	const n = 70
	for i := range int32(n) {
		ch, err := old.Validate(storage.Change{Op: storage.Insert, Columns: []int16{1, 2, 3, 4}, Values: []any{"x", i, "n", "s"}})
		require.NoError(t, err)
		require.Equal(t, storage.Applied, old.Apply(ctx, []storage.Change{ch})[0].Outcome)
	}
	w.env = w.newEnv()
	both := declared(t, w, s3db.NewSecrets("new", rng.Seeded(2), "old")).(storage.Rotator)
	stop := errors.New("stop")
	_, first, err := both.RotateSecrets(ctx, func(int64, int64) error { return stop })
	require.ErrorIs(t, err, stop)
	require.Positive(t, first)
	require.Less(t, first, int64(n))
	rows, rest, err := both.RotateSecrets(ctx, func(int64, int64) error { return nil })
	require.NoError(t, err)
	require.EqualValues(t, n, rows)
	require.Equal(t, n-first, rest)
}

// TestRotateSecrets: a rotation that is broken off goes on where it was, an update in
// between is not lost, and rows of both passphrases are read meanwhile.
func TestRotateSecrets(t *testing.T) {
	w := newWorld(t, config{plain: true})
	old := declared(t, w, s3db.NewSecrets("old", rng.Seeded(1)))
	const n = 8
	for i := range int32(n) {
		ch, err := old.Validate(storage.Change{Op: storage.Insert, Columns: []int16{1, 2, 3, 4}, Values: []any{"x", i, "n", "s"}})
		require.NoError(t, err)
		require.Equal(t, storage.Applied, old.Apply(ctx, []storage.Change{ch})[0].Outcome)
	}
	w.env = w.newEnv()
	between := &interposer{Store: w.env.Objects}
	w.env.Objects = between
	both := declared(t, w, s3db.NewSecrets("new", rng.Seeded(2), "old"))
	stop := errors.New("stop")
	rotate := func(tell func() error) (int64, int64, error) {
		return both.(storage.Rotator).RotateSecrets(ctx, func(int64, int64) error { return tell() })
	}

	// an update by another client while the rotation writes
	images := w.scan(both, storage.ScanSpec{Columns: []int16{2, storage.ColRowImage}})
	changed := images[0][1].(*storage.RowImage)
	between.first = func() {
		ch, err := old.Validate(storage.Change{Op: storage.Update, ID: changed.ID, Old: changed, Columns: []int16{3, 4}, Values: []any{"changed", "mine"}})
		require.NoError(t, err)
		require.Equal(t, storage.Applied, old.Apply(ctx, []storage.Change{ch})[0].Outcome)
	}
	_, _, err := rotate(func() error { return stop })
	require.ErrorIs(t, err, stop)
	for _, row := range w.scan(both, storage.ScanSpec{Columns: []int16{2, 3, 4}}) {
		want := []any{row[0], "n", "s"}
		if row[0] == images[0][0] {
			want = []any{row[0], "changed", "mine"}
		}
		require.Equal(t, want, row)
	}
	rows, rotated, err := rotate(func() error { return nil })
	require.NoError(t, err)
	require.EqualValues(t, n, rows)
	require.EqualValues(t, 0, rotated, "the first one was at its end")

	present := declared(t, w, s3db.NewSecrets("new", rng.Seeded(2)))
	require.Len(t, w.scan(present, storage.ScanSpec{Columns: []int16{4}}), n)
	_, err = scan(old, storage.ScanSpec{Columns: []int16{4}})
	require.Equal(t, pgerr.InvalidPassword, pgerr.CodeOf(err))
	_, _, err = declared(t, w, s3db.NewSecrets("third", rng.Seeded(2))).(storage.Rotator).RotateSecrets(ctx, func(int64, int64) error { return nil })
	require.Equal(t, pgerr.InvalidPassword, pgerr.CodeOf(err))
}
