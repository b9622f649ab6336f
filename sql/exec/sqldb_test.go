package exec_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// testDB is a database of memTables: statements go through parser, binder and
// planner to the executor under test.
type testDB struct {
	catalog.Reader
	rels   map[string]*catalog.Relation
	tables map[types.OID]*memTable
	kept   map[*memTable]*keptTable // tables whose columns are in memory
	oid    types.OID
	env    exec.Env // what tests vary
	clock  time.Time
}

func newTestDB(t testing.TB, schema string) *testDB {
	db := &testDB{rels: map[string]*catalog.Relation{}, tables: map[types.OID]*memTable{}, oid: catalog.FirstUserOID}
	stmts, err := parser.Parse(schema)
	require.NoError(t, err)
	for _, s := range stmts {
		bound, err := bind.Bind(db.bindEnv(), s)
		require.NoError(t, err)
		switch s := bound.(type) {
		case *plan.CreateTable:
			db.create(s.Def)
		case *plan.CreateIndex:
			db.index(s)
		}
	}
	return db
}

// Roles: nobody has roles here, so that everybody may do everything.
func (db *testDB) Roles() []*catalog.Role { return nil }

func (db *testDB) next() types.OID { db.oid++; return db.oid }

func (db *testDB) create(def *catalog.TableDef) {
	rel := &catalog.Relation{OID: db.next(), Schema: "public", Name: def.Name, Kind: catalog.Table, Resource: &catalog.Resource{}}
	for i, c := range def.Columns {
		rel.Columns = append(rel.Columns, &catalog.Column{
			Num: int16(i + 1), Name: c.Name, Type: types.ByOID(c.Type), Typmod: c.Typmod, NotNull: c.NotNull, Default: c.Default,
		})
	}
	if def.PrimaryKey != nil {
		ix := db.addIndex(rel, def.Name+"_pkey", catalog.PrimaryIndex, def.PrimaryKey)
		ix.Primary, ix.Unique, ix.Complete = true, true, true
		for _, c := range ix.Columns {
			rel.Column(c.Num).NotNull = true
		}
	}
	for _, u := range def.Unique {
		db.addIndex(rel, def.Name+"_"+strings.Join(u.Columns, "_")+"_key", catalog.UniqueIndex, u.Columns).Unique = true
	}
	for _, c := range def.Checks {
		name := c.Name
		if name == "" {
			name = def.Name + "_check"
		}
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: db.next(), Name: name, Kind: catalog.CheckConstraint, Expr: c.Expr})
	}
	db.rels["public."+def.Name] = rel
	db.tables[rel.OID] = newMemTable(rel)
}

func (db *testDB) addIndex(rel *catalog.Relation, name string, kind catalog.IndexKind, columns []string) *catalog.Index {
	ix := &catalog.Index{OID: db.next(), Name: name, Partition: name, Kind: kind}
	for _, c := range columns {
		ix.Columns = append(ix.Columns, catalog.IndexColumn{Num: rel.ColumnByName(c).Num, Name: c, Lossless: true, Ordered: true})
	}
	for _, c := range ix.Columns {
		ix.Keys = append(ix.Keys, catalog.PlainKeys(rel, c.Num)...)
	}
	rel.Indexes = append(rel.Indexes, ix)
	return ix
}

func (db *testDB) index(s *plan.CreateIndex) {
	var cols []string
	for _, f := range s.Def.Fields {
		cols = append(cols, f.Name)
	}
	db.addIndex(db.RelationByOID(s.Relation), s.Def.Name, catalog.PartitionIndex, cols).Complete = true
}

func (db *testDB) bindEnv() *bind.Env {
	return &bind.Env{Catalog: db, SearchPath: []string{"public"}, Database: "postgres", User: "postgres"}
}

func (db *testDB) Relation(schema, name string) *catalog.Relation { return db.rels[schema+"."+name] }

func (db *testDB) RelationByOID(oid types.OID) *catalog.Relation {
	for _, r := range db.rels {
		if r.OID == oid {
			return r
		}
	}
	return nil
}

func (db *testDB) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	for _, r := range db.rels {
		for _, i := range r.Indexes {
			if r.Schema == schema && i.Name == name {
				return r, i
			}
		}
	}
	return nil, nil
}

func (db *testDB) SchemaByName(name string) *catalog.Schema {
	if name == "public" || name == "pg_catalog" {
		return &catalog.Schema{OID: 2200, Name: name}
	}
	return nil
}

// Routines implements catalog.Reader.
func (db *testDB) Routines() *catalog.Routines { return nil }

func (db *testDB) Types() *types.Registry { return types.Builtin() }

func (db *testDB) Database() *catalog.Database { return &catalog.Database{Name: "postgres"} }

// Table implements storage.Tables.
func (db *testDB) Table(oid types.OID) (storage.Table, error) {
	t := db.tables[oid]
	if k := db.kept[t]; k != nil {
		return k, nil
	}
	return t, nil
}

// Write implements dml.Writer.
func (db *testDB) Write(ctx context.Context, oid types.OID, changes []storage.Change, _ bool) ([]storage.Result, error) {
	return db.tables[oid].Apply(ctx, changes), nil
}

func (db *testDB) execEnv() *exec.Env {
	env := db.env
	env.Types = types.DefaultEnv()
	env.Types.Now = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	env.Types.StatementTime = env.Types.Now
	env.Tables, env.Writer = db, db
	env.Now = func() time.Time {
		db.clock = db.clock.Add(time.Millisecond)
		return db.clock
	}
	return &env
}

func (db *testDB) bindExplain(sql string) (*plan.Explain, error) {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return nil, err
	}
	bound, err := bind.Bind(db.bindEnv(), stmts[0])
	if err != nil {
		return nil, err
	}
	return bound.(*plan.Explain), nil
}

// plan binds and plans one statement.
func (db *testDB) plan(sql string) (*plan.Query, error) {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return nil, err
	}
	bound, err := bind.Bind(db.bindEnv(), stmts[0])
	if err != nil {
		return nil, err
	}
	return db.optimize(bound.(*plan.Query))
}

func (db *testDB) optimize(q *plan.Query) (*plan.Query, error) {
	next := plan.MaxColumn(q.Root)
	return planner.Optimize(q, &planner.Env{
		Stats: func(rel *catalog.Relation) storage.Stats {
			t, _ := db.Table(rel.OID)
			return t.Stats()
		},
		Distinct: func(rel *catalog.Relation, num int16) (float64, bool) { return exec.Distinct(rel, num, db.execEnv()) },
		Share: func(s *plan.Scan, cond plan.Expr) (float64, bool) {
			return exec.Share(s.Rel, s.Cols, s.Nums, cond, db.execEnv())
		},
		Evaluate:  func(e plan.Expr) (any, error) { return exec.Evaluate(context.Background(), e, db.execEnv()) },
		NewColumn: func() plan.ColumnID { next++; return next },
	})
}

// result is the rows of a statement as text, or its tag.
type result struct {
	rows     []string
	affected int64
}

func (db *testDB) run(sql string, params ...any) (*result, error) {
	q, err := db.plan(sql)
	if err != nil {
		return nil, err
	}
	env := db.execEnv()
	env.Params = params
	save := db.save()
	res, err := runPlan(context.Background(), q, env)
	if err != nil {
		db.restore(save)
	}
	return res, err
}

// save and restore are the statement-level rollback that the writer's owner
// gives.
func (db *testDB) save() map[types.OID]map[string]*memRow {
	s := map[types.OID]map[string]*memRow{}
	for oid, t := range db.tables {
		s[oid] = maps.Clone(t.rows)
	}
	return s
}

func (db *testDB) restore(s map[types.OID]map[string]*memRow) {
	for oid, t := range db.tables {
		t.rows = s[oid]
	}
}

func runPlan(ctx context.Context, q *plan.Query, env *exec.Env) (res *result, err error) {
	op, err := exec.Build(q.Root, env)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, op.Close()) }()
	if err := op.Open(ctx); err != nil {
		return nil, err
	}
	at := map[plan.ColumnID]int{}
	for i, c := range q.Root.Columns() {
		at[c.ID] = i
	}
	res = &result{}
	for {
		b, err := op.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			break
		}
		for k := range b.Rows() {
			cols := make([]string, len(q.Output))
			for i, c := range q.Output {
				cols[i] = valueText(c.Type, b.Cols[at[c.ID]].Value(b.Row(k)))
			}
			res.rows = append(res.rows, strings.Join(cols, "|"))
		}
	}
	res.affected, _ = exec.Affected(op)
	return res, nil
}

func valueText(t *types.Type, v any) string {
	if v == nil {
		return "NULL"
	}
	return string(t.Out(types.DefaultEnv(), nil, v))
}

// text renders an answer as the golden files have it.
func (db *testDB) text(sql string) string {
	res, err := db.run(sql)
	if err != nil {
		e := pgerr.As(err)
		if e == nil {
			return "no pgerr: " + err.Error()
		}
		return errorText(string(e.Code), e.Message, e.Detail)
	}
	lines := res.rows
	if !ordered(sql) {
		sort.Strings(lines)
	}
	if isWrite(sql) {
		lines = append(lines, fmt.Sprintf("(%d)", res.affected))
	}
	return strings.Join(lines, "\n")
}

func errorText(code, message, detail string) string {
	s := fmt.Sprintf("ERROR %s: %s", code, message)
	if detail != "" {
		s += "\nDETAIL " + detail
	}
	return s
}

func ordered(sql string) bool { return strings.Contains(sql, "ORDERED") }

func isWrite(sql string) bool {
	for _, w := range []string{"INSERT", "UPDATE", "DELETE"} {
		if strings.HasPrefix(sql, w) {
			return true
		}
	}
	return false
}

func readFile(t testing.TB, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func (*testDB) Inheriting(catalog.OID) []*catalog.Relation { return nil }
