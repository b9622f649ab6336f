package scan

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Path is a compiled access path.
type Path struct {
	kind            storage.PathKind
	partition       string
	key, prefix     []term
	low, high       *bound
	keyLow, keyHigh *bound
	arms            []*Path
}

// term is the alternatives of one field.
type term struct{ values, arrays []expr.Expr }

type bound struct {
	value expr.Expr
	plan.Bound
}

// NewPath compiles p's expressions with c, whose input is what they may refer
// to (nothing but outer columns for an ordinary scan).
func NewPath(c *expr.Compiler, p plan.AccessPath) (*Path, error) {
	out := &Path{kind: p.Kind}
	if p.Index != nil {
		out.partition = p.Index.Partition
	}
	var err error
	if out.key, err = newTerms(c, p.Key); err != nil {
		return nil, err
	}
	if out.prefix, err = newTerms(c, p.Prefix); err != nil {
		return nil, err
	}
	for _, arm := range p.Arms {
		compiled, err := NewPath(c, arm)
		if err != nil {
			return nil, err
		}
		out.arms = append(out.arms, compiled)
	}
	for _, b := range []struct {
		from *plan.Bound
		to   **bound
	}{{p.Low, &out.low}, {p.High, &out.high}, {p.KeyLow, &out.keyLow}, {p.KeyHigh, &out.keyHigh}} {
		if b.from == nil {
			continue
		}
		e, err := c.Compile(b.from.Value)
		if err != nil {
			return nil, err
		}
		*b.to = &bound{e, *b.from}
	}
	return out, nil
}

func newTerms(c *expr.Compiler, ts []plan.KeyTerm) ([]term, error) {
	out := make([]term, len(ts))
	for i, t := range ts {
		var err error
		if out[i].values, err = c.CompileAll(t.Values); err != nil {
			return nil, err
		}
		if out[i].arrays, err = c.CompileAll(t.Arrays); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var noInput = vec.NewBatch(nil, 1)

// Storage evaluates the path where it does not depend on a row. ok is false
// where it can find nothing: a NULL compares with nothing.
func (p *Path) Storage() (path storage.Path, ok bool, err error) {
	path = storage.Path{Kind: p.kind, Partition: p.partition}
	if len(p.arms) > 0 {
		return p.combined(path)
	}
	if path.Keys, err = tuples(p.key, noInput, 0); err != nil {
		return path, false, err
	}
	if path.Prefixes, err = tuples(p.prefix, noInput, 0); err != nil {
		return path, false, err
	}
	ok = (len(p.key) == 0 || len(path.Keys) > 0) && (len(p.prefix) == 0 || len(path.Prefixes) > 0)
	if len(p.prefix) == 0 && isPartition(p.kind) {
		path.Prefixes = [][]any{{}}
	}
	if len(p.key) == 0 {
		path.Keys = nil
	}
	for _, b := range []struct {
		from *bound
		to   **storage.Bound
	}{{p.low, &path.Low}, {p.high, &path.High}, {p.keyLow, &path.KeyLow}, {p.keyHigh, &path.KeyHigh}} {
		if b.from == nil {
			continue
		}
		v, err := b.from.value.Eval(noInput, nil)
		if err != nil {
			return path, false, err
		}
		ok = ok && !v.IsNull(0)
		*b.to = &storage.Bound{Value: v.Value(0), Inclusive: b.from.Inclusive, Prefix: b.from.Prefix}
	}
	return path, ok, nil
}

// combined evaluates the arms. An intersection with an arm that can find nothing
// finds nothing; a union does without it.
func (p *Path) combined(path storage.Path) (storage.Path, bool, error) {
	for _, arm := range p.arms {
		a, ok, err := arm.Storage()
		switch {
		case err != nil:
			return path, false, err
		case ok:
			path.Arms = append(path.Arms, a)
		case p.kind == storage.Intersection:
			return path, false, nil
		}
	}
	return path, len(path.Arms) > 0, nil
}

func isPartition(k storage.PathKind) bool {
	return k == storage.Partition || k == storage.Covering || k == storage.TrustedPartition
}

// byKey says that the path takes whole keys, not prefixes.
func (p *Path) byKey() bool { return p.kind == storage.PointGet || p.kind == storage.UniqueGet }

// Tuples evaluates the key (or, of a partition path, the prefix) for row i of
// b: the tuples of values that may match, none with a NULL.
func (p *Path) Tuples(b *vec.Batch, i int) ([][]any, error) {
	if p.byKey() {
		return tuples(p.key, b, i)
	}
	return tuples(p.prefix, b, i)
}

// With is the storage path of the given tuples.
func (p *Path) With(tuples [][]any) storage.Path {
	path := storage.Path{Kind: p.kind, Partition: p.partition}
	if p.byKey() {
		path.Keys = tuples
	} else {
		path.Prefixes = tuples
	}
	return path
}

// tuples is the product of the terms' alternatives.
func tuples(ts []term, b *vec.Batch, i int) ([][]any, error) {
	out := [][]any{{}}
	for _, t := range ts {
		vals, err := t.eval(b, i)
		if err != nil {
			return nil, err
		}
		next := make([][]any, 0, len(out)*len(vals))
		for _, head := range out {
			for _, v := range vals {
				next = append(next, append(head[:len(head):len(head)], v))
			}
		}
		out = next
	}
	return out, nil
}

// eval lists the field's values, without NULLs.
func (t term) eval(b *vec.Batch, i int) ([]any, error) {
	var out []any
	row := []int32{int32(i)}
	for _, e := range t.values {
		v, err := e.Eval(b, row)
		if err != nil {
			return nil, err
		}
		if !v.IsNull(i) {
			out = append(out, v.Value(i))
		}
	}
	for _, e := range t.arrays {
		v, err := e.Eval(b, row)
		if err != nil {
			return nil, err
		}
		if a, _ := v.Value(i).(*types.Array); a != nil {
			out = appendNotNull(out, a.Elems)
		}
	}
	return out, nil
}

func appendNotNull(out, vals []any) []any {
	for _, v := range vals {
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}
