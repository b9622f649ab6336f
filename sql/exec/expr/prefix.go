package expr

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Prefix lets an operator that computes batches do what PostgreSQL does, which computes
// row by row: the rows before one that fails come out, its error after them. LIMIT and
// clients that read row by row may never ask for that.
//
// The rows are computed again to find the one that fails: at most as many as there are
// in the batch, twice, and only after an error.
type Prefix struct {
	// Whole forbids that: what computes the rows is volatile, or who takes them wants all
	// or none.
	Whole bool
	err   error
}

// Computation makes rows of the rows of a batch, each of its own one only. It may be
// asked again for the same ones.
type Computation interface {
	Compute(b *vec.Batch) (*vec.Batch, error)
}

// Open forgets the error of an earlier run.
func (p *Prefix) Open() { p.err = nil }

// Err is the error of the row behind those that came out last: to be returned before
// the next batch is asked for.
func (p *Prefix) Err() error { return p.err }

// Compute is c's, for the rows before the first that fails.
func (p *Prefix) Compute(c Computation, b *vec.Batch) (*vec.Batch, error) {
	out, err := c.Compute(b)
	if err == nil || p.atOnce(err) {
		return out, err
	}
	good, n := 0, b.Rows() // rows that are known not to fail, and to contain one that does
	for good+1 < n {
		middle := (good + n) / 2
		if _, failed := c.Compute(b.Limit(good, middle)); failed != nil {
			n, err = middle, failed
		} else {
			good = middle
		}
	}
	if good == 0 {
		return nil, err
	}
	p.err = err
	return c.Compute(b.Limit(0, good))
}

// Defer keeps the error of a row for after those before it, if that is asked for.
func (p *Prefix) Defer(err error) bool {
	if p.atOnce(err) {
		return false
	}
	p.err = err
	return true
}

// atOnce says whether nothing comes before an error: not before one that has nothing to
// do with the row either.
func (p *Prefix) atOnce(err error) bool {
	e := pgerr.As(err)
	return p.Whole || e == nil || e.Code == pgerr.QueryCanceled
}

// Compute is Select, as a Computation.
func (p *Predicate) Compute(b *vec.Batch) (*vec.Batch, error) { return p.Select(b) }
