package pgcatalog_test

import (
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/infoschema"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual/virtualtest"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fixture are PostgreSQL 15's own rows of one relation: testdata/dump.sh.
type fixture struct {
	columns []string
	rows    [][]string
}

func fixtures(t *testing.T) map[string]*fixture {
	f, err := os.Open("testdata/builtin.tsv.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	all := map[string]*fixture{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if name, ok := strings.CutPrefix(cells[0], "#"); ok {
			all[name] = &fixture{columns: cells[1:]}
		} else {
			all[cells[0]].rows = append(all[cells[0]].rows, cells[1:])
		}
	}
	return all
}

// cell is a column of a fixture's row.
func (f *fixture) cell(row []string, column string) string {
	return row[slices.Index(f.columns, column)]
}

func oidOf(s string) types.OID {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic(err)
	}
	return types.OID(n)
}

func (f *fixture) oid(row []string, column string) types.OID { return oidOf(f.cell(row, column)) }

// key is what identifies a row: the columns before the first that may differ.
func (f *fixture) key(row []string, n int) string { return strings.Join(row[:n], " ") }

// keys counts the columns that identify a row, where it is not one.
var keys = map[string]int{"pg_ts_config_map": 3, "pg_description": 3, "pg_attribute": 2}

// missing says why a row of PostgreSQL's has no counterpart here; nil for relations
// that are complete.
var missing = map[string]func(f *fixture, row []string) string{
	"pg_type": func(f *fixture, row []string) string { return lackingType(f.oid(row, "oid")) },
	"pg_proc": func(f *fixture, row []string) string {
		args := strings.Fields(f.cell(row, "proargtypes"))
		for _, a := range append(args, f.cell(row, "prorettype")) {
			if why := lackingType(oidOf(a)); why != "" {
				return why
			}
		}
		return "nobody wrote it yet, and no row names it" // what is here is compared; EveryRegisteredFunctionIsListed
	},
	"pg_operator": func(f *fixture, row []string) string {
		return firstOf(lackingType(f.oid(row, "oprleft")), lackingType(f.oid(row, "oprright")), lackingType(f.oid(row, "oprresult")), lackingFunction(f.oid(row, "oprcode")))
	},
	"pg_cast": func(f *fixture, row []string) string {
		return firstOf(lackingType(f.oid(row, "castsource")), lackingType(f.oid(row, "casttarget")))
	},
	"pg_aggregate": func(f *fixture, row []string) string { return lackingFunction(f.oid(row, "aggfnoid")) },
	"pg_amop": func(f *fixture, row []string) string {
		return firstOf(lackingType(f.oid(row, "amoplefttype")), lackingType(f.oid(row, "amoprighttype")), lackingOperator(f.oid(row, "amopopr")))
	},
	"pg_amproc": func(f *fixture, row []string) string {
		return firstOf(lackingType(f.oid(row, "amproclefttype")), lackingType(f.oid(row, "amprocrighttype")), lackingFunction(f.oid(row, "amproc")))
	},
	"pg_opclass":  func(f *fixture, row []string) string { return lackingType(f.oid(row, "opcintype")) },
	"pg_opfamily": func(*fixture, []string) string { return "all its classes are of types that are not here" },
	"pg_description": func(f *fixture, row []string) string {
		switch f.oid(row, "classoid") {
		case pgcatalog.ClassProc:
			return lackingFunction(f.oid(row, "objoid"))
		case pgcatalog.ClassOperator:
			return lackingOperator(f.oid(row, "objoid"))
		case pgcatalog.ClassType:
			return lackingType(f.oid(row, "objoid"))
		}
		return uncommented[f.oid(row, "classoid")]
	},
}

// uncommented are the catalogs whose objects have no comments here, or are not here.
var uncommented = map[types.OID]string{
	2615: "there is no schema pg_toast",
	3456: "the languages of collations are not named",
}

func firstOf(reasons ...string) string {
	for _, r := range reasons {
		if r != "" {
			return r
		}
	}
	return ""
}

func lackingType(oid types.OID) string {
	if !pgcatalog.Known(oid) {
		return "the type is not here"
	}
	return ""
}

func lackingFunction(oid types.OID) string {
	if !pgcatalog.HasFunction(oid) {
		return "the function is not here"
	}
	return ""
}

func lackingOperator(oid types.OID) string {
	if funcs.OperatorByOID(oid) == nil {
		return "the operator is not here"
	}
	return ""
}

// own are the rows that PostgreSQL does not have, and those that differ from it on
// purpose, by relation and key.
var own = map[string]map[string]string{
	"pg_attribute": {"3429 stxdexpr": "there are no arrays of rows of catalogs"},
	"pg_am":        {"2": "tables are resources of s3db.js, not heaps", "13910": "tables are resources of s3db.js, not heaps"},
}

// What the catalog says of PostgreSQL's own objects is what PostgreSQL says of them,
// and what it does not say has a reason.
func TestBuiltinRowsArePostgreSQLs(t *testing.T) {
	for name, f := range fixtures(t) {
		t.Run(name, func(t *testing.T) { compareWith(t, name, f) })
	}
}

func compareWith(t *testing.T, name string, f *fixture) {
	n := max(keys[name], 1)
	ours := map[string][]string{}
	for _, row := range builtinRows(t, name, f) {
		ours[f.key(row, n)] = row
	}
	for _, row := range f.rows {
		key := f.key(row, n)
		got, ok := ours[key]
		delete(ours, key)
		switch {
		case own[name][key] != "":
		case !ok && missing[name] != nil && missing[name](f, row) != "":
		case !ok:
			t.Errorf("missing: %v", row)
		default:
			for i, c := range f.columns {
				if got[i] == "-" && row[i] == "0" { // of type regproc
					continue
				}
				assert.Equal(t, row[i], got[i], "%s of %s", c, key)
			}
		}
	}
	for key, row := range ours {
		if own[name][key] == "" && !isOwn(row) {
			t.Errorf("PostgreSQL has no such row: %v", row)
		}
	}
}

// isOwn says that a row is about what s3db-sql adds: the schema s3db, and what has
// oids beyond those of PostgreSQL.
func isOwn(row []string) bool {
	oid := row[0]
	return len(oid) > 5 || len(oid) == 5 && oid >= "13700"
}

// builtinRows are our rows in the columns of the fixture.
func builtinRows(t *testing.T, name string, f *fixture) [][]string {
	v := virtualtest.NewView(virtualtest.New(nil, []*catalog.Schema{pgcatalog.Schema, infoschema.Schema}, pgcatalog.Set(), infoschema.Set()))
	rel := v.Catalog().Relation("pg_catalog", name)
	var nums []int
	for _, c := range f.columns {
		nums = append(nums, int(rel.ColumnByName(c).Num)-1)
	}
	var out [][]string
	for _, row := range virtualtest.Read(t, pgcatalog.Set(), v, rel, nil) {
		if num := rel.ColumnByName("attnum"); num != nil && row[num.Num-1].(int16) < 0 {
			continue // PostgreSQL has other system columns
		}
		var cells []string
		for _, i := range nums {
			cells = append(cells, virtualtest.Cell(rel, row, i))
		}
		out = append(out, cells)
	}
	return out
}
