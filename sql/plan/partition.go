package plan

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// PartitionBound is FOR VALUES of a partition of Parent, with expressions that the
// statement evaluates when it runs.
type PartitionBound struct {
	Parent             types.OID
	Strategy           catalog.PartitionStrategy
	Default            bool
	List, Lower, Upper []PartitionValue
	Modulus, Remainder int32
	At                 int // of the whole
}

// PartitionValue is one value of a bound: of the key's type, or infinite.
type PartitionValue struct {
	Infinite int8
	Value    Expr
	At       int
}

// Routing says how rows find their partitions: from the topmost partitioned table
// down, as a partition's constraint covers that of its ancestors.
type Routing struct {
	Top *RoutingLevel
	// Root is the partitioned table that the statement names, or the partition.
	Root *catalog.Relation
	// Leaves are the partitions that rows can go to, of an INSERT into a partitioned
	// table; those of an UPDATE are its Members.
	Leaves []Member
}

// RoutingLevel is one partitioned table: Keys are over the columns of the row, Sub
// parallel to the Desc's Parts, nil for partitions that are not partitioned.
type RoutingLevel struct {
	*partition.Desc
	Keys []Expr
	// Hashes are parallel to Keys, nil or for the keys that a function of the
	// database's hashes the call of it.
	Hashes []Expr
	Sub    []*RoutingLevel
}
