package dml

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Router finds the partition of a row (plan.Routing).
type Router struct {
	Top *RouterLevel
	// Root is what the statement names: a partitioned table, or a partition.
	Root  *catalog.Relation
	Types *types.Env
}

// RouterLevel is one partitioned table, with its compiled key.
type RouterLevel struct {
	*partition.Desc
	Keys []expr.Expr
	// Hashes are those of the keys by functions of the database's, nil for others.
	Hashes []expr.Expr
	Sub    []*RouterLevel
}

// find is the partition of row i of in (ExecFindPartition): nil where it would not be
// one of Root's, 23514 where a partitioned table has none for it.
func (r *Router) find(in *vec.Batch, i int) (*catalog.Relation, error) {
	level := r.Top
	below := level.Rel.OID == r.Root.OID
	for {
		values, err := level.values(in, i)
		if err != nil {
			return nil, err
		}
		at, err := level.Find(values, level.hasher(in, i))
		switch {
		case err != nil:
			return nil, err
		case at < 0 && below:
			return nil, r.none(level, values)
		case at < 0:
			return nil, nil
		}
		part := level.Parts[at]
		below = below || part.OID == r.Root.OID
		if level = level.Sub[at]; level == nil {
			if !below {
				return nil, nil
			}
			return part, nil
		}
	}
}

// values are those of the key (FormPartitionKeyDatum).
func (l *RouterLevel) values(in *vec.Batch, i int) ([]any, error) {
	out := make([]any, len(l.Keys))
	sel := []int32{int32(i)}
	for k, e := range l.Keys {
		v, err := e.Eval(in, sel)
		if err != nil {
			return nil, err
		}
		out[k] = v.Value(i)
	}
	return out, nil
}

// hasher calls the functions that hash the keys of row i.
func (l *RouterLevel) hasher(in *vec.Batch, i int) partition.Hasher {
	return func(column int, _ any) (uint64, error) {
		v, err := l.Hashes[column].Eval(in, []int32{int32(i)})
		if err != nil {
			return 0, err
		}
		h, ok := v.Value(i).(int64)
		if !ok { // PostgreSQL's support functions return no NULL
			return 0, pgerr.New(pgerr.InternalError, "function %d returned NULL", l.Rel.Partitioning.Keys[column].Hash)
		}
		return uint64(h), nil
	}
}

// none is 23514 for a row that no partition takes.
func (r *Router) none(l *RouterLevel, values []any) error {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = "null"
		if v != nil {
			texts[i] = clipped(string(l.Types[i].Out(r.Types, nil, v)))
		}
	}
	return pgerr.New(pgerr.CheckViolation, "no partition of relation \"%s\" found for row", l.Rel.Name).
		WithDetail("Partition key of the failing row contains (%s) = (%s).",
			partition.KeyColumns(l.Rel.Partitioning, types.QuoteIdent), strings.Join(texts, ", ")).
		WithRelation(l.Rel.Schema, l.Rel.Name, "", "")
}

// checkPartition is 23514 for a row that Rel, a partition that the statement writes
// to without looking where rows belong, does not take (ExecPartitionCheck).
func (t *Target) checkPartition(in *vec.Batch, rows []row) error {
	if t.Router == nil || t.Router.Root.OID != t.Rel.OID {
		return nil
	}
	return t.checkOwn(in, rows)
}

// checkOwn is checkPartition for rows that found their partition, but have changed
// since.
func (t *Target) checkOwn(in *vec.Batch, rows []row) error {
	if t.Router == nil {
		return nil
	}
	for k := range in.Rows() {
		leaf, err := t.Router.find(in, in.Row(k))
		if err != nil {
			return err
		}
		if leaf == nil || leaf.OID != t.Rel.OID {
			return t.partitionViolation(t.Rel, rows[k])
		}
	}
	return nil
}

// stays is 0A000 for a row that DO UPDATE would move to another partition, which
// the row that it conflicts with could not follow.
func (n *Insert) stays(r row) error {
	if n.Router == nil {
		return nil
	}
	leaf, err := n.Router.find(n.rowsOf([]row{r}), 0)
	if err != nil {
		return err
	}
	switch {
	case leaf != nil && leaf.OID == n.Rel.OID:
		return nil
	case n.Router.Root.OID == n.Rel.OID:
		return n.partitionViolation(n.Rel, r)
	}
	return pgerr.New(pgerr.FeatureNotSupported, "invalid ON UPDATE specification").
		WithDetail("The result tuple would appear in a different partition than the original tuple.")
}

func (t *Target) partitionViolation(rel *catalog.Relation, r row) error {
	return pgerr.New(pgerr.CheckViolation, "new row for relation \"%s\" violates partition constraint", rel.Name).
		WithDetail("%s", t.failingRow(r)).
		WithRelation(rel.Schema, rel.Name, "", "")
}
