package plantest

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Catalog is a catalog of users and orders.
//
//	users(id text key, name text, age int8, active bool, email text not null, profile.country text)
//	  by_country(profile.country), by_age(age), by_name_email(email, name): complete; by_active(active): unverified
//	  users_email_age_key(email, age) unique, users_name_key(name) unique but not complete
//	orders(id int8 key, user_id text not null, amount numeric, day date)
//	  by_user(user_id) covering
type Catalog struct {
	catalog.Reader
	relations []*catalog.Relation
}

func column(num int16, name string, oid types.OID, notNull bool) *catalog.Column {
	return &catalog.Column{Num: num, Name: name, Type: types.ByOID(oid), Typmod: -1, NotNull: notNull}
}

func field(num int16, name string, ordered bool) catalog.IndexColumn {
	return catalog.IndexColumn{Num: num, Name: name, Lossless: true, Ordered: ordered}
}

func partition(name string, complete, covering bool, fields ...catalog.IndexColumn) *catalog.Index {
	return &catalog.Index{Name: name, Partition: name, Kind: catalog.PartitionIndex, Columns: fields, Complete: complete, Covering: covering}
}

func key(name string, c catalog.IndexColumn) *catalog.Index {
	return &catalog.Index{Name: name, Kind: catalog.PrimaryIndex, Primary: true, Unique: true, Complete: true, Columns: []catalog.IndexColumn{c}}
}

func unique(name string, complete bool, fields ...catalog.IndexColumn) *catalog.Index {
	return &catalog.Index{Name: name, Partition: name, Kind: catalog.UniqueIndex, Unique: true, Columns: fields, Complete: complete}
}

// New returns the catalog.
func New() *Catalog {
	users := &catalog.Relation{OID: 20000, Schema: "public", Name: "users", Kind: catalog.Table, Resource: &catalog.Resource{},
		Columns: []*catalog.Column{
			column(1, "id", types.TextOID, true), column(2, "name", types.TextOID, false), column(3, "age", types.Int8OID, false),
			column(4, "active", types.BoolOID, false), column(5, "email", types.TextOID, true),
			{Num: 1000, Name: "profile.country", Type: types.ByOID(types.TextOID), Typmod: -1, Hidden: true, Path: []string{"profile", "country"}},
		},
		Indexes: []*catalog.Index{
			key("users_pkey", field(1, "id", true)),
			partition("by_country", true, false, field(1000, "profile.country", true)),
			partition("by_age", true, false, field(3, "age", false)),
			partition("by_email_name", true, false, field(5, "email", true), field(2, "name", true)),
			partition("by_active", false, false, field(4, "active", false)),
			unique("users_email_age_key", true, field(5, "email", false), field(3, "age", false)),
			unique("users_name_key", false, field(2, "name", false)),
		}}
	orders := &catalog.Relation{OID: 20001, Schema: "public", Name: "orders", Kind: catalog.Table, Resource: &catalog.Resource{},
		Columns: []*catalog.Column{
			column(1, "id", types.Int8OID, true), column(2, "user_id", types.TextOID, true),
			column(3, "amount", types.NumericOID, false), column(4, "day", types.DateOID, false),
		},
		Indexes: []*catalog.Index{
			key("orders_pkey", field(1, "id", false)),
			partition("by_user", true, true, field(2, "user_id", true)),
		}}
	return &Catalog{relations: []*catalog.Relation{users, orders}}
}

// Relation implements catalog.Reader.
func (c *Catalog) Relation(schema, name string) *catalog.Relation {
	for _, r := range c.relations {
		if schema == r.Schema && name == r.Name {
			return r
		}
	}
	return nil
}

// RelationByOID implements catalog.Reader.
func (c *Catalog) RelationByOID(oid types.OID) *catalog.Relation {
	for _, r := range c.relations {
		if r.OID == oid {
			return r
		}
	}
	return nil
}

// SchemaByName implements catalog.Reader.
func (c *Catalog) SchemaByName(name string) *catalog.Schema {
	if name == "public" || name == "pg_catalog" {
		return &catalog.Schema{Name: name}
	}
	return nil
}

// IndexByName implements catalog.Reader.
func (c *Catalog) IndexByName(string, string) (*catalog.Relation, *catalog.Index) { return nil, nil }

// Routines implements catalog.Reader.
func (c *Catalog) Routines() *catalog.Routines {
	return catalog.NewRoutines([]*catalog.Function{
		function(30000, "inc", 'i', false, "SELECT $1 + 1"),
		function(30001, "twice", 'i', false, "SELECT $1 + $1"),
		function(30002, "zero_if_null", 'i', false, "SELECT coalesce($1, 0)"),
		function(30003, "strict_zero", 'i', true, "SELECT coalesce($1, 0)"),
		function(30004, "orders_of", 's', false, "SELECT count(*) FROM orders WHERE id = $1"),
	}, nil, nil)
}

// function makes a function of one bigint.
func function(oid types.OID, name string, volatility byte, strict bool, body string) *catalog.Function {
	return &catalog.Function{OID: oid, Schema: "public", Name: name, Kind: 'f', Language: "sql", Volatility: volatility, Strict: strict,
		Params: []catalog.FunctionParam{{Mode: 'i', Type: types.Int8OID}}, Result: types.Int8OID, Source: body}
}

// Inline opens the catalog's functions.
func Inline(c *plan.Call) (plan.Expr, error) {
	env := &bind.Env{Catalog: New(), SearchPath: []string{"public"}, TypesEnv: types.DefaultEnv()}
	return bind.Inline(env, env.Catalog.Routines().Function(c.Func.OID), c)
}

// Types implements catalog.Reader.
func (c *Catalog) Types() *types.Registry { return types.Builtin() }

// Database implements catalog.Reader.
func (c *Catalog) Database() *catalog.Database { return &catalog.Database{Name: "test"} }

// Stats are 100,000 users and a million orders on plain S3.
func Stats(rel *catalog.Relation) storage.Stats {
	rows := 100_000.0
	if rel.Name == "orders" {
		rows = 1_000_000
	}
	return storage.Stats{Rows: rows, RowsPerValue: map[string]float64{"by_user": 10, "by_country": 500}}
}

// Evaluate folds constants.
func Evaluate(e plan.Expr) (any, error) {
	return exec.Evaluate(context.Background(), e, &exec.Env{Types: types.DefaultEnv()})
}

// Query binds one statement, which must be a query.
func Query(t testing.TB, sql string) *plan.Query {
	t.Helper()
	stmts, err := parser.Parse(sql)
	require.NoError(t, err, sql)
	require.Len(t, stmts, 1)
	bound, err := bind.Bind(&bind.Env{Catalog: New(), SearchPath: []string{"public"}, TypesEnv: types.DefaultEnv()}, stmts[0])
	require.NoError(t, err, sql)
	return bound.(*plan.Query)
}

// Golden runs a file of statements, each followed by what f makes of it:
//
//	-- comment
//	SELECT …
//	----
//	answer
//	(empty line)
func Golden(t *testing.T, file string, f func(t *testing.T, sql string) string) {
	t.Run(filepath.Base(file), func(t *testing.T) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		var out strings.Builder
		for _, record := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
			sql, _, _ := strings.Cut(record, "\n----\n")
			sql = strings.TrimSuffix(strings.TrimSpace(sql), "\n----")
			out.WriteString(sql + "\n----\n" + strings.TrimSpace(f(t, sql)) + "\n\n")
		}
		got := strings.TrimSpace(out.String()) + "\n"
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			return
		}
		require.Equal(t, string(data), got)
	})
}

// Inheriting implements catalog.Reader: nothing inherits.
func (*Catalog) Inheriting(catalog.OID) []*catalog.Relation { return nil }
