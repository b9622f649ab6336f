package rows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

func byEmail(emails ...any) storage.Path {
	p := storage.Path{Kind: storage.UniqueGet, Partition: "people_email_key"}
	for _, e := range emails {
		p.Keys = append(p.Keys, []any{e})
	}
	return p
}

// TestUniqueGet: what a unique-key object says counts only if the row agrees.
func TestUniqueGet(t *testing.T) {
	w := newWorld(t, config{plain: true, unique: true, fanOut: 1})
	w.insert(person{id: "a", email: "e"}, person{id: "b", email: "f"}, person{id: "c"})
	put := func(email, body string) {
		_, err := w.store.Put(ctx, "resource=people/unique=people_email_key/"+email, objstore.PutRequest{Body: []byte(body)})
		require.NoError(t, err)
	}
	put("gone", `{"id":"nobody"}`)
	put("other", `{"id":"a"}`)
	for _, c := range []struct {
		what     string
		path     storage.Path
		ids      []string
		requests []string
	}{
		{"a row", byEmail("e"), []string{"a"}, []string{"GET unique=people_email_key/e", "GET data/id=a"}},
		{"no key object", byEmail("x"), nil, []string{"GET unique=people_email_key/x"}},
		{"a key object without its row", byEmail("gone"), nil, []string{"GET unique=people_email_key/gone", "GET data/id=nobody"}},
		{"a key object whose row has another value", byEmail("other"), nil, []string{"GET unique=people_email_key/other", "GET data/id=a"}},
		{"null", byEmail(nil), nil, nil},
		{"no values", byEmail(), nil, nil},
		{"a value twice", byEmail("e", "e"), []string{"a"}, []string{"GET unique=people_email_key/e", "GET data/id=a"}},
		{"several", byEmail("e", "x", nil, "f"), []string{"a", "b"}, []string{"GET unique=people_email_key/e",
			"GET unique=people_email_key/x", "GET unique=people_email_key/f", "GET data/id=a", "GET data/id=b"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			w.log.take()
			require.ElementsMatch(t, c.ids, w.ids(c.path))
			require.ElementsMatch(t, c.requests, w.log.take())
		})
	}
	limited := w.scan(w.table, storage.ScanSpec{Path: byEmail("other", "f"), Columns: []int16{colID}, Limit: 1})
	require.Equal(t, [][]any{{"b"}}, limited, "a key object that does not count must not use up the limit")
	require.Len(t, w.scan(w.table, storage.ScanSpec{Path: byEmail("e")}), 1, "no columns are wanted")

	put("damaged", "no claim")
	s, err := w.table.Scan(ctx, storage.ScanSpec{Path: byEmail("damaged")})
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Next(ctx)
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
}

// TestUniqueOwners: the keys of an image, and who holds them.
func TestUniqueOwners(t *testing.T) {
	w := newWorld(t, config{plain: true, unique: true})
	w.insert(person{id: "a", email: "e"}, person{id: "c"})
	none, err := w.table.UniqueKeys(w.image(w.table, "c"))
	require.NoError(t, err)
	require.Empty(t, none)

	keys := func(email string) []storage.UniqueKey {
		im, err := w.table.Preview(w.valid(w.table, person{id: "z", email: email}.change()))
		require.NoError(t, err)
		keys, err := w.table.UniqueKeys(im)
		require.NoError(t, err)
		require.Len(t, keys, 1)
		return keys
	}
	taken, free := keys("e")[0], keys("free")[0]
	require.EqualError(t, taken.Taken, `duplicate key value violates unique constraint "people_email_key"`)
	require.Equal(t, "Key (email)=(e) already exists.", pgerr.As(taken.Taken).Detail)
	owners, err := w.table.UniqueOwners(ctx, []storage.UniqueKey{free, taken})
	require.NoError(t, err)
	require.Equal(t, map[string]string{taken.Key: "a"}, owners)

	_, err = w.store.Put(ctx, free.Key, objstore.PutRequest{Body: []byte(`{"id":"a"}`)})
	require.NoError(t, err)
	owners, err = w.table.UniqueOwners(ctx, []storage.UniqueKey{free})
	require.NoError(t, err)
	require.Empty(t, owners, "a row that has another value does not own the key")
}

// TestUniqueKeysHandedOn: in one call each row waits for the one that has its
// key; rows that want each other's give theirs up first.
func TestUniqueKeysHandedOn(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, unique: true})
	people := []string{"a", "b", "c", "d"}
	for i, id := range people {
		w.insert(person{id: id, email: string(rune('1' + i))})
	}
	turn := func(emails ...string) (outcomes []storage.Outcome) {
		var changes []storage.Change
		for i, id := range people {
			changes = append(changes, w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, id),
				Columns: []int16{colEmail}, Values: []any{emails[i]}}))
		}
		results := w.table.Apply(ctx, changes)
		for _, r := range results {
			outcomes = append(outcomes, r.Outcome)
		}
		return outcomes
	}
	emails := func() (out []any) {
		for _, id := range people {
			out = append(out, w.scan(w.table, storage.ScanSpec{Columns: []int16{colEmail}, Path: storage.Path{Kind: storage.PointGet, IDs: []string{id}}})[0][0])
		}
		return out
	}
	ok := storage.Applied
	require.Equal(t, []storage.Outcome{ok, ok, ok, ok}, turn("2", "3", "4", "5"))
	require.Equal(t, []any{"2", "3", "4", "5"}, emails())
	require.Equal(t, []storage.Outcome{ok, ok, ok, ok}, turn("1", "2", "3", "4"))
	require.Equal(t, []any{"1", "2", "3", "4"}, emails())
	checkIndexes(t, w)

	require.Equal(t, []storage.Outcome{ok, ok, ok, ok}, turn("2", "1", "9", "3"))
	require.Equal(t, []any{"2", "1", "9", "3"}, emails())
	checkIndexes(t, w)

	// One of a circle has changed meanwhile: the others stay as they are.
	stale := w.image(w.table, "a")
	require.Equal(t, []storage.Outcome{ok, ok, ok, ok}, turn("2", "1", "9", "3"))
	change := func(old *storage.RowImage, email string) storage.Change {
		return w.valid(w.table, storage.Change{Op: storage.Update, Old: old, Columns: []int16{colEmail}, Values: []any{email}})
	}
	results := w.table.Apply(ctx, []storage.Change{change(stale, "1"), change(w.image(w.table, "b"), "2")})
	require.Equal(t, []storage.Outcome{storage.Conflict, storage.Conflict}, []storage.Outcome{results[0].Outcome, results[1].Outcome})
	require.Equal(t, []any{"2", "1", "9", "3"}, emails())
	checkIndexes(t, w)
}
