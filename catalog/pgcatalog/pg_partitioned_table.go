package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgPartitionedTable) }

// partitioned is a partitioned table.
type partitioned struct {
	v   View
	rel *catalog.Relation
}

var pgPartitionedTable = virtual.Rel[partitioned]{
	Of: "pg_partitioned_table",
	Rows: func(v View, yield func(partitioned)) {
		for _, rel := range Outlines(v) {
			if rel.Partitioning != nil {
				yield(partitioned{v, v.Catalog().RelationByOID(rel.OID)})
			}
		}
	},
	Columns: virtual.Columns[partitioned]{
		"partrelid":     func(p partitioned) any { return p.rel.OID },
		"partstrat":     func(p partitioned) any { return string(rune(p.rel.Partitioning.Strategy)) },
		"partnatts":     func(p partitioned) any { return int16(len(p.rel.Partitioning.Keys)) },
		"partdefid":     func(p partitioned) any { return p.defaultPartition() },
		"partattrs":     func(p partitioned) any { return int2Vector(p.attributes()) },
		"partclass":     func(p partitioned) any { return oidVector(p.opclasses()) },
		"partcollation": func(p partitioned) any { return oidVector(p.collations()) },
		"partexprs":     func(p partitioned) any { return orNull(p.expressions()) },
	},
	Lookups: []virtual.Lookup[partitioned]{
		{By: []string{"partrelid"}, Find: func(v View, keys []any, yield func(partitioned)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) {
				if rel.Partitioning != nil {
					yield(partitioned{v, rel})
				}
			})
		}},
	},
}

func (p partitioned) defaultPartition() types.OID {
	for _, child := range p.v.Catalog().Inheriting(p.rel.OID) {
		if child.Bound != nil && child.Bound.Default {
			return child.OID
		}
	}
	return 0
}

// attributes are the numbers of the key's columns, 0 for an expression.
func (p partitioned) attributes() []int16 {
	var out []int16
	for _, k := range p.rel.Partitioning.Keys {
		num := int16(0)
		if c := p.rel.ColumnByName(k.Column); c != nil {
			num = c.Num
		}
		out = append(out, num)
	}
	return out
}

func (p partitioned) keyType(k catalog.PartitionKey) *types.Type {
	if t := p.v.Catalog().Types().ByOID(k.Type); t != nil {
		return t
	}
	return types.ByOID(types.TextOID)
}

func (p partitioned) opclasses() []types.OID {
	m := opclass.FindMethod(opclass.BTree)
	if p.rel.Partitioning.Strategy == catalog.ByHash {
		m = opclass.FindMethod("hash")
	}
	var out []types.OID
	for _, k := range p.rel.Partitioning.Keys {
		if k.OpclassOID != 0 {
			out = append(out, k.OpclassOID)
			continue
		}
		if class := opclass.Named(m, k.Opclass); class != nil {
			out = append(out, class.OID)
			continue
		}
		t, _ := p.keyType(k).BaseType(-1)
		out = append(out, defaultClass(m, t))
	}
	return out
}

func (p partitioned) collations() []types.OID {
	var out []types.OID
	for _, k := range p.rel.Partitioning.Keys {
		oid := k.Collation
		if oid == 0 {
			oid = p.keyType(k).Collation
		}
		out = append(out, oid)
	}
	return out
}

func (p partitioned) expressions() string {
	var out []string
	for _, k := range p.rel.Partitioning.Keys {
		if k.Expr != "" {
			out = append(out, k.Expr)
		}
	}
	return strings.Join(out, ", ")
}

// boundText is relpartbound of a partition, as pg_get_expr shows it; nil for other
// tables.
func boundText(v View, rel *catalog.Relation) any {
	if rel.Bound == nil {
		return nil
	}
	parent := v.Catalog().RelationByOID(rel.Parents[0])
	d, err := partition.Describe(v.Catalog(), parent)
	if err != nil {
		return nil
	}
	return d.BoundText(rel.Bound)
}
