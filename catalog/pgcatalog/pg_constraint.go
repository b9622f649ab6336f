package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgConstraint) }

// constraint of a relation.
type constraint struct {
	v   View
	rel *catalog.Relation
	con *catalog.Constraint
	// domain whose constraint it is, nil for a relation's.
	domain *types.Type
}

func (c constraint) domainOID() types.OID {
	if c.domain == nil {
		return 0
	}
	return c.domain.OID
}

// condition of a CHECK; nil for other constraints.
func (c constraint) condition() any {
	if c.con.Expr == "" {
		return nil
	}
	if c.domain == nil {
		return CheckText(c.v, c.rel, nil, c.con, false)
	}
	base, _ := c.domain.BaseType(-1)
	return CheckText(c.v, nil, base, c.con, false)
}

// domainConstraints yields the constraints of domains that meet a condition.
func domainConstraints(v View, is func(constraint) bool, yield func(constraint)) {
	DomainConstraints(v, func(t *types.Type, rel *catalog.Relation, con *catalog.Constraint) {
		if c := (constraint{v, rel, con, t}); is == nil || is(c) {
			yield(c)
		}
	})
}

// pgConstraint has the SQL constraints; the rules of s3db.js are the storage
// format's own checks and have no rows.
var pgConstraint = virtual.Rel[constraint]{
	Of:   "pg_constraint",
	Size: virtual.Size{Fixed: 110, PerRelation: 3},
	Rows: allConstraints,
	Columns: virtual.Columns[constraint]{
		"oid":            func(c constraint) any { return c.con.OID },
		"conname":        func(c constraint) any { return c.con.Name },
		"connamespace":   func(c constraint) any { return c.rel.Namespace },
		"contype":        func(c constraint) any { return letter(c.con.Kind) },
		"condeferrable":  func(c constraint) any { return c.con.Deferrable },
		"condeferred":    func(c constraint) any { return c.con.Deferred },
		"confdelsetcols": func(c constraint) any { return arrayOrNull(types.Int2OID, c.con.DeleteColumns) },
		"convalidated":   func(c constraint) any { return !c.con.NotValid },
		"contypid":       func(c constraint) any { return c.domainOID() },
		"conrelid":       func(c constraint) any { return c.rel.OID },
		"conindid":       func(c constraint) any { return c.index() },
		"conparentid":    func(c constraint) any { return c.parent() },
		"confrelid":      func(c constraint) any { return c.con.RefRelation },
		"confupdtype":    func(c constraint) any { return c.action(c.con.OnUpdate) },
		"confdeltype":    func(c constraint) any { return c.action(c.con.OnDelete) },
		"confmatchtype":  func(c constraint) any { return c.matchType() },
		"conislocal":     func(c constraint) any { return !c.con.NotLocal && c.parent() == 0 },
		"coninhcount":    func(c constraint) any { return c.inherited() },
		"connoinherit":   func(c constraint) any { return c.noInherit() },
		"conkey":         func(c constraint) any { return arrayOrNull(types.Int2OID, ConstraintColumns(c.rel, c.con)) },
		"confkey":        func(c constraint) any { return arrayOrNull(types.Int2OID, c.con.RefColumns) },
		"conbin":         func(c constraint) any { return c.condition() },
		"conpfeqop":      func(c constraint) any { return c.equality(func(e equality) types.OID { return e.pf }) },
		"conppeqop":      func(c constraint) any { return c.equality(func(e equality) types.OID { return e.pp }) },
		"conffeqop":      func(c constraint) any { return c.equality(func(e equality) types.OID { return e.ff }) },
	},
	Lookups: []virtual.Lookup[constraint]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(constraint)) {
			if rel, con := constraintByOID(v, keys[0].(types.OID)); con != nil {
				yield(constraint{v, rel, con, nil})
				return
			}
			domainConstraints(v, func(c constraint) bool { return c.con.OID == keys[0].(types.OID) }, yield)
		}},
		{By: []string{"contypid"}, Each: 100, Find: func(v View, keys []any, yield func(constraint)) {
			if of := keys[0].(types.OID); of != 0 {
				domainConstraints(v, func(c constraint) bool { return c.domain.OID == of }, yield)
				return
			}
			owned(v, func(rel *catalog.Relation) { constraintsOf(v, rel, yield) })
		}},
		{By: []string{"conrelid"}, Each: 3, Find: func(v View, keys []any, yield func(constraint)) {
			if keys[0].(types.OID) == 0 {
				domainConstraints(v, nil, yield)
			}
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) { constraintsOf(v, rel, yield) })
		}},
		{By: []string{"confrelid"}, Each: 3, Find: func(v View, keys []any, yield func(constraint)) {
			if keys[0].(types.OID) == 0 {
				allConstraints(v, yield)
				return
			}
			for _, rel := range v.Catalog().Referencing(keys[0].(types.OID)) {
				constraintsOf(v, rel, yield)
			}
		}},
		{By: []string{"conindid"}, Find: func(v View, keys []any, yield func(constraint)) {
			constraintsOfIndex(v, keys[0].(types.OID), yield)
		}},
		{By: []string{"contype"}, Each: 100, Work: virtual.Size{PerRelation: 1}, Find: func(v View, keys []any, yield func(constraint)) {
			allConstraints(v, func(c constraint) {
				if letter(c.con.Kind) == keys[0] {
					yield(c)
				}
			})
		}},
	},
}

func allConstraints(v View, yield func(constraint)) {
	owned(v, func(rel *catalog.Relation) { constraintsOf(v, rel, yield) })
	domainConstraints(v, nil, yield)
}

func constraintsOf(v View, rel *catalog.Relation, yield func(constraint)) {
	for _, con := range Constraints(rel) {
		yield(constraint{v, rel, con, nil})
	}
}

// constraintsOfIndex yields the constraint that an index serves, and the foreign
// keys that refer to it.
func constraintsOfIndex(v View, ix types.OID, yield func(constraint)) {
	if ix == 0 {
		allConstraints(v, yield)
		return
	}
	rel, _ := indexByOID(v, ix)
	if rel == nil {
		return
	}
	constraintsOf(v, rel, yield)
	for _, ref := range v.Catalog().Referencing(rel.OID) {
		constraintsOf(v, ref, yield)
	}
}

// index is the constraint's own index, or the one that a foreign key refers to.
func (c constraint) index() types.OID {
	if c.con.Kind != catalog.ForeignConstraint {
		return c.con.Index
	}
	ref := c.v.Catalog().RelationByOID(c.con.RefRelation)
	if ref == nil {
		return 0
	}
	if key := c.con.ReferencedKey(ref); key != nil {
		return key.Index
	}
	return 0
}

// parent is the constraint of the partitioned table that a key of a partition stands
// for, 0 for none.
func (c constraint) parent() types.OID {
	if c.con.Kind == catalog.ForeignConstraint {
		if above := catalog.ForeignAbove(c.v.Catalog(), c.rel, c.con); above != nil {
			return above.OID
		}
		return 0
	}
	if c.rel.Bound == nil || c.con.Index == 0 {
		return 0
	}
	ix := indexOf(c.rel, c.con.Index)
	if ix == nil {
		return 0
	}
	above := catalog.IndexAbove(c.v.Catalog(), c.rel, ix)
	if above == nil {
		return 0
	}
	for _, con := range Constraints(c.v.Catalog().RelationByOID(c.rel.Parents[0])) {
		if con.Index == above.OID && con.Kind != catalog.ForeignConstraint {
			return con.OID
		}
	}
	return 0
}

// inherited is how many parents it comes from: the key of a partition from that above.
func (c constraint) inherited() int32 {
	if c.parent() != 0 {
		return 1
	}
	return int32(c.con.Inherited)
}

// noInherit: only CHECKs are inherited, and the keys of partitions.
func (c constraint) noInherit() bool {
	return c.con.NoInherit || c.con.Kind != catalog.CheckConstraint && c.parent() == 0
}

// equality is how a foreign key compares a pair of columns: the referenced one with the
// referring one, and each with its like.
type equality struct{ pf, pp, ff types.OID }

// btreeEqual is BTEqualStrategyNumber.
const btreeEqual = 3

// equality is an array of the operators of a foreign key; NULL for other constraints.
func (c constraint) equality(which func(equality) types.OID) any {
	ref := c.v.Catalog().RelationByOID(c.con.RefRelation)
	if c.con.Kind != catalog.ForeignConstraint || ref == nil || len(c.con.Columns) != len(c.con.RefColumns) {
		return nil
	}
	out := make([]types.OID, len(c.con.Columns))
	for i, num := range c.con.Columns {
		from, to := c.rel.Column(num), ref.Column(c.con.RefColumns[i])
		if from == nil || to == nil {
			return nil
		}
		out[i] = which(equalityOf(to.Type, from.Type))
	}
	return arrayOf(types.OidOID, out)
}

// equalityOf is what ATAddForeignKeyConstraint chooses: the operators of the family
// of the key's class, where it has the referring type, else the class's own.
func equalityOf(referenced, referring *types.Type) equality {
	class := opclass.Default(opclass.FindMethod(opclass.BTree), referenced)
	if class == nil {
		return equality{}
	}
	member := func(left, right types.OID) types.OID {
		return opclass.BuiltinMember(class.Family, false, left, right, btreeEqual)
	}
	base, _ := referring.BaseType(-1)
	own := member(class.In, class.In)
	if pf := member(class.In, base.OID); pf != 0 {
		return equality{pf, own, member(base.OID, base.OID)}
	}
	return equality{own, own, own}
}

// action is a foreign key's action, a (no action) where none was given.
func (c constraint) action(a byte) any {
	switch {
	case c.con.Kind != catalog.ForeignConstraint:
		return " "
	case a == 0:
		return "a"
	}
	return letter(a)
}

func (c constraint) matchType() any {
	switch {
	case c.con.Kind != catalog.ForeignConstraint:
		return " "
	case c.con.MatchFull:
		return "f"
	}
	return "s"
}
