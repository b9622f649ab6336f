package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/ruleutils"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// alterType is ALTER COLUMN … TYPE: USING must convert, and without it there
// must be an assignment cast (42804).
func (a *alteration) alterType(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	a.checkPartitionKey("alter", name)
	out := catalog.AlterType{Name: name, Typmod: -1}
	if x.Column.Rule != nil {
		out.Rule, out.Relabel = *x.Column.Rule, true
		return out
	}
	out.Type, out.Typmod, out.Collation = a.columnType(x.Column.Def)
	out.Dims = int16(len(x.Column.Def.TypeName.ArrayBounds))
	if _, ok := intRange[out.Type]; c.Identity != 0 && !ok {
		failAt(-1, pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	}
	e := plan.Expr(&plan.Column{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1}})
	if using := x.Column.Def.RawDefault; using != nil {
		s := a.newScope(nil)
		s.items, s.all = []*nsItem{a.item}, []*nsItem{a.item}
		e = s.bind(using, kindAlterColTransform)
		out.Using = a.exprText(using)
	}
	keeps := a.keepsValue(x.Column.Def.RawDefault, out)
	out.Relabel = keeps && a.relabels(c, out)
	a.checkGeneratedRetype(c, out.Using != "")
	a.checkRetype(e, name, out)
	if c.Identity != 0 {
		a.retypeIdentity(c, x.Column.Def)
	}
	a.checkDefaultRetype(c, name, out)
	a.checkPolicyRetype(c)
	a.checkForeignRetype(c, out)
	if !out.Relabel {
		a.checkIndexRetype(c, out)
		out.InKey = a.retypeKey(c, out, keeps)
		out.Texts = a.understoodTexts(c)
	}
	return out
}

// understoodTexts are the CHECKs and index predicates that name a column, as its old type
// has them understood: literals have the types that it gave them (ATPostAlterTypeParse).
func (a *alteration) understoodTexts(c *catalog.Column) map[string]string {
	texts := map[string]string{}
	for _, k := range a.rel.Constraints {
		texts[k.Expr] = ""
	}
	for _, ix := range a.rel.Indexes {
		texts[ix.Predicate] = ""
	}
	out := map[string]string{}
	write := &ruleutils.Context{Catalog: a.env.Catalog, Path: []string{"pg_catalog"}, Env: types.DefaultEnv()}
	for text := range texts {
		if text == "" || !slices.Contains(parser.ColumnNames(parseText(text)), c.Name) {
			continue
		}
		if tree, err := ExprTree(a.env, text, a.rel, nil, -1); err == nil {
			out[text] = write.Expr(tree, ruleutils.Options{})
		}
	}
	return out
}

// keyTexts are the types to which values of a type of the key can go and keep their
// text there: numbers and uuids are written in one way.
var keyTexts = map[types.OID][]types.OID{
	types.Int2OID: {types.Int4OID, types.Int8OID, types.NumericOID, types.TextOID, types.VarcharOID},
	types.Int4OID: {types.Int2OID, types.Int8OID, types.NumericOID, types.TextOID, types.VarcharOID},
	types.Int8OID: {types.Int2OID, types.Int4OID, types.NumericOID, types.TextOID, types.VarcharOID},
	types.UUIDOID: {types.TextOID, types.VarcharOID},
}

// longestKeyText is that of the types of keyTexts, a uuid's.
const longestKeyText = 36

// retypeKey says whether the column is of the key that rows' ids are made of. These
// stay as they are: 0A000 where the new type would make others.
func (a *alteration) retypeKey(c *catalog.Column, to catalog.AlterType, keeps bool) bool {
	inKey := slices.ContainsFunc(a.rel.Indexes, func(ix *catalog.Index) bool {
		return ix.Kind == catalog.PrimaryIndex && slices.Contains(ix.Declared, c.Num)
	})
	if !inKey {
		return false
	}
	limited := to.Typmod != -1 && (to.Type != types.VarcharOID || to.Typmod < longestKeyText+varHeader)
	if !keeps || limited || !slices.Contains(keyTexts[c.Type.OID], to.Type) {
		unsupported(-1, "ALTER COLUMN TYPE of a primary key column from %s to %s", a.typeName(c.Type), a.typeName(a.typ(to.Type)))
	}
	return true
}

// varHeader is VARHDRSZ, which the typmods of character types count in.
const varHeader = 4

// checkIndexRetype: 42704 for a key whose new type has no order, 0A000 for one that is an
// expression over the column.
func (a *alteration) checkIndexRetype(c *catalog.Column, to catalog.AlterType) {
	for _, ix := range a.rel.Indexes {
		for i := range ix.Keys {
			switch k := &ix.Keys[i]; {
			case k.Expr != "":
				if _, named := parser.RenameColumn(parseText(k.Expr), c.Name, c.Name); named {
					unsupported(-1, "ALTER COLUMN TYPE of a column that an index expression uses")
				}
			case k.Num == c.Num && k.OpClass == 0:
				m := opclass.FindMethod(ix.Method)
				if t := a.typ(to.Type); a.opclasses().Default(m, t) == nil {
					a.failNoClass(t, m)
				}
			}
		}
	}
}

// checkForeignRetype is 42804 for a foreign key, of the column or to it, that can't compare
// the new type with the other side's.
func (a *alteration) checkForeignRetype(c *catalog.Column, to catalog.AlterType) {
	now := *c
	now.Type, now.Typmod = a.typ(to.Type), to.Typmod
	side := func(rel *catalog.Relation) *keyTable {
		t := tableOf(rel)
		t.columns = slices.Clone(t.columns)
		if i := slices.Index(t.columns, c); i >= 0 && rel.OID == a.rel.OID {
			t.columns[i] = &now
		}
		return t
	}
	t := &tableBuilder{binder: a.binder}
	for _, fk := range append(catalog.ForeignKeys(a.env.Catalog, a.rel), catalog.ForeignKeysTo(a.env.Catalog, a.rel)...) {
		dropped := slices.ContainsFunc(a.actions, func(x catalog.AlterAction) bool { d, ok := x.(catalog.DropConstraint); return ok && d.Name == fk.Name })
		if !dropped {
			t.checkKeyTypes(*fk.Constraint, side(fk.Child), side(fk.Parent))
		}
	}
}

// keepsValue says that there is no USING, or that it is the column itself or its
// cast to the new type, as Django writes it.
func (a *alteration) keepsValue(using *parser.Node, to catalog.AlterType) bool {
	if using == nil {
		return true
	}
	if cast := using.GetTypeCast(); cast != nil {
		if t, mod := a.typeNameType(cast.TypeName); t.OID != to.Type || mod != to.Typmod {
			return false
		}
		using = cast.Arg
	}
	fields := using.GetColumnRef().GetFields()
	return len(fields) == 1 && fields[0].GetString_().GetSval() == to.Name
}

// relabels says that every value of the column is one of the new type as it stands
// (ATColumnChangeRequiresRewrite): PostgreSQL changes the catalog alone.
func (a *alteration) relabels(c *catalog.Column, to catalog.AlterType) bool {
	collation := to.Collation
	if collation == 0 {
		collation = a.typ(to.Type).Collation
	}
	if c.Path != nil || c.Hidden || c.Collation != collation {
		return false
	}
	same := c.Type.OID == to.Type
	switch {
	case same && c.Typmod == to.Typmod, same && to.Typmod == -1 && c.Type.Category == 'N':
		return true
	case to.Type == types.TextOID:
		return c.Type.OID == types.VarcharOID
	case to.Type == types.VarcharOID:
		longer := to.Typmod == -1 || c.Typmod != -1 && to.Typmod >= c.Typmod
		return same && longer || c.Type.OID == types.TextOID && to.Typmod == -1
	}
	return false
}

// checkDefaultRetype is 42804 for a default that the new type does not take. Its
// text is kept: as an untyped literal it has the old column's type.
func (a *alteration) checkDefaultRetype(c *catalog.Column, name string, t catalog.AlterType) {
	dropped := slices.ContainsFunc(a.actions, func(x catalog.AlterAction) bool { return x == catalog.SetDefault{Name: name} })
	if c.Default == "" || c.Generated != 0 || dropped {
		return
	}
	from := a.textExpr(c.Default, nil, kindDefault).Type().OID
	if from == types.UnknownOID {
		from = c.Type.OID
	}
	if !a.canCoerce([]types.OID{from}, []types.OID{t.Type}, coerceAssignment) {
		failAt(-1, pgerr.DatatypeMismatch, "default for column \"%s\" cannot be cast automatically to type %s", name, a.typeName(a.typ(t.Type)))
	}
}

func (a *alteration) checkRetype(e plan.Expr, name string, t catalog.AlterType) {
	target := a.typ(t.Type)
	if a.canCoerce([]types.OID{e.Type().OID}, []types.OID{t.Type}, coerceAssignment) {
		return
	}
	if t.Using != "" {
		fail(pgerr.New(pgerr.DatatypeMismatch, "result of USING clause for column \"%s\" cannot be cast automatically to type %s",
			name, a.typeName(target)).WithHint("You might need to add an explicit cast."))
	}
	fail(pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" cannot be cast automatically to type %s", name, a.typeName(target)).
		WithHint("You might need to specify \"USING %s::%s\".", quoteIdent(name), types.FormatType(target, t.Typmod)))
}
