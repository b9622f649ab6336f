package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// partitionAnswers are the functions about partitioned tables (documentation, table
// 9.96, and ruleutils.c).
var partitionAnswers = map[string]answer{
	"pg_get_partkeydef":              partKeyDef,
	"pg_get_partition_constraintdef": partitionConstraintDef,
	"pg_partition_root":              partitionRoot,
	"pg_partition_ancestors":         partitionAncestors,
	"pg_partition_tree":              partitionTree,
	"satisfies_hash_partition":       satisfiesHashPartition,
}

func partKeyDef(q *call) (any, error) {
	rel := q.Catalog().RelationByOID(q.oid(0))
	if rel == nil || rel.Partitioning == nil {
		return nil, nil
	}
	return partition.KeyDef(q.Catalog().Types(), rel.Partitioning, quoteIdent), nil
}

func partitionConstraintDef(q *call) (any, error) {
	rel := q.Catalog().RelationByOID(q.oid(0))
	if rel == nil {
		return nil, nil
	}
	text, err := partition.Constraint(q.Catalog(), rel, quoteIdent)
	return orNull(text), err
}

// inPartitionTree finds a table that is partitioned or a partition; nil for others.
func (q *call) inPartitionTree() (*catalog.Relation, error) {
	oid, err := q.object(0, types.RegClass)
	if err != nil {
		return nil, err
	}
	rel := q.Catalog().RelationByOID(oid)
	if rel == nil || rel.Partitioning == nil && rel.Bound == nil {
		return nil, nil
	}
	return rel, nil
}

func partitionRoot(q *call) (any, error) {
	rel, err := q.inPartitionTree()
	if rel == nil || err != nil {
		return nil, err
	}
	return partition.Top(q.Catalog(), rel).OID, nil
}

func partitionAncestors(q *call) (any, error) {
	rel, err := q.inPartitionTree()
	if rel == nil || err != nil {
		return [][]any(nil), err
	}
	rows := [][]any{{rel.OID}}
	for _, above := range partition.Ancestors(q.Catalog(), rel) {
		rows = append(rows, []any{above.OID})
	}
	return rows, nil
}

// partitionTree lists the levels one after the other (find_all_inheritors).
func partitionTree(q *call) (any, error) {
	rel, err := q.inPartitionTree()
	if rel == nil || err != nil {
		return [][]any(nil), err
	}
	rows, level := [][]any(nil), map[types.OID]int32{}
	for _, r := range catalog.Tree(q.Catalog(), rel) {
		var parent any
		if r.Bound != nil {
			parent = r.Parents[0]
		}
		if r != rel {
			level[r.OID] = level[r.Parents[0]] + 1
		}
		rows = append(rows, []any{r.OID, parent, r.Partitioning == nil, level[r.OID]})
	}
	return rows, nil
}

// satisfiesHashPartition says whether values belong to a partition of that modulus
// and remainder; its arguments may be NULL.
func satisfiesHashPartition(q *call) (any, error) {
	if q.args[0] == nil || q.args[1] == nil || q.args[2] == nil {
		return false, nil
	}
	rel := q.Catalog().RelationByOID(q.oid(0))
	if rel == nil {
		return nil, pgerr.New(pgerr.UndefinedTable, "could not open relation with OID %d", q.oid(0))
	}
	modulus, remainder := q.args[1].(int32), q.args[2].(int32)
	switch {
	case rel.Partitioning == nil || rel.Partitioning.Strategy != catalog.ByHash:
		return nil, invalidParameter("\"%s\" is not a hash partitioned table", rel.Name)
	case modulus <= 0:
		return nil, invalidParameter("modulus for hash partition must be an integer value greater than zero")
	case remainder < 0:
		return nil, invalidParameter("remainder for hash partition must be an integer value greater than or equal to zero")
	case remainder >= modulus:
		return nil, invalidParameter("remainder for hash partition must be less than modulus")
	}
	d, err := partition.Describe(q.Catalog(), rel)
	if err != nil {
		return nil, err
	}
	values, err := q.hashKey(d)
	if err != nil {
		return nil, err
	}
	h, err := d.RowHash(values, q.hasher(d))
	return h%uint64(modulus) == uint64(remainder), err
}

// hasher calls the functions that hash the key.
func (q *call) hasher(d *partition.Desc) partition.Hasher {
	return func(column int, v any) (uint64, error) {
		fn := q.Catalog().Routines().Function(d.Rel.Partitioning.Keys[column].Hash)
		if fn == nil || fn.Language == "internal" {
			return 0, pgerr.Unsupported("this hash function in satisfies_hash_partition")
		}
		h, err := funcs.CallRoutine(q.Call, &funcs.Func{OID: fn.OID, Name: fn.Name, Args: fn.InputTypes(), Result: fn.Result},
			types.ByOID(types.Int8OID), []*types.Type{d.Types[column], types.ByOID(types.Int8OID)}, []any{v, partition.HashSeed})
		n, _ := h.(int64)
		return uint64(n), err
	}
}

func invalidParameter(format string, args ...any) error {
	return pgerr.New(pgerr.InvalidParameterValue, format, args...)
}

// hashKey are the values behind the first three arguments, one by one or as an array
// after VARIADIC: 22023 for others than the key's.
func (q *call) hashKey(d *partition.Desc) ([]any, error) {
	values, given := q.args[3:], q.Args[3:]
	if a, ok := q.args[len(q.args)-1].(*types.Array); ok && !q.VariadicExpanded && len(q.args) == 4 {
		values, given = a.Elems, nil
		for range a.Elems {
			given = append(given, a.Elem)
		}
	}
	if len(values) != len(d.Types) {
		return nil, invalidParameter("number of partitioning columns (%d) does not match number of partition keys provided (%d)", len(d.Types), len(values))
	}
	for i, t := range d.Types {
		if key, _ := t.BaseType(-1); given[i].OID != key.OID && given[i].OID != t.OID {
			return nil, invalidParameter("column %d of the partition key has type %s, but supplied value is of type %s", i+1, t.SQLName(), given[i].SQLName())
		}
	}
	return values, nil
}
