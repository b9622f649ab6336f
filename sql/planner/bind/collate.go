package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Which collation an expression has is derived when its types are known, bottom
// up (parse_collate.c). The answer is kept in the expression's type: a type with
// another collation than its own is types.Collation.Of. What compares text looks
// at the types of its operands, so that these get the collation of the whole
// operation. A statement without COLLATE, in a database of collation "C", that
// reads no column of another collation skips all this.

// collateStrength is CollateStrength.
type collateStrength uint8

const (
	collateNone collateStrength = iota
	collateImplicit
	collateConflict
	collateExplicit
)

// collateState is assign_collations_context: what the expressions seen so far
// agree upon.
type collateState struct {
	collation types.OID
	strength  collateStrength
	pos       int
	// other and otherPos tell of the second collation of a conflict.
	other    types.OID
	otherPos int
}

const collateHint = "Use the COLLATE clause to set the collation explicitly."

// collate binds a COLLATE clause: transformCollateClause.
func (s *scope) collate(c *parser.CollateClause) plan.Expr {
	b := s.b
	e := s.expr(c.Arg)
	pos := b.at(c.Location)
	t := e.Type()
	if !t.Collatable() && t.OID != types.UnknownOID {
		failAt(pos, pgerr.DatatypeMismatch, "collations are not supported by type %s", b.typeName(t))
	}
	collation := b.collation(nameParts(c.Collname), pos)
	if t.OID == types.UnknownOID {
		// Its context may still want another type of it, which PostgreSQL lets it
		// become: a literal of another type has no collation.
		e = b.coerce(e, b.typ(types.TextOID), -1, coerceImplicit, plan.DisplayImplicitCast, pos)
		t = e.Type()
	}
	b.collating = true
	return &plan.Convert{Meta: plan.Meta{Typ: collation.Of(t), Mod: e.Typmod(), At: pos}, Kind: plan.ConvertRelabel, Arg: e,
		Display: plan.DisplayExplicitCast, Collate: true}
}

// collation resolves a collation's name: 42704.
func (b *binder) collation(names []string, pos int) *types.Collation {
	schema, name := "", names[len(names)-1]
	if len(names) > 1 {
		schema = names[len(names)-2]
		b.checkSchema(schema, pos)
	}
	if c := b.findCollation(schema, name); c != nil {
		return c
	}
	failAt(pos, pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", dotted(names))
	return nil
}

// findCollation is get_collation_oid: nil where there is none.
func (b *binder) findCollation(schema, name string) *types.Collation {
	if schema != "" {
		return b.reg.CollationByName(schema, name)
	}
	for _, schema := range b.searchPath() {
		if c := b.reg.CollationByName(schema, name); c != nil {
			return c
		}
	}
	return b.reg.CollationByName("pg_catalog", name)
}

// noteCollation turns the derivation on where a type asks for it.
func (b *binder) noteCollation(t *types.Type) {
	if t != nil && (t.Collator != nil || t.Collation != 0 && t.Collation != types.DefaultCollationOID && t.Collation != types.CCollationOID) {
		b.collating = true
	}
}

// assignCollations is assign_expr_collations.
func (b *binder) assignCollations(e plan.Expr) plan.Expr {
	if !b.collating || e == nil {
		return e
	}
	out, _ := b.derive(e)
	return out
}

// commonCollation is select_common_collation: 0 where there is none, or where
// they differ and that is allowed; else 42P21.
func (b *binder) commonCollation(states []collateState, noneOK bool) types.OID {
	st := collateState{}
	for _, one := range states {
		b.merge(&st, one)
	}
	if st.strength != collateConflict {
		return st.collation
	}
	if !noneOK {
		fail(pgerr.New(pgerr.CollationMismatch, "collation mismatch between implicit collations \"%s\" and \"%s\"",
			b.collationName(st.collation), b.collationName(st.other)).
			WithHint("You can choose the collation by applying the COLLATE clause to one or both expressions.").AtByte(st.otherPos))
	}
	return 0
}

// states are what expressions tell of their collations.
func (b *binder) states(es []plan.Expr) []collateState {
	out := make([]collateState, len(es))
	for i, e := range es {
		if e.Type() != nil {
			_, out[i] = b.derive(e)
		}
	}
	return out
}

// columnState is what a column of a query tells of its collation: as much as the
// expression of the select list does; e is the column as a set operation takes
// it.
func (b *binder) columnState(n plan.Node, c plan.Col, e plan.Expr) collateState {
	if _, nested := n.(*plan.SetOp); !nested {
		if v := definition(n, c.ID); v != nil && v.Type().OID == e.Type().OID {
			e = v
		}
	}
	_, st := b.derive(e)
	return st
}

// commonlyCollated is t with the collation that is agreed upon.
func (b *binder) commonlyCollated(t *types.Type, states []collateState, noneOK bool) *types.Type {
	if !t.Collatable() {
		return t
	}
	c := b.commonCollation(states, noneOK)
	if c == 0 {
		return types.Indeterminate(t)
	}
	return b.collated(t, c)
}

// merge is merge_collation_state: 42P21 for two explicit collations.
func (b *binder) merge(st *collateState, one collateState) {
	switch {
	case one.strength > st.strength:
		*st = one
	case one.strength < st.strength || one.collation == st.collation:
	case one.strength == collateImplicit:
		switch {
		case st.collation == types.DefaultCollationOID:
			*st = one
		case one.collation != types.DefaultCollationOID:
			st.strength, st.other, st.otherPos = collateConflict, one.collation, one.pos
		}
	case one.strength == collateExplicit:
		failAt(one.pos, pgerr.CollationMismatch, "collation mismatch between explicit collations \"%s\" and \"%s\"",
			b.collationName(st.collation), b.collationName(one.collation))
	}
}

func (b *binder) collationName(oid types.OID) string {
	if c := b.reg.CollationByOID(oid); c != nil {
		return c.Name
	}
	return ""
}

// derive is assign_collations_walker: e with its collation, and what it tells
// its parent.
func (b *binder) derive(e plan.Expr) (plan.Expr, collateState) {
	switch e := e.(type) {
	case *plan.Default:
		return e, collateState{}
	case *plan.Column:
		if st, ok := b.collations[e.ID]; ok {
			return e, st
		}
		return b.ownCollation(e)
	case *plan.Const, *plan.Param, *plan.CaseOperand:
		return b.ownCollation(e)
	case *plan.Convert:
		if e.Collate {
			out, _ := b.deriveChildren(e)
			return out, collateState{collation: e.Typ.Collation, strength: collateExplicit, pos: e.At}
		}
		if e.Kind == plan.ConvertDomain && b.typ(e.Typ.OID).Collation != types.DefaultCollationOID {
			out, _ := b.deriveChildren(e)
			return b.ownCollation(out)
		}
	case *plan.FieldSelect:
		out, _ := b.deriveChildren(e)
		return b.ownCollation(out)
	case *plan.RowExpr:
		out, _ := b.deriveChildren(e)
		return out, collateState{}
	case *plan.Subquery:
		return b.deriveSubquery(e)
	case *plan.RowCompare:
		return b.deriveRowCompare(e), collateState{}
	case *plan.Distinct:
		return b.deriveDistinct(e), collateState{}
	case *plan.NullIf:
		return b.deriveNullIf(e)
	case *plan.Case:
		return b.deriveCase(e)
	case *plan.Subscript:
		return b.deriveSubscript(e)
	}
	out, st := b.deriveChildren(e)
	out = b.withOperands(out, st)
	return b.resultCollation(out, st)
}

// ownCollation is that of what has no operands: its type's.
func (b *binder) ownCollation(e plan.Expr) (plan.Expr, collateState) {
	t := e.Type()
	if t.Collation == 0 {
		return e, collateState{}
	}
	return b.withCollation(e, t.Collation), collateState{collation: t.Collation, strength: collateImplicit, pos: exprLocation(e)}
}

// deriveChildren merges what the operands say.
func (b *binder) deriveChildren(e plan.Expr) (plan.Expr, collateState) {
	st := collateState{}
	children := e.Children()
	out := make([]plan.Expr, len(children))
	changed := false
	for i, c := range children {
		var one collateState
		out[i], one = b.derive(c)
		b.merge(&st, one)
		changed = changed || out[i] != c
	}
	if changed {
		return e.WithChildren(out), st
	}
	return e, st
}

// resultCollation gives e, whose operands say st, the collation of its result.
func (b *binder) resultCollation(e plan.Expr, st collateState) (plan.Expr, collateState) {
	own := b.typ(e.Type().OID).Collation
	switch {
	case own == 0:
		return e, collateState{}
	case st.strength == collateNone:
		st = collateState{collation: own, strength: collateImplicit, pos: e.Pos()}
	case st.strength == collateConflict:
		return b.retyped(e, types.Indeterminate(e.Type())), st
	}
	return b.withCollation(e, st.collation), st
}

// withCollation is e as an expression of that collation.
func (b *binder) withCollation(e plan.Expr, oid types.OID) plan.Expr {
	return b.retyped(e, b.collated(e.Type(), oid))
}

// collated is a collatable type with that collation.
func (b *binder) collated(t *types.Type, oid types.OID) *types.Type {
	c := b.reg.CollationByOID(oid)
	if c == nil || !t.Collatable() {
		return t
	}
	if t.Collation == oid && (t.Collator == c || t.Collator == nil && c.Locale() == nil) {
		return t
	}
	return c.Of(t)
}

// declared is a column's type: 0 stands for the collation of the type.
func (b *binder) declared(oid, collation types.OID) *types.Type {
	if collation == 0 {
		return b.typ(oid)
	}
	return b.collated(b.typ(oid), collation)
}

// declarable is the collation that a column made of an expression is declared
// with: 0 for its type's own; 42P22 where there is none.
func (b *binder) declarable(t *types.Type, format string, args ...any) types.OID {
	switch own := b.typ(t.OID).Collation; {
	case own == 0 || own == t.Collation:
		return 0
	case t.Collation == 0:
		fail(pgerr.New(pgerr.IndeterminateCollation, format, args...).WithHint(collateHint))
	}
	return t.Collation
}

// retyped gives an expression another type of the same oid.
func (b *binder) retyped(e plan.Expr, t *types.Type) plan.Expr {
	if e.Type() == t {
		return e
	}
	switch e := e.(type) {
	case *plan.Column, *plan.Param, *plan.CaseOperand:
		return &plan.Convert{Meta: plan.Meta{Typ: t, Mod: e.Typmod(), At: e.Pos()}, Kind: plan.ConvertRelabel, Arg: e,
			Display: plan.DisplayImplicitCast}
	}
	return plan.Retyped(e, t)
}

// operand is an operand of an operation under a collation: what has it already
// stays as it is.
func (b *binder) operand(e plan.Expr, st collateState) plan.Expr {
	t := e.Type()
	if t == nil || !t.Collatable() || st.strength == collateConflict {
		return e
	}
	want := b.collated(t, st.collation)
	if want.Collator == t.Collator && t.Collation != 0 {
		return e // "C" and "POSIX" are one order
	}
	return b.retyped(e, want)
}

// withOperands gives the operands of e the collation that e works with: 42P22
// where it needs one and there is none.
func (b *binder) withOperands(e plan.Expr, st collateState) plan.Expr {
	switch x := e.(type) {
	case *plan.Call:
		b.checkInput(collationUse(x.Func), x.Args, st, x.At)
	case *plan.ArrayOp:
		b.checkInput(collationUse(x.Func), []plan.Expr{x.Left}, st, x.At)
	case *plan.MinMax:
		b.checkInput(comparisonUse, x.Args, st, x.At)
	case *plan.Coalesce, *plan.ArrayExpr:
	default:
		return e
	}
	if st.strength == collateNone || st.strength == collateConflict {
		return e
	}
	children := e.Children()
	out := make([]plan.Expr, len(children))
	changed := false
	for i, c := range children {
		out[i] = b.operand(c, st)
		changed = changed || out[i] != c
	}
	if changed {
		return e.WithChildren(out)
	}
	return e
}

// checkInput is check_collation_set.
func (b *binder) checkInput(use string, args []plan.Expr, st collateState, pos int) {
	if use == "" || st.strength != collateConflict {
		return
	}
	for _, a := range args {
		if t := a.Type(); t != nil && t.Collatable() {
			fail(pgerr.New(pgerr.IndeterminateCollation, "could not determine which collation to use for %s", use).WithHint(collateHint))
		}
	}
}

// checkCollation refuses to sort or group by what has no collation: 42P21 where
// several meet in it (assign_collations_walker's TargetEntry), else 42P22.
func (b *binder) checkCollation(e plan.Expr, use string) {
	if t := e.Type(); t.Collation == 0 && t.Collatable() {
		_, st := b.derive(e)
		b.commonCollation([]collateState{st}, false)
		fail(pgerr.New(pgerr.IndeterminateCollation, "could not determine which collation to use for %s", use).WithHint(collateHint))
	}
}
