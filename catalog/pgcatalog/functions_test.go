package pgcatalog

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func readColumns(t *testing.T, v View, rel *catalog.Relation, nums []int16, each func()) {
	s, err := virtual.Source{Set: Set(), View: v}.Open(context.Background(), rel, nums, nil)
	require.NoError(t, err)
	for {
		b, err := s.Next(context.Background())
		require.NoError(t, err)
		if b == nil {
			return
		}
		for range b.N {
			each()
		}
	}
}

// tableNames resolves relations of public, which is what the tests name.
type tableNames struct{ v View }

func (n tableNames) OIDOf(kind types.RegKind, name string) (types.OID, error) {
	if rel := n.v.Catalog().Relation("public", name); kind == types.RegClass && rel != nil {
		return rel.OID, nil
	}
	return 0, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
}

func (tableNames) NameOf(types.RegKind, types.OID) (string, bool) { return "", false }

func ask(v View, kind string, args ...any) (any, error) {
	c := &funcs.Call{Ctx: context.Background(), Env: &types.Env{Names: tableNames{v}}, Func: &funcs.Func{Name: kind},
		Args: []*types.Type{types.ByOID(types.TextOID)}}
	return Functions(v).Lookup(c, kind, args)
}

// The expectations are PostgreSQL 15's answers for the same objects, but for
// the access method's name.
func TestDefinitions(t *testing.T) {
	v := sampleView()
	abs, makeInterval, percentileDisc, rank, keywords := types.OID(1397), types.OID(3464), types.OID(3972), types.OID(3986), types.OID(1686)
	for _, c := range []struct {
		kind string
		args []any
		want any
	}{
		{"pg_get_indexdef", []any{types.OID(20002)}, "CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)"},
		{"pg_get_indexdef", []any{types.OID(20010), int32(0), true}, `CREATE INDEX users_by_country ON users USING btree (profile.country, "Full Name")`},
		{"pg_get_indexdef", []any{types.OID(20010), int32(2), true}, `"Full Name"`},
		{"pg_get_indexdef", []any{types.OID(20010), int32(3), true}, ""},
		{"pg_get_indexdef", []any{types.OID(99)}, nil},
		{"pg_get_constraintdef", []any{types.OID(20003)}, "PRIMARY KEY (id)"},
		{"pg_get_constraintdef", []any{types.OID(20012), true}, "UNIQUE (price)"},
		{"pg_get_constraintdef", []any{types.OID(20013)}, "CHECK ((price > 0))"},
		{"pg_get_constraintdef", []any{types.OID(20013), true}, "CHECK (price > 0)"},
		{"pg_get_constraintdef", []any{types.OID(20110)}, "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE"},
		{"pg_get_viewdef", []any{types.OID(20200)}, ` SELECT "Full Name" AS name FROM users;`},
		{"pg_get_viewdef", []any{types.OID(20000)}, nil},
		{"pg_get_userbyid", []any{types.OID(10)}, "postgres"},
		{"pg_get_userbyid", []any{types.OID(99)}, "unknown (OID=99)"},
		{"pg_get_function_arguments", []any{percentileDisc}, "double precision ORDER BY anyelement"},
		{"pg_get_function_arguments", []any{rank}, `VARIADIC "any" ORDER BY VARIADIC "any"`},
		{"pg_get_function_arguments", []any{keywords}, `OUT word text, OUT catcode "char", OUT barelabel boolean, OUT catdesc text, OUT baredesc text`},
		{"pg_get_function_result", []any{keywords}, "SETOF record"},
		{"pg_get_function_arg_default", []any{makeInterval, int32(2)}, "0"},
		{"pg_get_function_arg_default", []any{makeInterval, int32(9)}, nil},
		{"pg_get_functiondef", []any{abs}, "CREATE OR REPLACE FUNCTION pg_catalog.abs(integer)\n RETURNS integer\n LANGUAGE internal\n" +
			" IMMUTABLE PARALLEL SAFE STRICT\nAS $function$int4abs$function$\n"},
		{"obj_description", []any{types.OID(20000), "pg_class"}, "people"},
		{"obj_description", []any{types.OID(20000), "pg_proc"}, nil},
		{"obj_description", []any{types.OID(20011)}, "no two alike"},
		{"obj_description", []any{types.OID(20013), "pg_constraint"}, "not free"},
		{"col_description", []any{types.OID(20000), int32(2)}, "as printed"},
		{"shobj_description", []any{types.OID(16390), "pg_database"}, "the shop"},
		{"pg_table_is_visible", []any{types.OID(20000)}, true},
		{"pg_table_is_visible", []any{types.OID(20010)}, true},
		{"pg_table_is_visible", []any{types.OID(99)}, nil},
		{"pg_type_is_visible", []any{types.OID(23)}, true},
		{"has_table_privilege", []any{"users", "select with grant option, insert"}, true},
		{"has_table_privilege", []any{"postgres", types.OID(20000), "SELECT"}, true},
		{"has_table_privilege", []any{types.OID(99999), "select"}, nil},
		{"has_column_privilege", []any{"users", int16(77), "select"}, nil},
		{"has_schema_privilege", []any{types.OID(77), "usage"}, nil},
		{"pg_relation_is_updatable", []any{types.OID(20000), true}, int32(28)},
		{"pg_relation_is_updatable", []any{types.OID(20200), true}, int32(0)},
		{"pg_column_is_updatable", []any{types.OID(20000), int16(1), true}, true},
		{"pg_collation_for", []any{"x"}, `"default"`},
		{"pg_relation_size", []any{types.OID(20200)}, int64(0)},
		{"pg_relation_size", []any{types.OID(20000)}, int64(1200)},
		{"pg_get_serial_sequence", []any{"users", "id"}, nil},
		{"pg_get_expr", []any{"now()", types.OID(0)}, "now()"},
	} {
		got, err := ask(v, c.kind, c.args...)
		require.NoError(t, err, "%s%v", c.kind, c.args)
		assert.Equal(t, c.want, got, "%s%v", c.kind, c.args)
	}
}

func TestErrorsOfFunctions(t *testing.T) {
	v := sampleView()
	for _, c := range []struct {
		kind    string
		args    []any
		code    pgerr.Code
		message string
	}{
		{"has_table_privilege", []any{"nobody", "users", "select"}, pgerr.UndefinedObject, `role "nobody" does not exist`},
		{"has_table_privilege", []any{"nope", "select"}, pgerr.UndefinedTable, `relation "nope" does not exist`},
		{"has_table_privilege", []any{"users", "foo"}, pgerr.InvalidParameterValue, `unrecognized privilege type: "foo"`},
		{"has_any_column_privilege", []any{"users", "delete"}, pgerr.InvalidParameterValue, `unrecognized privilege type: "delete"`},
		{"has_column_privilege", []any{"users", "zz", "select"}, pgerr.UndefinedColumn, `column "zz" of relation "users" does not exist`},
		{"has_schema_privilege", []any{"zz", "usage"}, pgerr.InvalidSchemaName, `schema "zz" does not exist`},
		{"has_database_privilege", []any{"zz", "connect"}, pgerr.InvalidCatalogName, `database "zz" does not exist`},
		{"has_language_privilege", []any{"zz", "usage"}, pgerr.UndefinedObject, `language "zz" does not exist`},
		{"has_server_privilege", []any{"zz", "usage"}, pgerr.UndefinedObject, `server "zz" does not exist`},
		{"has_sequence_privilege", []any{"users", "usage"}, pgerr.WrongObjectType, `"users" is not a sequence`},
		{"pg_has_role", []any{"zz", "usage"}, pgerr.UndefinedObject, `role "zz" does not exist`},
		{"pg_has_role", []any{"postgres", "foo"}, pgerr.InvalidParameterValue, `unrecognized privilege type: "foo"`},
		{"pg_get_serial_sequence", []any{"nope", "x"}, pgerr.UndefinedTable, `relation "nope" does not exist`},
		{"pg_get_serial_sequence", []any{"users", "x"}, pgerr.UndefinedColumn, `column "x" of relation "users" does not exist`},
		{"pg_get_functiondef", []any{types.OID(2050)}, pgerr.WrongObjectType, `"max" is an aggregate function`},
	} {
		_, err := ask(v, c.kind, c.args...)
		require.Error(t, err, "%s%v", c.kind, c.args)
		assert.Equal(t, c.code, pgerr.CodeOf(err), "%s%v", c.kind, c.args)
		if c.message != "" {
			assert.Equal(t, c.message, err.Error())
		}
	}
}

func TestACLDefault(t *testing.T) {
	for kind, want := range map[string]string{
		"r": "{postgres=arwdDxt/postgres}", "f": "{=X/postgres,postgres=X/postgres}", "n": "{postgres=UC/postgres}",
		"d": "{=Tc/postgres,postgres=CTc/postgres}", "T": "{=U/postgres,postgres=U/postgres}", "c": "{}", "s": "{postgres=rwU/postgres}",
	} {
		got, err := ask(sampleView(), "acldefault", kind, types.OID(10))
		require.NoError(t, err)
		assert.Equal(t, want, string(got.(*types.Array).AppendText(types.DefaultEnv(), nil)), kind)
	}
}
