package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// constraints binds the constraints of columns and table. Keys come first, as
// in PostgreSQL, so that they get the plain names.
func (t *tableBuilder) constraints() {
	for _, k := range t.later {
		if k.Conname == "" {
			continue
		}
		if t.names[k.Conname] && !(k.Contype == parser.ConstrType_CONSTR_CHECK && t.inheritsCheck(k.Conname)) {
			failAt(-1, pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", k.Conname, t.def.Name)
		}
		t.names[k.Conname] = true
	}
	for _, k := range t.later {
		switch k.Contype {
		case parser.ConstrType_CONSTR_PRIMARY:
			t.primaryKey(k)
		case parser.ConstrType_CONSTR_CHECK:
			t.addCheck(t.check(k))
		case parser.ConstrType_CONSTR_UNIQUE, parser.ConstrType_CONSTR_FOREIGN:
		default:
			unsupported(t.at(k.Location), "%s", constraintNames[k.Contype])
		}
	}
	for _, k := range t.later {
		if k.Contype == parser.ConstrType_CONSTR_UNIQUE {
			t.def.Unique = append(t.def.Unique, t.unique(k))
		}
	}
	for _, k := range t.later {
		if k.Contype == parser.ConstrType_CONSTR_FOREIGN {
			t.def.Foreign = append(t.def.Foreign, t.foreignKey(k, t.tableMade()))
		}
	}
}

var constraintNames = map[parser.ConstrType]string{
	parser.ConstrType_CONSTR_FOREIGN:             "FOREIGN KEY",
	parser.ConstrType_CONSTR_EXCLUSION:           "EXCLUDE",
	parser.ConstrType_CONSTR_ATTR_DEFERRABLE:     "DEFERRABLE",
	parser.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE: "NOT DEFERRABLE",
	parser.ConstrType_CONSTR_ATTR_DEFERRED:       "INITIALLY DEFERRED",
	parser.ConstrType_CONSTR_ATTR_IMMEDIATE:      "INITIALLY IMMEDIATE",
}

// taken covers the constraints of the statement and the relations of the schema.
func (t *tableBuilder) taken(name string) bool {
	if used, known := t.names[name]; known {
		return used
	}
	return t.relationTaken(t.def.Schema, name)
}

func (t *tableBuilder) name(given, name2, label string) string {
	if given != "" {
		return given
	}
	n := freeName(t.def.Name, name2, label, t.taken)
	t.names[n] = true
	return n
}

func (t *tableBuilder) primaryKey(k columnConstraint) {
	pos := t.at(k.Location)
	if t.def.PrimaryName != "" {
		failAt(pos, pgerr.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", t.def.Name)
	}
	t.checkKey(k)
	key := t.keyColumns(k, "primary key")
	t.def.PrimaryName = t.name(k.Conname, "", "pkey")
	include := t.includedColumns(k, t.fieldNames())
	if k.Deferrable || k.Initdeferred { // rows' ids can't be the same for a while
		u := catalog.UniqueDef{Name: t.def.PrimaryName, Columns: key, Primary: true, Deferrable: true, Deferred: k.Initdeferred}
		u.Include = include
		t.def.Unique = append(t.def.Unique, u)
	} else {
		t.def.PrimaryKey, t.def.PrimaryInclude = key, include
	}
	for i := range t.def.Columns {
		if slices.Contains(key, t.def.Columns[i].Name) {
			t.def.Columns[i].NotNull = true
		}
	}
}

func (b *binder) checkKey(k columnConstraint) {
	if k.Indexname != "" {
		failAt(b.at(k.Location), pgerr.FeatureNotSupported, "cannot use an existing index in CREATE TABLE")
	}
}

// keyColumns are the columns of a key: 42703, 42701.
func (t *tableBuilder) keyColumns(k columnConstraint, what string) []string {
	names := []string{k.column}
	if k.column == "" {
		names = t.resolveKey(nameParts(k.Keys), t.fieldNames(), what, t.at(k.Location))
	}
	for _, c := range t.item.cols {
		if slices.Contains(names, c.name) {
			t.checkBytewise(c.expr.Type(), "a "+what+" constraint")
			t.checkKeyType(c.expr.Type())
		}
	}
	return names
}

func (b *binder) resolveKey(keys, names []string, what string, pos int) []string {
	var out []string
	for _, key := range keys {
		n := matchName(names, key)
		if n == "" {
			failAt(pos, pgerr.UndefinedColumn, "column \"%s\" named in key does not exist", key)
		}
		if slices.Contains(out, n) {
			failAt(pos, pgerr.DuplicateColumn, "column \"%s\" appears twice in %s constraint", n, what)
		}
		out = append(out, n)
	}
	return out
}

func (t *tableBuilder) unique(k columnConstraint) catalog.UniqueDef {
	t.checkKey(k)
	u := catalog.UniqueDef{Columns: t.keyColumns(k, "unique"), Deferrable: k.Deferrable || k.Initdeferred, Deferred: k.Initdeferred}
	u.Include, u.NullsNotDistinct = t.includedColumns(k, t.fieldNames()), k.NullsNotDistinct
	u.Name = t.keyName(k, &u)
	return u
}

// check binds a CHECK expression and keeps its text. Its name has the column's
// where it uses only one.
func (t *tableBuilder) check(k columnConstraint) catalog.CheckDef {
	if k.IsNoInherit && t.def.Partitioning != nil {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot add NO INHERIT constraint to partitioned table \"%s\"", t.def.Name)
	}
	kept, used := t.checkExpr(k.RawExpr, t.definedRow())
	part := k.column
	if len(used) == 1 {
		part = used[0]
	} else if k.column == "" || len(used) > 1 {
		part = ""
	}
	return catalog.CheckDef{Name: t.name(k.Conname, part, "check"), Expr: t.ownText(kept), NoInherit: k.IsNoInherit}
}

// definedRow is a row of the table for the expressions of its definition, which may name
// tableoid too.
func (t *tableBuilder) definedRow() *nsItem {
	out := *t.item
	out.defines = true
	t.namesTableOID(&out)
	return &out
}

// namesTableOID makes tableoid a column of the item, where it is to be shown or counted
// as one and not computed.
func (b *binder) namesTableOID(it *nsItem) {
	others := it.hidden
	it.hidden = func(name string, fold bool) *nsCol {
		if name == "tableoid" {
			col := b.outputCol(name, b.typ(types.OidOID), -1)
			b.columns[col.ID] = &columnInfo{table: it.name, name: name, item: it}
			return &nsCol{name: name, expr: colExpr(col, -1)}
		}
		if others == nil {
			return nil
		}
		return others(name, fold)
	}
}

// ownText is the text of an expression over the table, which need not be named in it; a
// column of its name could be meant.
func (t *tableBuilder) ownText(n *parser.Node) string {
	if slices.Contains(t.fieldNames(), t.def.Name) {
		return t.exprText(n)
	}
	return t.exprText(parser.Unqualified(n, t.def.Name))
}

// checkExpr binds a CHECK, for its errors, and returns it as it is kept, and the names of the columns
// it uses.
func (b *binder) checkExpr(n *parser.Node, item *nsItem) (kept *parser.Node, columns []string) {
	s := b.newScope(nil)
	s.items, s.all = []*nsItem{item}, []*nsItem{item}
	kept, cond := b.frozen(n, func(n *parser.Node) plan.Expr { return b.boolean(s.bind(n, kindCheck), "CHECK") })
	for id := range plan.ColumnsOf(cond) {
		if info := b.columns[id]; info != nil && !slices.Contains(columns, info.name) {
			columns = append(columns, info.name)
		}
	}
	return kept, columns
}
