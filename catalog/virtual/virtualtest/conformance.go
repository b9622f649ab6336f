package virtualtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Read returns the rows of a relation: all columns that are not hidden, in
// order. keys may be nil.
func Read(t testing.TB, set *virtual.Set, v virtual.View, rel *catalog.Relation, keys map[int16]any) [][]any {
	t.Helper()
	var nums []int16
	for _, c := range rel.Columns {
		if !c.Hidden {
			nums = append(nums, c.Num)
		}
	}
	s, err := virtual.Source{Set: set, View: v}.Open(context.Background(), rel, nums, keys)
	if err != nil {
		t.Fatalf("%s: %v", rel.Name, err)
	}
	defer s.Close()
	var rows [][]any
	for {
		b, err := s.Next(context.Background())
		if err != nil {
			t.Fatalf("%s: %v", rel.Name, err)
		}
		if b == nil {
			return rows
		}
		for i := range b.N {
			row := make([]any, len(b.Cols))
			for c := range row {
				row[c] = b.Cols[c].Value(i)
			}
			rows = append(rows, row)
		}
	}
}

// Text prints a row as psql would, NULL as \N.
func Text(rel *catalog.Relation, row []any) string {
	var b strings.Builder
	for i := range row {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(Cell(rel, row, i))
	}
	return b.String()
}

// Cell prints the i-th column of a row as psql would, NULL as \N.
func Cell(rel *catalog.Relation, row []any, i int) string {
	if row[i] == nil {
		return `\N`
	}
	return string(rel.Columns[i].Type.Out(types.DefaultEnv(), nil, row[i]))
}

// CheckFill reads every relation: each value must be of its column's type, and
// not NULL where the column is not null.
func CheckFill(t *testing.T, set *virtual.Set, v virtual.View) {
	for _, rel := range set.Relations() {
		for _, row := range Read(t, set, v, rel, nil) {
			text := Text(rel, row)
			for i, value := range row {
				if value == nil && rel.Columns[i].NotNull {
					t.Errorf("%s.%s is NULL in %s", rel.Name, rel.Columns[i].Name, text)
				}
			}
		}
	}
}

// CheckLookups compares every look-up with the listing: for each key that a row
// has, the rows found must be those of the listing with that key.
func CheckLookups(t *testing.T, set *virtual.Set, v virtual.View) {
	for _, rel := range set.Relations() {
		all := Read(t, set, v, rel, nil)
		for _, l := range set.Shape(rel, 0).Lookups {
			for _, key := range someKeys(rel, l.By, all) {
				want := matching(rel, all, key)
				got := matching(rel, Read(t, set, v, rel, key), key)
				if want != got {
					t.Errorf("%s by %v:\nlisted:\n%s\nfound:\n%s", rel.Name, key, want, got)
				}
			}
		}
	}
}

// maxKeys bounds the keys tried per look-up.
const maxKeys = 60

// someKeys are distinct keys of the rows, evenly picked, and one that no row has.
func someKeys(rel *catalog.Relation, by []int16, rows [][]any) []map[int16]any {
	var out []map[int16]any
	step := len(rows)/maxKeys + 1
	for i := 0; i < len(rows); i += step {
		key := map[int16]any{}
		for _, num := range by {
			key[num] = rows[i][num-1]
		}
		if !hasNull(key) {
			out = append(out, key)
		}
	}
	return append(out, missing(rel, by))
}

func hasNull(key map[int16]any) bool {
	for _, v := range key {
		if v == nil {
			return true
		}
	}
	return false
}

func missing(rel *catalog.Relation, by []int16) map[int16]any {
	key := map[int16]any{}
	for _, num := range by {
		switch rel.Column(num).Type.Rep {
		case types.RepUint32:
			key[num] = types.OID(4294967295)
		default:
			key[num] = "there is no such name"
		}
	}
	return key
}

// matching prints the rows that have the key, in order.
func matching(rel *catalog.Relation, rows [][]any, key map[int16]any) string {
	var b strings.Builder
	for _, row := range rows {
		same := true
		for num, v := range key {
			same = same && row[num-1] == v
		}
		if same {
			fmt.Fprintln(&b, Text(rel, row))
		}
	}
	return b.String()
}
