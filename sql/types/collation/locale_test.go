package collation

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testdata/LOCALE.txt are words in the order of a real PostgreSQL's ICU. With
// -update the one that S3DB_SQL_ORACLE names sorts them anew.
var update = flag.Bool("update", false, "rewrite testdata from the oracle")

func rewrite(t *testing.T, path, locale string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), os.Getenv("S3DB_SQL_ORACLE"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(context.Background(), `SELECT w FROM unnest($1::text[]) w ORDER BY w COLLATE "`+locale+`-x-icu"`, words(t, path))
	require.NoError(t, err)
	sorted, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(sorted, "\n")+"\n"), 0o644))
}

func words(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestOrder(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		locale := strings.TrimSuffix(filepath.Base(path), ".txt")
		if *update {
			rewrite(t, path, locale)
		}
		want := words(t, path)
		l, err := Find(locale)
		require.NoError(t, err)
		got := slices.Clone(want)
		slices.Sort(got)
		slices.SortStableFunc(got, l.Compare)
		assert.Equal(t, want, got, locale)
	}
}

func TestNames(t *testing.T) {
	for _, same := range [][2]string{{"en_US.utf8", "en-US"}, {"", "und"}, {"root", "und"}, {"de@collation=phonebook", "de-u-co-phonebk"}} {
		a, err := Find(same[0])
		require.NoError(t, err)
		b, err := Find(same[1])
		require.NoError(t, err)
		assert.Equal(t, a.tag, b.tag, same[0])
	}
	for _, bad := range []string{"nope!", "en@colNope=yes", "en@x"} {
		_, err := Find(bad)
		assert.ErrorContains(t, err, "could not open collator", bad)
	}
	for _, refused := range []string{"da", "ru", "fr-CA", "en-u-kf-upper", "en@colReorder=latn", "en-u-ka-shifted", "en@colNumeric=lower"} {
		_, err := Find(refused)
		assert.ErrorContains(t, err, "not supported", refused)
	}
}

func TestEquality(t *testing.T) {
	ci, err := Find("und-u-ks-level2")
	require.NoError(t, err)
	assert.Zero(t, ci.Compare("abc", "ABC"))
	assert.NotZero(t, ci.Compare("abc", "äbc"))
	assert.Equal(t, ci.Hash("abc"), ci.Hash("ABC"))
	assert.NotEqual(t, ci.Hash("abc"), ci.Hash("äbc"))
}

func BenchmarkCompare(b *testing.B) {
	l, err := Find("en-US")
	require.NoError(b, err)
	for b.Loop() {
		l.Compare("international business", "International Business")
	}
}
