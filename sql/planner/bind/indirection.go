package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// indirection is transformIndirection: subscripts and field selections after an
// expression.
func (s *scope) indirection(in *parser.A_Indirection) plan.Expr {
	e := s.expr(in.Arg)
	var subscripts []*parser.A_Indices
	for _, n := range in.Indirection {
		if i := n.GetAIndices(); i != nil {
			subscripts = append(subscripts, i)
			continue
		}
		e = s.subscript(e, subscripts)
		subscripts = nil
		e = s.selectField(e, n, s.indirectionPos(in))
	}
	return s.subscript(e, subscripts)
}

func (s *scope) indirectionPos(in *parser.A_Indirection) int {
	return s.b.at(nodeLocation(in.Arg))
}

func (s *scope) selectField(e plan.Expr, n *parser.Node, pos int) plan.Expr {
	if n.GetAStar() != nil {
		failAt(pos, pgerr.FeatureNotSupported, "row expansion via \"*\" is not supported here")
	}
	name := n.GetString_().GetSval()
	if f := s.b.fieldOf(e, name, pos); f != nil {
		return f
	}
	if leaf := s.b.leafField(e, name); leaf != nil {
		return leaf
	}
	if c := s.notationCall(e, name, pos); c != nil {
		return c
	}
	s.b.missingField(e, name, pos)
	return nil
}

// field is one column of a composite type.
type field struct {
	Name   string
	Type   *types.Type
	Typmod int32
}

// compositeFields are the columns of a composite type, or of a domain over one;
// nil if it is neither.
func (b *binder) compositeFields(t *types.Type) []field {
	t, _ = t.BaseType(-1)
	var out []field
	for _, c := range t.Columns {
		out = append(out, field{c.Name, c.Type, c.Typmod})
	}
	return out
}

// fieldOf selects a field of a row whose fields are known; nil if it has none
// of that name.
func (b *binder) fieldOf(e plan.Expr, name string, pos int) plan.Expr {
	if row, ok := e.(*plan.RowExpr); ok {
		for i, n := range row.Names {
			if n == name {
				return row.Fields[i]
			}
		}
	}
	for i, f := range b.compositeFields(e.Type()) {
		if f.Name == name {
			return &plan.FieldSelect{Meta: plan.Meta{Typ: f.Type, Mod: f.Typmod, At: pos}, Arg: e, Index: i, Name: name}
		}
	}
	return b.recordField(e, name, pos)
}

func (b *binder) missingField(e plan.Expr, name string, pos int) {
	t := e.Type()
	switch {
	case b.isComplex(t.OID):
		failAt(pos, pgerr.UndefinedColumn, "column \"%s\" not found in data type %s", name, b.typeName(t))
	case t.OID == types.RecordOID:
		failAt(pos, pgerr.UndefinedColumn, "could not identify column \"%s\" in record data type", name)
	}
	failAt(pos, pgerr.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type", name, b.typeName(t))
}

// subscript is transformContainerSubscripts.
func (s *scope) subscript(e plan.Expr, subs []*parser.A_Indices) plan.Expr {
	if len(subs) == 0 {
		return e
	}
	b := s.b
	t := b.typ(b.baseType(e.Type().OID))
	if t.OID == types.JSONBOID {
		return b.leafSubscript(s.jsonbSubscript(e, subs))
	}
	elem := b.elemOf(t.OID)
	if elem == 0 {
		elem = t.Elem
	}
	if elem == 0 {
		failAt(e.Pos(), pgerr.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", b.typeName(e.Type()))
	}
	if len(subs) > maxDimensions {
		failAt(-1, pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(subs), maxDimensions)
	}
	out := &plan.Subscript{Meta: plan.Meta{Typ: b.typ(elem), Mod: e.Typmod(), At: e.Pos()}, Arg: e}
	for _, i := range subs {
		out.Slice = out.Slice || i.IsSlice
	}
	for _, i := range subs {
		out.Indexes = append(out.Indexes, s.arrayIndex(i, out.Slice))
	}
	if out.Slice {
		out.Typ = t
	}
	return out
}

// maxDimensions is MAXDIM.
const maxDimensions = 6

// arrayIndex is one subscript; in a slice a lone index means 1:index.
func (s *scope) arrayIndex(i *parser.A_Indices, slice bool) plan.SubscriptIndex {
	var out plan.SubscriptIndex
	if slice && !i.IsSlice {
		out.Lower = s.b.value(types.Int4OID, int32(1), -1)
	}
	if i.Lidx != nil {
		out.Lower = s.integerIndex(i.Lidx)
	}
	if i.Uidx != nil {
		out.Upper = s.integerIndex(i.Uidx)
	}
	return out
}

func (s *scope) integerIndex(n *parser.Node) plan.Expr {
	e := s.expr(n)
	c := s.b.coerceToTarget(e, s.b.typ(types.Int4OID), -1, coerceAssignment, plan.DisplayImplicitCast, -1)
	if c == nil {
		failAt(e.Pos(), pgerr.DatatypeMismatch, "array subscript must have type integer")
	}
	return c
}

// jsonbSubscript is jsonb_subscript_transform: each subscript is text or
// integer.
func (s *scope) jsonbSubscript(e plan.Expr, subs []*parser.A_Indices) *plan.Subscript {
	out := &plan.Subscript{Meta: plan.M(s.b.typ(types.JSONBOID), e.Pos()), Arg: e}
	for _, i := range subs {
		if i.IsSlice {
			pos := -1
			if n := firstNode(i.Uidx, i.Lidx); n != nil {
				pos = s.b.at(nodeLocation(n))
			}
			failAt(pos, pgerr.DatatypeMismatch, "jsonb subscript does not support slices")
		}
		out.Indexes = append(out.Indexes, plan.SubscriptIndex{Upper: s.jsonbIndex(i.Uidx)})
	}
	return out
}

func firstNode(ns ...*parser.Node) *parser.Node {
	for _, n := range ns {
		if n != nil {
			return n
		}
	}
	return nil
}

func (s *scope) jsonbIndex(n *parser.Node) plan.Expr {
	e := s.expr(n)
	for _, oid := range []types.OID{types.Int4OID, types.TextOID} {
		t := s.b.typ(oid)
		if e.Type().OID == types.UnknownOID && oid == types.Int4OID {
			continue
		}
		if c := s.b.coerceToTarget(e, t, -1, coerceImplicit, plan.DisplayImplicitCast, -1); c != nil {
			return c
		}
	}
	fail(pgerr.New(pgerr.DatatypeMismatch, "subscript type %s is not supported", s.b.typeName(e.Type())).
		WithHint("jsonb subscript must be coercible to either integer or text.").AtByte(e.Pos()))
	return nil
}
