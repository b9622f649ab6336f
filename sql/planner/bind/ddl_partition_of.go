package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// checkPartitionParent is what DefineRelation and MergeAttributes ask of the parent
// of a partition.
func (t *tableBuilder) checkPartitionParent(rel *catalog.Relation) {
	temporary := t.env.TempSchema != "" && t.def.Schema == t.env.TempSchema
	switch {
	case rel.Kind != catalog.PartitionedTable:
		failAt(-1, pgerr.InvalidObjectDefinition, "\"%s\" is not partitioned", rel.Name)
	case rel.Temporary && !temporary:
		failAt(-1, pgerr.WrongObjectType, "cannot create a permanent relation as partition of temporary relation \"%s\"", rel.Name)
	case !rel.Temporary && temporary:
		failAt(-1, pgerr.WrongObjectType, "cannot create a temporary relation as partition of permanent relation \"%s\"", rel.Name)
	}
}

// checkInheritanceParent keeps partitions out of INHERITS.
func checkInheritanceParent(rel *catalog.Relation) {
	switch {
	case rel.Kind == catalog.PartitionedTable:
		failAt(-1, pgerr.WrongObjectType, "cannot inherit from partitioned table \"%s\"", rel.Name)
	case rel.Bound != nil:
		failAt(-1, pgerr.WrongObjectType, "cannot inherit from partition \"%s\"", rel.Name)
	}
}

// partitionOf is the rest of PARTITION OF: what is said of the columns, which are the
// parent's, and the bound.
func (t *tableBuilder) partitionOf(stmt parser.Statement, cs *parser.CreateStmt, out *plan.CreateTable) {
	seen := map[string]bool{}
	for _, s := range stmt.Create.Columns {
		i := t.columnNamed(s.Name)
		switch {
		case seen[s.Name]:
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", s.Name)
		case i < 0:
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", s.Name)
		}
		seen[s.Name] = true
		t.columnConstraints(&t.def.Columns[i], s.Def, []string{s.Name})
	}
	parent := t.env.Catalog.RelationByOID(t.def.Parents[0])
	out.Bound = t.partitionBound(parent, cs.Partbound)
}

// clonedKeys gives a partition the keys, indexes and foreign keys of its parent
// (DefineRelation, CloneForeignKeyConstraints).
func (t *tableBuilder) clonedKeys(parent *catalog.Relation) []plan.IndexCopy {
	out := t.copyIndexes(parent, -1, false)
	for _, c := range parent.Constraints {
		if c.Kind == catalog.ForeignConstraint {
			t.def.Foreign = append(t.def.Foreign, t.clonedForeign(parent, c))
		}
	}
	return out
}

func (t *tableBuilder) clonedForeign(parent *catalog.Relation, c *catalog.Constraint) catalog.Constraint {
	k := *c
	k.OID, k.Inheritance = 0, catalog.Inheritance{Inherited: 1, NotLocal: true}
	place := func(nums []int16) []int16 {
		var out []int16
		for _, num := range nums {
			out = append(out, int16(t.columnNamed(parent.Column(num).Name)+1))
		}
		return out
	}
	k.Columns, k.DeleteColumns = place(c.Columns), place(c.DeleteColumns)
	if t.names[k.Name] {
		k.Name = freeName(t.def.Name, "", "fkey", t.taken)
	}
	t.names[k.Name] = true
	return k
}

// partitionBound is transformPartitionBound.
func (b *binder) partitionBound(parent *catalog.Relation, spec *parser.PartitionBoundSpec) *plan.PartitionBound {
	strategy := parent.Partitioning.Strategy
	out := &plan.PartitionBound{Parent: parent.OID, Strategy: strategy, Default: spec.IsDefault,
		Modulus: spec.Modulus, Remainder: spec.Remainder, At: b.at(spec.Location)}
	switch {
	case spec.IsDefault && strategy == catalog.ByHash:
		failAt(-1, pgerr.InvalidTableDefinition, "a hash-partitioned table may not have a default partition")
	case spec.IsDefault:
		return out
	case spec.Strategy != string(rune(strategy)):
		failAt(out.At, pgerr.InvalidTableDefinition, "invalid bound specification for a %s partition", strategyWords[strategy])
	case strategy == catalog.ByHash:
		checkModulus(out)
	case strategy == catalog.ByList:
		for _, n := range spec.Listdatums {
			out.List = append(out.List, b.boundValue(parent, 0, n))
		}
	default:
		b.rangeBounds(parent, spec, out)
	}
	return out
}

var strategyWords = map[catalog.PartitionStrategy]string{catalog.ByHash: "hash", catalog.ByList: "list", catalog.ByRange: "range"}

func checkModulus(p *plan.PartitionBound) {
	switch {
	case p.Modulus <= 0:
		failAt(-1, pgerr.InvalidTableDefinition, "modulus for hash partition must be an integer value greater than zero")
	case p.Remainder < 0:
		failAt(-1, pgerr.InvalidTableDefinition, "remainder for hash partition must be an integer value greater than or equal to zero")
	case p.Remainder >= p.Modulus:
		failAt(-1, pgerr.InvalidTableDefinition, "remainder for hash partition must be less than modulus")
	}
}

func (b *binder) rangeBounds(parent *catalog.Relation, spec *parser.PartitionBoundSpec, out *plan.PartitionBound) {
	keys := len(parent.Partitioning.Keys)
	switch {
	case len(spec.Lowerdatums) != keys:
		failAt(-1, pgerr.InvalidTableDefinition, "FROM must specify exactly one value per partitioning column")
	case len(spec.Upperdatums) != keys:
		failAt(-1, pgerr.InvalidTableDefinition, "TO must specify exactly one value per partitioning column")
	}
	out.Lower, out.Upper = b.rangeBound(parent, spec.Lowerdatums), b.rangeBound(parent, spec.Upperdatums)
}

var infinities = map[string]int8{"minvalue": -1, "maxvalue": 1}

var infinityNames = map[int8]string{-1: "MINVALUE", 1: "MAXVALUE"}

// rangeBound is transformPartitionRangeBounds: behind an infinity comes nothing else.
func (b *binder) rangeBound(parent *catalog.Relation, ns []*parser.Node) []plan.PartitionValue {
	var out []plan.PartitionValue
	for i, n := range ns {
		v := plan.PartitionValue{At: b.at(nodeLocation(n))}
		if c := n.GetColumnRef(); c != nil && len(c.Fields) == 1 {
			v.Infinite = infinities[c.Fields[0].GetString_().GetSval()]
		}
		if v.Infinite == 0 {
			v = b.boundValue(parent, i, n)
			if k, ok := v.Value.(*plan.Const); ok && k.Value == nil {
				failAt(-1, pgerr.InvalidTableDefinition, "cannot specify NULL in range bound")
			}
		}
		out = append(out, v)
	}
	for i := 1; i < len(out); i++ {
		if last := out[i-1].Infinite; last != 0 && out[i].Infinite != last {
			failAt(out[i].At, pgerr.DatatypeMismatch, "every bound following %s must also be %s", infinityNames[last], infinityNames[last])
		}
	}
	return out
}

// boundValue is transformPartitionBoundValue: an expression without columns, of the
// type of column i of the key.
func (b *binder) boundValue(parent *catalog.Relation, i int, n *parser.Node) plan.PartitionValue {
	k := parent.Partitioning.Keys[i]
	typ, mod := b.typ(k.Type), int32(-1)
	name := k.Expr
	if c := parent.ColumnByName(k.Column); c != nil {
		name, mod = c.Name, c.Typmod
	}
	e := b.newScope(nil).bind(n, kindPartitionBound)
	pos := b.at(nodeLocation(n))
	value := b.coerceToTarget(e, typ, mod, coerceAssignment, plan.DisplayImplicitCast, -1)
	if value == nil {
		failAt(e.Pos(), pgerr.DatatypeMismatch, "specified value cannot be cast to type %s for column \"%s\"", b.typeName(typ), name)
	}
	return plan.PartitionValue{Value: value, At: pos}
}

// partitionKeyColumns are the names of the columns that a partition key uses.
func (b *binder) partitionKeyColumns(rel *catalog.Relation) []string {
	var out []string
	for _, k := range rel.Partitioning.Keys {
		if k.Column != "" {
			out = append(out, k.Column)
			continue
		}
		_, _, it := b.newScope(nil).rowOf(rel, rel.Name)
		for id := range plan.ColumnsOf(b.textExpr(k.Expr, it, kindPartitionExpression)) {
			if info := b.columns[id]; info != nil && !slices.Contains(out, info.name) {
				out = append(out, info.name)
			}
		}
	}
	return out
}
