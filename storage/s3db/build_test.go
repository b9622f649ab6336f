package s3db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func TestBuildFromSQLTypes(t *testing.T) {
	notNull := sqlColumn("nn", types.TextOID)
	notNull.NotNull = true
	def, exact, err := s3db.BuildDefinition(s3db.TableSpec{Timestamps: true, Versioning: true, Columns: []s3db.ColumnSpec{
		sqlColumn("t", types.TextOID), notNull, sqlColumn("b", types.BoolOID), sqlColumn("i2", types.Int2OID), sqlColumn("i4", types.Int4OID),
		sqlColumn("i8", types.Int8OID), sqlColumn("f8", types.Float8OID), sqlColumn("f4", types.Float4OID), sqlColumn("num", types.NumericOID),
		sqlColumn("j", types.JSONBOID), sqlColumn("jt", types.JSONOID), sqlColumn("by", types.ByteaOID), sqlColumn("ta", types.TextArrayOID),
		{Name: "o", Children: []s3db.ColumnSpec{sqlColumn("leaf", types.NumericOID)}},
	}})
	require.NoError(t, err)
	require.JSONEq(t, `{"t":"string|optional","nn":"string","b":"boolean|optional","i2":"number|integer|optional","i4":"number|integer|optional",
		"i8":"string|optional","f8":"number|optional","f4":"number|optional","num":"string|optional","j":"json|optional","jt":"json|optional",
		"by":"string|optional","ta":"json|optional","o":{"leaf":"string|optional"},"createdAt":"string|optional","updatedAt":"string|optional"}`, def.JSON())
	require.Equal(t, s3db.BodyOverflow, def.Behavior)
	require.False(t, def.Timestamps)
	for name, oid := range map[string]types.OID{"i2": types.Int2OID, "i4": types.Int4OID, "i8": types.Int8OID, "f4": types.Float4OID, "num": types.NumericOID,
		"jt": types.JSONOID, "by": types.ByteaOID, "ta": types.TextArrayOID, "o.leaf": types.NumericOID, "createdAt": types.TimestamptzOID, "updatedAt": types.TimestamptzOID} {
		require.Equal(t, oid, exact[name].OID, name)
		delete(exact, name)
	}
	require.Empty(t, exact)
	require.Equal(t, []s3db.PartitionDef{
		{Name: "byCreatedDate", Fields: []s3db.PartitionFieldDef{{Name: "createdAt", Rule: "date|maxlength:10"}}},
		{Name: "byUpdatedDate", Fields: []s3db.PartitionFieldDef{{Name: "updatedAt", Rule: "date|maxlength:10"}}},
		{Name: "byVersion", Fields: []s3db.PartitionFieldDef{{Name: "_v", Rule: "string"}}},
	}, def.Partitions)
}

func TestBuildErrors(t *testing.T) {
	field := func(n string) s3db.PartitionDef {
		return s3db.PartitionDef{Name: "p", Fields: []s3db.PartitionFieldDef{{Name: n}}}
	}
	for name, c := range map[string]struct {
		spec s3db.TableSpec
		code pgerr.Code
	}{
		"unknown type":      {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "strnig")}}, pgerr.InvalidParameterValue},
		"trap 1":            {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "string|pattern:number")}}, pgerr.InvalidParameterValue},
		"trap 1, default":   {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "string|default:secret")}}, pgerr.InvalidParameterValue},
		"bad default":       {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "number|default:many")}}, pgerr.InvalidParameterValue},
		"no pattern":        {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "string|pattern:(?=a")}}, pgerr.InvalidParameterValue},
		"duplicate":         {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "string"), rule("v", "string")}}, pgerr.DuplicateColumn},
		"underscore":        {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("_v", "string")}}, pgerr.InvalidName},
		"dot":               {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("a.b", "string")}}, pgerr.InvalidName},
		"id":                {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("id", "string")}}, pgerr.InvalidName},
		"missing partition": {s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("v", "string")}, Partitions: []s3db.PartitionDef{field("w")}}, pgerr.UndefinedColumn},
	} {
		_, _, err := s3db.BuildDefinition(c.spec)
		require.Equal(t, c.code, pgerr.CodeOf(err), "%s: %v", name, err)
	}
	_, err := s3db.ParseBehavior("body-mostly")
	require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err))
	for _, name := range []string{"", "a/b", "a=b", "a%b", "a\nb"} {
		_, err := s3db.NewManifest(noon).Create(name, build(t, rule("v", "string")), noon)
		require.Equal(t, pgerr.InvalidName, pgerr.CodeOf(err), "%q", name)
	}
}

// TestEnumRules: fastest-validator has no text form for lists of values.
func TestEnumRules(t *testing.T) {
	s := own(t, []s3db.ColumnSpec{rule("color", "enum|values:red,green"), rule("size", "string|enum:S,M|optional|min:1")})
	row := s.NewRow("x")
	row.Values[0], row.Values[1] = "blue", "M"
	vs, err := s.Validate(row, nil)
	require.NoError(t, err)
	require.Len(t, vs, 1)
	require.Equal(t, "color", vs[0].Attribute)
	o, err := s.Encode(row, nil, true)
	require.NoError(t, err)
	back, err := s.Decode("k", "x", o.Object, nil)
	require.NoError(t, err)
	require.Equal(t, row.Values, back.Values)
	require.False(t, s.Columns[1].Attr.Required)

	def := build(t, rule("size", "string|enum:S,M|optional|min:1"))
	require.JSONEq(t, `{"size":{"type":"string","enum":["S","M"],"optional":true,"min":1}}`, def.JSON())
}
