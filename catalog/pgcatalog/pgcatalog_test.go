package pgcatalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual/virtualtest"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func sampleView() *virtualtest.View {
	infoschema := &catalog.Schema{OID: catalog.InformationSchemaOID, Name: types.InformationSchema, Owner: catalog.BootstrapSuperuser}
	s3db := &catalog.Schema{OID: catalog.S3DBSchemaOID, Name: funcs.S3DBSchema, Owner: catalog.BootstrapSuperuser}
	return virtualtest.NewView(virtualtest.New(virtualtest.Sample(), []*catalog.Schema{Schema, infoschema, s3db}, Set()))
}

func TestEveryColumnIsFilled(t *testing.T) { virtualtest.CheckFill(t, Set(), sampleView()) }

func TestLookupsFindWhatListingsHave(t *testing.T) { virtualtest.CheckLookups(t, Set(), sampleView()) }

// Every relation of PostgreSQL 15 is here with its columns; a type that the
// registry lacks has a stand-in, and is used as soon as it exists.
func TestRelationsHavePostgreSQLsColumns(t *testing.T) {
	rels := map[string]*catalog.Relation{}
	for _, r := range Set().Relations() {
		rels[r.Name] = r
	}
	n := 0
	for _, f := range fields(columnsTSV) {
		rel := rels[f[0]]
		require.NotNil(t, rel, f[0])
		if f[1] == "0" {
			n++
			assert.Equal(t, f[2], string(rune(rel.Kind)), f[0])
			continue
		}
		col := rel.Columns[number(f[1])-1]
		assert.Equal(t, f[2], col.Name, f[0])
		if typ := types.Builtin().ByName("pg_catalog", f[3]); typ != nil {
			assert.Same(t, typ, col.Type, f[0]+"."+f[2])
		}
	}
	assert.Equal(t, 139, n, "relations of PostgreSQL 15")
}

func TestReasonsOfEmptyRelations(t *testing.T) {
	for _, e := range empty {
		assert.NotEmpty(t, e.(interface{ Reason() string }).Reason(), e.Name())
	}
}

func rowsText(t *testing.T, v View, name string, keys map[string]any) string {
	var rel *catalog.Relation
	for _, r := range Set().Relations() {
		if r.Name == name {
			rel = r
		}
	}
	byNum := map[int16]any{}
	for k, value := range keys {
		byNum[rel.ColumnByName(k).Num] = value
	}
	var lines []string
	for _, row := range virtualtest.Read(t, Set(), v, rel, byNum) {
		lines = append(lines, virtualtest.Text(rel, row))
	}
	return strings.Join(lines, "\n")
}

func TestRowsOfATable(t *testing.T) {
	v := sampleView()
	users := types.OID(20000)
	assert.Equal(t, `20000|users|2200|20001|0|10|2|20000|0|0|12|0|0|t|f|p|r|7|1|f|t|f|f|f|t|d|f|0|0|0|\N|{row_stamps=on}|\N`,
		rowsText(t, v, "pg_class", map[string]any{"oid": users}))
	assert.Equal(t, `20010|20000|2|2|f|f|f|f|t|f|f|f|t|t|f|0 2|100 100|3126 3126|0 0|profile.country|\N`,
		rowsText(t, v, "pg_index", map[string]any{"indexrelid": types.OID(20010)}))
	assert.Equal(t, 2, strings.Count(rowsText(t, v, "pg_attrdef", map[string]any{"adrelid": users}), "\n")+1)
	assert.Equal(t, `20110|orders_user_id_fkey|2200|f|f|f|t|20100|0|20002|0|20000|a|c|s|t|0|t|{2}|{1}|{96}|{96}|{96}|\N|\N|\N`,
		rowsText(t, v, "pg_constraint", map[string]any{"oid": types.OID(20110)}))
	assert.Equal(t, `20001|users|2200|10|-1|f|c|C|f|t|,|20000|-|0|0|2290|2291|2402|2403|-|-|-|d|x|f|0|-1|0|0|\N|\N|\N`,
		rowsText(t, v, "pg_type", map[string]any{"oid": types.OID(20001)}))
}

func TestHiddenLeavesAreNoAttributes(t *testing.T) {
	text := rowsText(t, sampleView(), "pg_attribute", map[string]any{"attrelid": types.OID(20000)})
	assert.NotContains(t, text, "profile.country")
	assert.Contains(t, text, "20000|_v|23|")
	assert.Contains(t, rowsText(t, sampleView(), "pg_attribute", map[string]any{"attrelid": types.OID(20010)}), "profile.country")
}

func TestAHiddenKeyIsNotShown(t *testing.T) {
	v := sampleView()
	bare := types.OID(20300)
	assert.Empty(t, rowsText(t, v, "pg_index", map[string]any{"indrelid": bare}))
	assert.Empty(t, rowsText(t, v, "pg_constraint", map[string]any{"conrelid": bare}))
	assert.Empty(t, rowsText(t, v, "pg_class", map[string]any{"relname": "bare_pkey"}))
	assert.Contains(t, rowsText(t, v, "pg_attribute", map[string]any{"attrelid": bare}), "20300|a|23|")
	assert.NotContains(t, rowsText(t, v, "pg_attribute", map[string]any{"attrelid": bare}), "_id")
}

func TestPasswordsAreNeverShown(t *testing.T) {
	assert.Equal(t, `10|postgres|t|t|t|t|t|t|t|-1|\N|\N`, rowsText(t, sampleView(), "pg_authid", nil))
	assert.Contains(t, rowsText(t, sampleView(), "pg_roles", nil), "********")
}

// What psql's \d NAME asks with keys must not make the descriptors of the other
// tables.
func TestLookupsBuildOneDescriptor(t *testing.T) {
	cat := virtualtest.New(virtualtest.Many(1000), []*catalog.Schema{Schema}, Set())
	v := virtualtest.NewView(cat)
	one := types.OID(30000 + 10*500)
	rowsText(t, v, "pg_class", map[string]any{"oid": one})
	rowsText(t, v, "pg_class", map[string]any{"relname": "t500"})
	rowsText(t, v, "pg_attribute", map[string]any{"attrelid": one})
	rowsText(t, v, "pg_attrdef", map[string]any{"adrelid": one})
	rowsText(t, v, "pg_index", map[string]any{"indrelid": one})
	rowsText(t, v, "pg_constraint", map[string]any{"conrelid": one})
	rowsText(t, v, "pg_constraint", map[string]any{"oid": one + 3})
	rowsText(t, v, "pg_description", map[string]any{"objoid": one, "classoid": classClass})
	rowsText(t, v, "pg_depend", map[string]any{"classid": classClass, "objid": one})
	rowsText(t, v, "pg_depend", map[string]any{"refclassid": classClass, "refobjid": one})
	rowsText(t, v, "pg_depend", map[string]any{"refobjid": one})
	_, err := ask(v, "pg_get_constraintdef", one+3)
	require.NoError(t, err)
	_, err = ask(v, "pg_table_is_visible", one)
	require.NoError(t, err)
	assert.Len(t, cat.Built, 1)
}

// Listing names and kinds, as \dt and \d do first, needs no descriptor at all.
func TestNamesNeedNoDescriptors(t *testing.T) {
	cat := virtualtest.New(virtualtest.Many(1000), []*catalog.Schema{Schema}, Set())
	v := virtualtest.NewView(cat)
	rel := cat.RelationByOID(classClass)
	nums := []int16{rel.ColumnByName("oid").Num, rel.ColumnByName("relname").Num, rel.ColumnByName("relkind").Num, rel.ColumnByName("relnamespace").Num}
	n := 0
	readColumns(t, v, rel, nums, func() { n++ })
	assert.Equal(t, 2139, n)
	assert.Empty(t, cat.Built)
}

func TestProcsAreRegisteredOrTypesOwn(t *testing.T) {
	for _, f := range funcs.All() {
		if known(append([]types.OID{f.Result}, f.Args...)...) {
			assert.NotNil(t, procs().byOID[f.OID], f.Name)
		}
	}
	for _, typ := range types.Builtin().All() {
		if in := builtinFunctions()[typ.OID].input; in != 0 && known(procs().byOID[in].Args...) {
			assert.NotNil(t, procs().byOID[in], typ.Name)
		}
	}
}
