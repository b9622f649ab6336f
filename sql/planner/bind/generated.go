package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// generation is a generated column whose expression waits for the columns that
// it may name.
type generation struct {
	column string
	expr   *parser.Node
}

func (s *columnClauses) generatedClause(k *parser.Constraint, pos int) {
	if s.generated {
		failAt(pos, pgerr.SyntaxError, "multiple generation clauses specified for column \"%s\" of table \"%s\"", s.column.Name, s.def.Name)
	}
	if s.def.Resource || len(s.path) > 1 {
		unsupported(pos, "a generated column of a resource")
	}
	s.generated = true
	s.generations = append(s.generations, generation{s.column.Name, k.RawExpr})
}

// generationTexts binds the generation expressions, once all columns are known,
// and keeps their texts (AddRelationNewConstraints). already are the table's
// generated columns.
func (t *tableBuilder) generationTexts(already []string) {
	names := slices.Clone(already)
	for _, g := range t.generations {
		names = append(names, g.column)
	}
	for _, g := range t.generations {
		i := slices.IndexFunc(t.def.Columns, func(c catalog.ColumnDef) bool { return c.Name == g.column })
		t.def.Columns[i].Generated = t.generationText(&t.def.Columns[i], g.expr, names)
	}
}

// generationText is cookDefault for a generated column.
func (t *tableBuilder) generationText(c *catalog.ColumnDef, n *parser.Node, generated []string) string {
	s := t.newScope(nil)
	row := t.definedRow()
	s.items, s.all = []*nsItem{row}, []*nsItem{row}
	n, e := t.frozen(n, func(n *parser.Node) plan.Expr { return s.bind(n, kindGenerated) })
	t.checkGenerationColumns(e, generated)
	typ, mod := t.definedType(*c)
	value := t.coerceToTarget(e, typ, mod, coerceAssignment, plan.DisplayImplicitCast, -1)
	if value == nil {
		fail(pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is of type %s but default expression is of type %s",
			c.Name, t.typeName(typ), t.typeName(e.Type())).WithHint("You will need to rewrite or cast the expression."))
	}
	if mutable(value) {
		failAt(-1, pgerr.InvalidObjectDefinition, "generation expression is not immutable")
	}
	return t.ownText(t.pinned(n, e))
}

// checkGenerationColumns is check_nested_generated.
func (t *tableBuilder) checkGenerationColumns(e plan.Expr, generated []string) {
	plan.Walk(e, func(e plan.Expr) bool {
		c, ok := e.(*plan.Column)
		if !ok {
			return true
		}
		switch info := t.columns[c.ID]; {
		case info == nil:
		case slices.Contains(generated, info.name):
			fail(pgerr.New(pgerr.InvalidObjectDefinition, "cannot use generated column \"%s\" in column generation expression", info.name).
				WithDetail("A generated column cannot reference another generated column.").AtByte(c.At))
		case systemColumns[info.name] && info.name != "tableoid":
			failAt(c.At, pgerr.InvalidColumnReference, "cannot use system column \"%s\" in column generation expression", info.name)
		}
		return true
	})
}

// mutable is contain_mutable_functions: the value may be another one tomorrow,
// or in another session.
func mutable(e plan.Expr) bool {
	found := false
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Call:
			found = found || e.Func.Volatility != funcs.Immutable
		case *plan.Convert:
			found = found || !e.Immutable()
		}
		return !found
	})
	return found
}

// generated are the values of a row's generated columns, over it. With changed,
// only of those that depend on these columns.
func (s *scope) generatedValues(rel *catalog.Relation, it *nsItem, changed func(num int16) bool) []plan.Assignment {
	var out []plan.Assignment
	for _, c := range rel.Columns {
		if c.Generated == 0 || changed != nil && !slices.ContainsFunc(generationColumns(rel, c), changed) {
			continue
		}
		value := s.b.assign(s.b.textExpr(c.Default, it, kindGenerated), c)
		out = append(out, plan.Assignment{Num: c.Num, Value: value, New: s.newGenerated(c)})
	}
	return out
}

func (s *scope) newGenerated(c *catalog.Column) plan.ColumnID {
	return s.b.outputCol(c.Name, c.Type, c.Typmod).ID
}

// generationColumns are the columns that a generated column is computed from.
func generationColumns(rel *catalog.Relation, c *catalog.Column) []int16 {
	var out []int16
	for _, name := range parser.ColumnNames(parseText(c.Default)) {
		if from := findWritable(rel, name); from != nil {
			out = append(out, from.Num)
		}
	}
	return out
}

// generatedFrom are the generated columns that are computed from a column.
func generatedFrom(rel *catalog.Relation, from *catalog.Column) []*catalog.Column {
	var out []*catalog.Column
	for _, c := range rel.Columns {
		if c.Generated != 0 && slices.Contains(generationColumns(rel, c), from.Num) {
			out = append(out, c)
		}
	}
	return out
}

// dropExpression is ALTER COLUMN … DROP EXPRESSION: the column keeps its values.
func (a *alteration) dropExpression(x parser.AlterAction) catalog.AlterAction {
	name, c := a.columnPath(x.Path)
	switch {
	case c.Generated != 0:
		return catalog.DropExpression{Name: name}
	case x.Cmd.MissingOk:
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"column \"%s\" of relation \"%s\" is not a stored generated column, skipping", name, a.rel.Name))
		return nil
	}
	failAt(-1, pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is not a stored generated column", name, a.rel.Name)
	return nil
}

// dropGenerated deals with the columns that are computed from one that is
// dropped: 2BP01, or CASCADE drops them too.
func (a *alteration) dropGenerated(c *catalog.Column, cascade bool) {
	for _, g := range generatedFrom(a.rel, c) {
		on := "column " + g.Name + " of " + a.tableText(a.rel)
		if !cascade {
			what := "column " + c.Name + " of " + a.tableText(a.rel)
			fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because other objects depend on it", what).
				WithDetail("%s depends on %s", on, what).WithHint("Use DROP ... CASCADE to drop the dependent objects too."))
		}
		a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "drop cascades to %s", on))
		a.before = append(a.before, catalog.DropColumn{Name: g.Name, Cascade: cascade})
	}
}

// checkGeneratedRetype is 0A000 for a column that others are computed from.
func (a *alteration) checkGeneratedRetype(c *catalog.Column, using bool) {
	if c.Generated != 0 && using {
		failAt(-1, pgerr.InvalidColumnDefinition, "cannot specify USING when altering type of generated column")
	}
	for _, g := range generatedFrom(a.rel, c) {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of a column used by a generated column").
			WithDetail("Column \"%s\" is used by generated column \"%s\".", c.Name, g.Name))
	}
}

// renamedTexts are the CHECKs, generation expressions, partition keys and trigger
// conditions of a table that name a column, with its new name.
func renamedTexts(rel *catalog.Relation, from, to string) map[string]string {
	out := map[string]string{}
	add := func(text string) {
		if renamed, ok := parser.RenameColumn(parseText(text), from, to); ok {
			out[text] = renamed
		}
	}
	for _, c := range rel.Constraints {
		if c.Expr != "" {
			add(c.Expr)
		}
	}
	for _, c := range rel.Columns {
		if c.Generated != 0 {
			add(c.Default)
		}
	}
	for _, p := range rel.Policies {
		for _, text := range []string{p.Using, p.Check} {
			if text == "" {
				continue
			}
			if renamed, ok := parser.RenameOuterColumn(parseText(text), p.Row, from, to); ok {
				out[text] = renamed
			}
		}
	}
	if rel.Partitioning != nil {
		for _, k := range rel.Partitioning.Keys {
			if k.Expr == "" {
				continue
			}
			if renamed, ok := parser.RenameColumn(parseText(k.Expr), from, to); ok {
				if strings.HasPrefix(k.Expr, "(") {
					renamed = "(" + renamed + ")"
				}
				out[k.Expr] = renamed
			}
		}
	}
	for _, ix := range rel.Indexes {
		if ix.Predicate != "" {
			add(ix.Predicate)
		}
		for _, k := range ix.Keys {
			if k.Expr != "" {
				add(k.Expr)
			}
		}
	}
	for _, t := range rel.Triggers {
		if t.When != "" {
			add(t.When)
		}
	}
	return out
}
