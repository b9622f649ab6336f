package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// In a database whose default collation is a language's, columns of text compare
// so, but for those that say otherwise.
func TestDefaultCollation(t *testing.T) {
	for locale, want := range map[string]int{"": 1, "en-US": -1} {
		s := openWith(t, mem.New(clock.System), locale)
		apply(t, s, func(tx catalog.Tx) error {
			_, err := tx.CreateTable(ctx, &catalog.TableDef{Schema: "public", Name: "t", Columns: []catalog.ColumnDef{
				{Name: "a", Type: types.TextOID, Typmod: -1},
				{Name: "c", Type: types.TextOID, Typmod: -1, Collation: types.CCollationOID},
			}})
			return err
		})
		r := s.Snapshot()
		a, c := r.Relation("public", "t").ColumnByName("a"), r.Relation("public", "t").ColumnByName("c")
		assert.Equal(t, want, sign(a.Type.Compare("a", "B")), locale)
		assert.Equal(t, types.DefaultCollationOID, a.Collation)
		assert.Equal(t, 1, sign(c.Type.Compare("a", "B")), locale)
		assert.Equal(t, types.CCollationOID, c.Collation)
		assert.Equal(t, locale, r.Database().ICULocale)
	}
}

// A collation of the database survives, with the columns that have it.
func TestCollationSurvivesReopening(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, func(tx catalog.Tx) error {
		return tx.PutCollation(ctx, &catalog.Collation{Schema: "public", Name: "german", Provider: types.ProviderICU, ICULocale: "de", Encoding: -1})
	})
	s = open(t, objects)
	c := s.Snapshot().Types().CollationByName("public", "german")
	require.NotNil(t, c)
	assert.Negative(t, c.Compare("ä", "z"))
	apply(t, s, func(tx catalog.Tx) error { return tx.DropCollation(ctx, c.OID) })
	assert.Nil(t, s.Snapshot().Types().CollationByName("public", "german"))
}

func sign(n int) int { return max(-1, min(1, n)) }
