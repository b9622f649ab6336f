package types

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file of sorted values has one line per class of equal values, ascending;
// equal spellings stand on one line, separated by tabs.

// rewriteSorted has the oracle sort the values of a file.
func rewriteSorted(t *testing.T, name, typeName string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	var values []string
	for _, line := range readLines(t, path) {
		for _, f := range strings.Split(line, "\t") {
			values = append(values, "("+quoteSQL(unescapeField(f))+")")
		}
	}
	rows, err := oracle(t).Query(context.Background(), fmt.Sprintf(
		`SELECT array_agg(v::text ORDER BY v::text COLLATE "C") FROM (VALUES %s) s(v) GROUP BY v::%s ORDER BY v::%s`,
		strings.Join(values, ","), typeName, typeName))
	require.NoError(t, err)
	var lines []string
	for rows.Next() {
		var class []string
		require.NoError(t, rows.Scan(&class))
		lines = append(lines, strings.Join(escapeFields(class), "\t"))
	}
	require.NoError(t, rows.Err())
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
}

// checkSorted compares all pairs of a sorted file, and the hashes of equals.
func checkSorted[T any](t *testing.T, name string, parse func(string) (T, error), compare func(a, b T) int, hash func(T) uint64) {
	t.Helper()
	type entry struct {
		text  string
		value T
		class int
	}
	var entries []entry
	for class, line := range readLines(t, filepath.Join("testdata", name)) {
		for _, f := range strings.Split(line, "\t") {
			v, err := parse(unescapeField(f))
			require.NoError(t, err, f)
			entries = append(entries, entry{f, v, class})
		}
	}
	require.NotEmpty(t, entries)
	for _, a := range entries {
		for _, b := range entries {
			want := cmpInt64(int64(a.class), int64(b.class))
			got := compare(a.value, b.value)
			assert.Equal(t, want, cmpInt64(int64(got), 0), "%s and %s", a.text, b.text)
			if want == 0 {
				assert.Equal(t, hash(a.value), hash(b.value), "hashes of %s and %s", a.text, b.text)
			}
		}
	}
}

// TestOrder checks, for every file of testdata/order, that all values of the
// type it is named after compare and hash as PostgreSQL sorted them.
func TestOrder(t *testing.T) {
	files, err := filepath.Glob("testdata/order/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".txt")
		t.Run(name, func(t *testing.T) {
			typ := builtin.ByName("pg_catalog", name)
			require.NotNil(t, typ)
			file := filepath.Join("order", filepath.Base(f))
			if *update {
				rewriteSorted(t, file, fmt.Sprintf("pg_catalog.%q", name))
			}
			parse := func(s string) (any, error) { return typ.In(DefaultEnv(), s, -1) }
			checkSorted(t, file, parse, typ.Compare, typ.Hash)
		})
	}
}
