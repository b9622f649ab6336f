package s3db_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func keysOf(m map[string]bool) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// options are those of a resource of ours.
func options(exact map[string]s3db.SQLType) s3db.Options {
	return s3db.Options{Types: exact, EscapeKeys: true, RowStamps: true, Rand: rng.Seeded(4), Secrets: s3db.NewSecrets("p", rng.Seeded(5))}
}

// reopen makes the table t of these columns and opens it with opt.
func reopen(t *testing.T, opt s3db.Options, cols ...s3db.ColumnSpec) *s3db.Schema {
	t.Helper()
	m := s3db.NewManifest(noon)
	def, _, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols})
	require.NoError(t, err)
	_, err = m.Create("t", def, noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", opt)
	require.NoError(t, err)
	return s
}
