package plan

import (
	"cmp"
	"errors"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Pruning says which partitions a scan has to read.
type Pruning struct {
	Tree *partition.Tree
	Cond *PruneCond
	// Hashes are the Scan's.
	Hashes map[types.OID]*funcs.Func
}

// PruneOp is what a PruneCond says.
type PruneOp uint8

// The conditions that partitions can be told by.
const (
	PruneAll     PruneOp = iota // all of Args hold
	PruneAny                    // one of Args holds
	PruneEqual                  // the column is one of Values, or of the elements of Array
	PruneLow                    // the column is above Values[0]
	PruneHigh                   // the column is below Values[0]
	PruneNull                   // the column is NULL
	PruneNotNull                // the column is not NULL
	PruneUnknown                // nothing is known
)

// PruneCond is a condition on the rows of a scan, as far as it is about the columns of
// partition keys. Its expressions have no columns of the scan.
type PruneCond struct {
	Op        PruneOp
	Args      []*PruneCond
	Column    string // of the partitioned table
	Values    []Expr // of the column's type
	Array     Expr
	Inclusive bool
}

// Walk calls f for c and all below it.
func (c *PruneCond) Walk(f func(c *PruneCond)) {
	f(c)
	for _, a := range c.Args {
		a.Walk(f)
	}
}

// PruneValue evaluates an expression of a PruneCond; known is false where that can't
// be done yet.
type PruneValue func(e Expr) (v any, known bool, err error)

// Leaves are the partitions with rows that can meet the condition, in the order of
// their bounds.
func (p *Pruning) Leaves(value PruneValue) ([]*catalog.Relation, error) {
	return p.leaves(p.Tree, value)
}

func (p *Pruning) leaves(t *partition.Tree, value PruneValue) ([]*catalog.Relation, error) {
	l := &pruneLevel{t.Desc, value, p.Hashes}
	keep, err := l.keep(p.Cond)
	if err != nil {
		return nil, err
	}
	var out []*catalog.Relation
	for i, part := range t.Parts {
		switch {
		case !keep[i]:
		case t.Sub[i] == nil:
			out = append(out, part)
		default:
			below, err := p.leaves(t.Sub[i], value)
			if err != nil {
				return nil, err
			}
			out = append(out, below...)
		}
	}
	return out, nil
}

// pruneLevel prunes the partitions of one table.
type pruneLevel struct {
	*partition.Desc
	value  PruneValue
	hashes map[types.OID]*funcs.Func
}

// errUnknownHash: a hash function can't be called yet.
var errUnknownHash = errors.New("plan: unknown hash")

// hasher calls the functions that hash the key; errUnknownHash where that can't be
// done yet.
func (l *pruneLevel) hasher(column int, v any) (uint64, error) {
	f := l.hashes[l.Rel.Partitioning.Keys[column].Hash]
	if f == nil {
		return 0, errUnknownHash
	}
	bigint := types.ByOID(types.Int8OID)
	args := []Expr{&Const{Meta: M(l.Types[column], -1), Value: v}, &Const{Meta: M(bigint, -1), Value: partition.HashSeed}}
	h, known, err := l.value(&Call{Meta: M(bigint, -1), Func: f, Args: args})
	if n, ok := h.(int64); ok && known && err == nil {
		return uint64(n), nil
	}
	return 0, cmp.Or(err, errUnknownHash)
}

// IsHash says whether e is a call that hashes a value of a key.
func (p *Pruning) IsHash(e Expr) bool {
	c, ok := e.(*Call)
	if !ok || len(c.Args) != 2 || p.Hashes[c.Func.OID] != c.Func {
		return false
	}
	_, value := c.Args[0].(*Const)
	seed, ok := c.Args[1].(*Const)
	return value && ok && seed.Value == partition.HashSeed
}

// matching is Keep; all partitions where a hash is not known.
func (l *pruneLevel) matching(terms []partition.Term) ([]bool, error) {
	keep, err := l.Keep(terms, l.hasher)
	if errors.Is(err, errUnknownHash) {
		return l.Keep(make([]partition.Term, len(terms)), nil)
	}
	return keep, err
}

// keep says which partitions can have rows that meet c (gen_partprune_steps_internal
// and the steps that it makes, in one).
func (l *pruneLevel) keep(c *PruneCond) ([]bool, error) {
	if c.Op == PruneAny {
		out := make([]bool, len(l.Parts))
		for _, arm := range c.Args {
			keep, err := l.keep(arm)
			if err != nil {
				return nil, err
			}
			for i := range out {
				out[i] = out[i] || keep[i]
			}
		}
		return out, nil
	}
	args := []*PruneCond{c}
	if c.Op == PruneAll {
		args = c.Args
	}
	terms := make([]partition.Term, len(l.Types))
	for _, a := range args {
		if err := l.narrow(terms, a); err != nil {
			return nil, err
		}
	}
	out, err := l.matching(terms)
	for _, a := range args {
		if a.Op != PruneAll && a.Op != PruneAny || err != nil {
			continue
		}
		var keep []bool
		if keep, err = l.keep(a); err == nil {
			for i := range out {
				out[i] = out[i] && keep[i]
			}
		}
	}
	return out, err
}

// narrow adds a condition on one column to what is known of the key.
func (l *pruneLevel) narrow(terms []partition.Term, c *PruneCond) error {
	for i, k := range l.Rel.Partitioning.Keys {
		if k.Column == "" || k.Column != c.Column {
			continue
		}
		if err := l.narrowTerm(&terms[i], l.Types[i], c); err != nil {
			return err
		}
	}
	return nil
}

func (l *pruneLevel) narrowTerm(t *partition.Term, typ *types.Type, c *PruneCond) error {
	switch c.Op {
	case PruneNull:
		t.Null = true
		return nil
	case PruneNotNull:
		t.NotNull = true
		return nil
	}
	values, known, err := l.values(c)
	if err != nil {
		return err
	}
	t.NotNull = true
	switch {
	case !known || c.Op != PruneEqual && typ.Collator != nil:
	case c.Op == PruneEqual:
		t.Points = intersection(typ, t.Points, values)
	case len(values) == 0: // compared with NULL
		t.Points = []any{}
	case c.Op == PruneLow:
		if t.Low == nil || typ.Compare(values[0], t.Low.Value) > 0 {
			t.Low = &partition.End{Value: values[0], Inclusive: c.Inclusive}
		}
	case t.High == nil || typ.Compare(values[0], t.High.Value) < 0:
		t.High = &partition.End{Value: values[0], Inclusive: c.Inclusive}
	}
	return nil
}

// values are those of a condition but NULL, which no comparison finds.
func (l *pruneLevel) values(c *PruneCond) (out []any, known bool, err error) {
	out = []any{}
	for _, e := range c.Values {
		v, known, err := l.value(e)
		if err != nil || !known {
			return nil, false, err
		}
		if v != nil {
			out = append(out, v)
		}
	}
	if c.Array == nil {
		return out, true, nil
	}
	v, known, err := l.value(c.Array)
	if err != nil || !known {
		return nil, false, err
	}
	if a, ok := v.(*types.Array); ok {
		for _, e := range a.Elems {
			if e != nil {
				out = append(out, e)
			}
		}
	}
	return out, true, nil
}

func intersection(t *types.Type, have, values []any) []any {
	if have == nil {
		return values
	}
	return slices.DeleteFunc(slices.Clone(have), func(v any) bool {
		return !slices.ContainsFunc(values, func(w any) bool { return t.Compare(v, w) == 0 })
	})
}
