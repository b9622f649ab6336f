package exec

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// probe is the joining of one left batch with a joinRun's table, a batch of
// pairs at a time.
type probe struct {
	*joinRun
	b       *vec.Batch
	keys    []vec.Vector
	hashes  []uint64
	whole   []int32 // left rows without a NULL key
	null    []int32
	at      int   // position in whole
	chain   int32 // the pair to go on with, 0 for the first of the row
	started bool  // chain counts
	matched vec.Bitmap
	ended   bool
}

func (r *joinRun) newProbe(b *vec.Batch) (*probe, error) {
	keys, err := r.keysOf(r.leftKeys, b)
	if err != nil {
		return nil, err
	}
	p := &probe{joinRun: r, b: b, keys: keys, hashes: make([]uint64, b.N)}
	p.whole, p.null = splitNulls(keys, b)
	columns.HashRows(r.hashers, keys, p.whole, b.N, p.hashes)
	if r.keepsLeft() || r.filters() {
		p.matched = vec.NewBitmap(b.N)
	}
	return p, nil
}

// next returns a batch of output; nil at the end of the left batch.
func (p *probe) next() (*vec.Batch, error) {
	p.table.bind(p.keys)
	if p.filters() && p.cond.Empty() {
		p.findAny()
	}
	for p.at < len(p.whole) {
		li, ri := p.pairs()
		if len(li) == 0 {
			break
		}
		l, r, out, err := p.matching(p.b.Cols, li, p.cols, ri)
		if err != nil {
			return nil, err
		}
		if p.matched != nil {
			setAll(p.matched, l)
		}
		if p.joinRun.matched != nil {
			setAll(p.joinRun.matched, r)
		}
		if out != nil {
			return out, nil
		}
	}
	if p.ended {
		return nil, nil
	}
	p.ended = true
	if p.nullAware {
		if err := p.dropUnknown(); err != nil {
			return nil, err
		}
	}
	return p.finishLeft(p.b, p.matched), nil
}

// findAny marks the rows that have a match, without making pairs.
func (p *probe) findAny() {
	for _, i := range p.whole {
		if p.table.first(p.hashes[i], int(i)) != 0 {
			p.matched.Set(int(i))
		}
	}
	p.at = len(p.whole)
}

// pairs lists the next pairs of rows with equal keys.
func (p *probe) pairs() (li, ri []int32) {
	li, ri = make([]int32, 0, p.size), make([]int32, 0, p.size)
	for p.at < len(p.whole) {
		i := p.whole[p.at]
		at := p.chain
		if !p.started {
			at = p.table.first(p.hashes[i], int(i))
			p.started = true
		}
		for ; at != 0; at = p.table.after(at, p.hashes[i], int(i)) {
			if len(li) == p.size {
				p.chain = at
				return li, ri
			}
			if p.filtersRight() && p.joinRun.matched.Get(int(at-1)) {
				continue // one match is enough
			}
			li, ri = append(li, i), append(ri, at-1)
		}
		p.at++
		p.started = false
	}
	return li, ri
}

// dropUnknown marks, for NOT IN, the left rows whose test is unknown: a NULL
// on either side may hide a match.
func (p *probe) dropUnknown() error {
	if p.kind != plan.AntiJoin || p.rightRows == 0 {
		return nil
	}
	if p.cond.Empty() && len(p.keyTypes) == 1 {
		if p.rightNull {
			setAll(p.matched, p.whole)
		}
		setAll(p.matched, p.null)
		return nil
	}
	for _, i := range p.null {
		if err := p.dropIfUnknown(i, vec.All(p.rows)); err != nil {
			return err
		}
	}
	for _, i := range p.whole {
		if err := p.dropIfUnknown(i, p.nulls); err != nil {
			return err
		}
	}
	return nil
}

// dropIfUnknown looks for a right row among candidates of which each key is
// equal or unknown and that meets the condition.
func (p *probe) dropIfUnknown(i int32, candidates []int32) error {
	if p.matched.Get(int(i)) {
		return nil
	}
	var ri []int32
	for _, r := range candidates {
		if p.maybeEqual(int(i), r) {
			ri = append(ri, r)
		}
	}
	if len(ri) == 0 {
		return nil
	}
	li := make([]int32, len(ri))
	for k := range li {
		li[k] = i
	}
	l, _, _, err := p.matching(p.b.Cols, li, p.cols, ri)
	setAll(p.matched, l)
	return err
}

func (p *probe) maybeEqual(i int, r int32) bool {
	for c, k := range p.table.keys {
		if p.keys[c].IsNull(i) || k.Vector(p.keyTypes[c], int(r), int(r)+1).IsNull(0) {
			continue
		}
		if !k.Equal(i, r) {
			return false
		}
	}
	return true
}
