package s3db_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

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

func hexOf(s string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(s, "-", ""), 16, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// millis7, millisULID and millis1 are the times in ids, in milliseconds since
// 1970 (RFC 9562; the ULID specification).
func millis7(id string) int64 { return hexOf(id[:13]) }

func millisULID(id string) int64 {
	n := int64(0)
	for _, c := range id[:10] {
		n = n*32 + int64(strings.IndexRune("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c))
	}
	return n
}

func millis1(id string) int64 {
	ticks := hexOf(id[15:18])<<48 | hexOf(id[9:13])<<32 | hexOf(id[:8])
	return (ticks - 0x01B21DD213814000) / 10000
}

func itoa36(n int) string { return strconv.FormatInt(int64(n), 36) }
