package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Variables are the variables of a procedural language that an SQL text may
// name: the hooks that plpgsql_parser_setup sets.
type Variables interface {
	// Variable resolves a name or the dotted parts of one; nil if it is none of a
	// variable. With column, something else has the name, and a record without
	// such a field is no error.
	Variable(names []string, column bool) (*Variable, error)
	// Param is $n; nil if there is none.
	Param(n int) *Variable
	// Conflict says what a name means that is a column's, too.
	Conflict() VariableConflict
}

// Variable is a variable, as a parameter.
type Variable struct {
	Index  int // of the parameter, from 1
	Type   *types.Type
	Typmod int32
	// Fields are those of a record, as far as its type does not tell.
	Fields []types.Column
	// Value is the present value, for what must know it when it is bound.
	Value any
}

// VariableConflict is plpgsql.variable_conflict.
type VariableConflict byte

// The ways to resolve it.
const (
	ConflictError VariableConflict = iota
	ConflictUseVariable
	ConflictUseColumn
)

// hasVariables says whether names in the text may be variables: not in that of
// a view or default.
func (b *binder) hasVariables() bool { return b.env.Variables != nil && !b.inlined }

// variable resolves a name as a variable; nil if it is none.
func (b *binder) variable(names []string, column bool, pos int) plan.Expr {
	v, err := b.env.Variables.Variable(names, column)
	if err != nil {
		fail(err)
	}
	if v == nil {
		return nil
	}
	return b.variableParam(v, pos)
}

func (b *binder) variableParam(v *Variable, pos int) plan.Expr {
	if v.Fields != nil {
		if b.variableFields == nil {
			b.variableFields = map[int][]types.Column{}
		}
		b.variableFields[v.Index] = v.Fields
	}
	return &plan.Param{Meta: plan.Meta{Typ: v.Type, Mod: v.Typmod, At: pos}, Index: v.Index}
}

// preVariable is plpgsql_pre_column_ref.
func (s *scope) preVariable(names []string, pos int) plan.Expr {
	if !s.b.hasVariables() || s.b.env.Variables.Conflict() != ConflictUseVariable {
		return nil
	}
	return s.b.variable(names, true, pos)
}

// postVariable is plpgsql_post_column_ref for a name that is no column's.
func (s *scope) postVariable(names []string, pos int) plan.Expr {
	if !s.b.hasVariables() {
		return nil
	}
	return s.b.variable(names, s.b.env.Variables.Conflict() == ConflictUseVariable, pos)
}

// checkConflict is plpgsql_post_column_ref for a name that is a column's: 42702
// if it is a variable's, too.
func (s *scope) checkConflict(names []string, pos int) {
	if !s.b.hasVariables() || s.b.env.Variables.Conflict() != ConflictError {
		return
	}
	if s.b.variable(names, true, pos) != nil {
		fail(pgerr.New(pgerr.AmbiguousColumn, "column reference \"%s\" is ambiguous", dotted(names)).
			WithDetail("It could refer to either a PL/pgSQL variable or a table column.").AtByte(pos))
	}
}

// qualifiedVariable is a dotted name that may be a column's or a variable's.
func (s *scope) qualifiedVariable(names []string, pos int) plan.Expr {
	var schema, table string
	if len(names) <= 4 {
		schema, table = s.splitTable(names[:len(names)-1], pos)
	}
	if len(names) > 4 || s.lookupTable(schema, table, pos) == nil {
		if e := s.postVariable(names, pos); e != nil {
			return e
		}
	}
	e := s.qualifiedColumn(schema, table, names[len(names)-1], pos)
	s.checkConflict(names, pos)
	return e
}

// tableRow is the row of a table, or a record variable, that t.* stands for.
func (s *scope) tableRow(names []string, pos int) plan.Expr {
	schema, table := s.splitTable(names, pos)
	if s.lookupTable(schema, table, pos) == nil {
		if e := s.postVariable(names, pos); e != nil {
			return e
		}
	}
	return s.wholeRow(s.tableItem(schema, table, pos), pos)
}

// paramFields are the fields of a record that a parameter is; nil if unknown.
func (b *binder) paramFields(e plan.Expr) []types.Column {
	p, ok := e.(*plan.Param)
	if !ok {
		return nil
	}
	return b.variableFields[p.Index]
}

// variableStar is r.* for a variable; nil if there is no such one.
func (s *scope) variableStar(names []string, pos int) []*nsCol {
	e := s.postVariable(names, pos)
	if e == nil {
		return nil
	}
	fields := s.b.paramFields(e)
	if fields == nil {
		for _, f := range s.b.compositeFields(e.Type()) {
			fields = append(fields, types.Column{Name: f.Name, Type: f.Type, Typmod: f.Typmod})
		}
	}
	out := make([]*nsCol, len(fields))
	for i, f := range fields {
		out[i] = &nsCol{name: f.Name, expr: &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type, Mod: f.Typmod, At: pos}, Arg: e, Index: i, Name: f.Name}}
	}
	return out
}

// AssignmentTarget is the left side of an assignment: a variable, and what of it
// is assigned.
type AssignmentTarget struct {
	Name        string
	Variable    *Variable
	Indirection []*parser.Node
}

// Assign binds the assignment of a query's one column to a part of a variable:
// transformPLAssignStmt. The query yields the variable's new value.
func Assign(env *Env, source parser.Statement, target *AssignmentTarget) (q *plan.Query, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	q = b.topQuery(source.Node)
	if len(q.Output) != 1 {
		failAt(-1, pgerr.SyntaxError, "assignment source returned %d columns", len(q.Output))
	}
	b.nextID = max(b.nextID, plan.MaxColumn(q.Root))
	v := target.Variable
	part := &partAssignment{scope: b.newScope(nil), column: target.Name, pos: -1, loose: true,
		value: assigned{expr: b.selected(q.Root, colExpr(q.Output[0], -1))}}
	to := part.into(b.variableParam(v, -1), v.Type, v.Typmod, target.Indirection, false)
	p := &plan.Project{Input: q.Root, Values: []plan.Expr{to}}
	p.Cols = []plan.Col{b.outputCol(q.Output[0].Name, to.Type(), to.Typmod())}
	q.Root, q.Output = p, p.Cols
	b.finish(q)
	return q, nil
}

// selected is the literal that a query without FROM selects, which the
// assignment may still read as of another type; else the column.
func (b *binder) selected(n plan.Node, col *plan.Column) plan.Expr {
	if p, ok := n.(*plan.Project); ok {
		for i, c := range p.Cols {
			if k, literal := p.Values[i].(*plan.Const); literal && c.ID == col.ID {
				return k
			}
		}
	}
	return col
}

// SimpleExpression is the expression that a query is, if it is one that needs
// no query (exec_simple_check_plan); else nil.
func SimpleExpression(q *plan.Query) plan.Expr {
	if q.Kind != plan.SelectQuery || !q.ReadOnly || len(q.Output) != 1 {
		return nil
	}
	e := onlyValue(q.Root)
	if e == nil {
		return nil
	}
	simple := true
	plan.Walk(e, func(e plan.Expr) bool {
		switch e.(type) {
		case *plan.Subquery, *plan.SetReturning, *plan.Column:
			simple = false
		}
		return simple
	})
	if !simple {
		return nil
	}
	return e
}

// Cast binds the conversion of $1 to another type, as assignments make it, or
// by the types' text forms where there is no other way (get_cast_hashentry).
func Cast(env *Env, from *types.Type, fromMod int32, to *types.Type, typmod int32) (e plan.Expr, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	arg := &plan.Param{Meta: plan.Meta{Typ: from, Mod: fromMod, At: -1}, Index: 1}
	if from.OID == types.UnknownOID {
		arg.Typ = b.typ(types.CstringOID)
	} else if out := b.coerceToTarget(arg, to, typmod, coerceAssignment, plan.DisplayImplicitCast, -1); out != nil {
		return out, nil
	}
	under, mod := to.BaseType(typmod)
	io := &plan.Convert{Meta: plan.Meta{Typ: under, Mod: mod, At: -1}, Kind: plan.ConvertInOut, Arg: arg, Display: plan.DisplayImplicitCast}
	return b.toDomain(io, to, coerceAssignment, plan.DisplayImplicitCast), nil
}
