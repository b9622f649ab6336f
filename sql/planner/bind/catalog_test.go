package bind

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// testCatalog is a catalog.Reader in memory, made from testdata/schema.sql and
// the dump of pg_catalog's columns.
type testCatalog struct {
	catalog.Reader
	byName map[string]*catalog.Relation
	oid    types.OID
	types  *types.Registry
	path   []string
}

func newTestCatalog(t testing.TB) *testCatalog {
	c := &testCatalog{byName: map[string]*catalog.Relation{}, oid: catalog.FirstUserOID}
	c.loadSystem(t)
	text, err := os.ReadFile("testdata/schema.sql")
	require.NoError(t, err)
	stmts, err := parser.Parse(string(text))
	require.NoError(t, err)
	for _, s := range stmts {
		if v := s.Node.GetViewStmt(); v != nil {
			c.addView(t, s)
		} else {
			c.addTable(t, s)
		}
	}
	return c
}

func (c *testCatalog) env() *Env {
	path := c.path
	if path == nil {
		path = []string{"bind_golden"}
	}
	return &Env{Catalog: c, SearchPath: path, TypesEnv: &types.Env{ExtraFloatDigits: 1, Names: c}, Database: "postgres", User: "postgres"}
}

func (c *testCatalog) loadSystem(t testing.TB) {
	text, err := os.ReadFile("testdata/pg_catalog.tsv")
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		f := strings.Split(line, "\t")
		rel := c.byName[f[1]+"."+f[2]]
		if rel == nil {
			rel = &catalog.Relation{OID: number(f[0]), Schema: f[1], Name: f[2], Kind: catalog.Table, Virtual: true}
			c.byName[f[1]+"."+f[2]] = rel
		}
		typ := types.Builtin().ByOID(number(f[5]))
		if typ == nil {
			typ = types.Builtin().ByOID(types.TextOID)
		}
		rel.Columns = append(rel.Columns, &catalog.Column{Num: int16(number(f[3])), Name: f[4], Type: typ, Typmod: -1})
	}
}

func number(s string) types.OID {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic(err)
	}
	return types.OID(n)
}

func (c *testCatalog) next() types.OID { c.oid++; return c.oid }

func (c *testCatalog) addTable(t testing.TB, s parser.Statement) {
	b := newBinder(&Env{})
	cs := s.Node.GetCreateStmt()
	rel := &catalog.Relation{
		OID: c.next(), Schema: "bind_golden", Name: cs.Relation.Relname, Kind: catalog.Table, Resource: &catalog.Resource{},
	}
	for _, n := range cs.TableElts {
		if d := n.GetColumnDef(); d != nil {
			typ, mod := b.typeNameType(d.TypeName)
			col := &catalog.Column{Num: int16(len(rel.Columns) + 1), Name: d.Colname, Type: typ, Typmod: mod}
			rel.Columns = append(rel.Columns, col)
			for _, k := range d.Constraints {
				c.constrain(t, rel, col, k.GetConstraint())
			}
			continue
		}
		c.constrain(t, rel, nil, n.GetConstraint())
	}
	c.byName["bind_golden."+rel.Name] = rel
}

func (c *testCatalog) constrain(t testing.TB, rel *catalog.Relation, col *catalog.Column, k *parser.Constraint) {
	names := nameParts(k.Keys)
	if col != nil {
		names = []string{col.Name}
	}
	switch k.Contype {
	case parser.ConstrType_CONSTR_PRIMARY, parser.ConstrType_CONSTR_UNIQUE:
		primary := k.Contype == parser.ConstrType_CONSTR_PRIMARY
		ix := &catalog.Index{OID: c.next(), Name: rel.Name + "_" + strings.Join(names, "_") + "_key", Unique: true, Primary: primary}
		kind := catalog.UniqueConstraint
		if primary {
			ix.Name, kind = rel.Name+"_pkey", catalog.PrimaryConstraint
		}
		for _, n := range names {
			ix.Columns = append(ix.Columns, catalog.IndexColumn{Num: rel.ColumnByName(n).Num, Name: n})
			ix.Keys = append(ix.Keys, catalog.PlainKeys(rel, rel.ColumnByName(n).Num)...)
		}
		rel.Indexes = append(rel.Indexes, ix)
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: c.next(), Name: ix.Name, Kind: kind, Index: ix.OID, Columns: keyNums(ix)})
	case parser.ConstrType_CONSTR_CHECK:
		text, err := parser.DeparseExpr(k.RawExpr)
		require.NoError(t, err)
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{OID: c.next(), Name: rel.Name + "_check", Kind: catalog.CheckConstraint, Expr: text})
	case parser.ConstrType_CONSTR_DEFAULT:
		text, err := parser.DeparseExpr(k.RawExpr)
		require.NoError(t, err)
		col.Default = text
	case parser.ConstrType_CONSTR_NOTNULL:
		col.NotNull = true
	}
}

func (c *testCatalog) addView(t testing.TB, s parser.Statement) {
	v := s.Node.GetViewStmt()
	text, err := parser.Deparse(v.Query)
	require.NoError(t, err)
	rel := &catalog.Relation{OID: c.next(), Schema: "bind_golden", Name: v.View.Relname, Kind: catalog.View, Definition: text}
	stmts, err := parser.Parse(text)
	require.NoError(t, err)
	var q = newBinder(c.env()).topQuery(stmts[0].Node)
	for i, col := range q.Output {
		rel.Columns = append(rel.Columns, &catalog.Column{Num: int16(i + 1), Name: col.Name, Type: col.Type, Typmod: col.Mod})
	}
	c.byName["bind_golden."+rel.Name] = rel
}

func (c *testCatalog) Relation(schema, name string) *catalog.Relation {
	return c.byName[schema+"."+name]
}

func (c *testCatalog) RelationByOID(oid types.OID) *catalog.Relation {
	for _, r := range c.byName {
		if r.OID == oid {
			return r
		}
	}
	return nil
}

func (c *testCatalog) IndexByName(schema, name string) (*catalog.Relation, *catalog.Index) {
	for _, r := range c.byName {
		for _, i := range r.Indexes {
			if r.Schema == schema && i.Name == name {
				return r, i
			}
		}
	}
	return nil, nil
}

func (c *testCatalog) SchemaByName(name string) *catalog.Schema {
	if name == "bind_golden" || name == "pg_catalog" || name == "public" {
		return &catalog.Schema{OID: 16383, Name: name}
	}
	return nil
}

// OIDOf implements types.Names for the tests' literals.
func (c *testCatalog) OIDOf(_ types.RegKind, name string) (types.OID, error) {
	for _, schema := range []string{"", "pg_catalog.", "bind_golden."} {
		if r := c.byName[schema+name]; r != nil {
			return r.OID, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
}

// NameOf implements types.Names.
func (c *testCatalog) NameOf(types.RegKind, types.OID) (string, bool) { return "", false }

// Routines implements catalog.Reader.
func (c *testCatalog) Routines() *catalog.Routines { return nil }

func (c *testCatalog) Types() *types.Registry {
	if c.types != nil {
		return c.types
	}
	return types.Builtin()
}

// Roles has the one that owns everything.
func (c *testCatalog) Roles() []*catalog.Role {
	return []*catalog.Role{{OID: catalog.BootstrapSuperuser, Name: "postgres", Superuser: true}}
}

func (c *testCatalog) Database() *catalog.Database { return &catalog.Database{Name: "postgres"} }

func (*testCatalog) Inheriting(catalog.OID) []*catalog.Relation { return nil }

func (c *testCatalog) Referencing(catalog.OID) []*catalog.Relation { return nil }
