package virtual

import (
	"context"
	"sort"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Declarations collects the relations of one schema, which declare themselves when
// the program starts. The zero value is ready.
type Declarations struct{ tables []Table }

// Declare adds relations; it is called from init functions.
func (d *Declarations) Declare(tables ...Table) { d.tables = append(d.tables, tables...) }

// Tables are all that were declared.
func (d *Declarations) Tables() []Table { return d.tables }

// Set is a number of relations, ready to be read. It is safe for concurrent
// use.
type Set struct {
	byOID map[types.OID]source
}

// NewSet binds declarations to their descriptors. It panics if a declaration
// has no descriptor, a descriptor no declaration, or both disagree: a fault of
// the program, which the start-up test finds.
func NewSet(l Listing, tables []Table) *Set {
	s := &Set{byOID: map[types.OID]source{}}
	for _, t := range tables {
		rel := l[t.Name()]
		if rel == nil {
			panic("virtual: " + t.Name() + " is not in the listing")
		}
		if s.byOID[rel.OID] != nil {
			panic("virtual: " + t.Name() + " is declared twice")
		}
		s.byOID[rel.OID] = t.bind(rel)
	}
	for name, rel := range l {
		if s.byOID[rel.OID] == nil {
			panic("virtual: " + name + " is not declared")
		}
	}
	return s
}

// Join makes one set of several.
func Join(sets ...*Set) *Set {
	all := &Set{byOID: map[types.OID]source{}}
	for _, s := range sets {
		for oid, src := range s.byOID {
			if all.byOID[oid] != nil {
				panic("virtual: " + src.descriptor().Name + " has an oid that is taken")
			}
			all.byOID[oid] = src
		}
	}
	return all
}

// Relations returns the descriptors by oid.
func (s *Set) Relations() []*catalog.Relation {
	var out []*catalog.Relation
	for _, src := range s.byOID {
		out = append(out, src.descriptor())
	}
	sort.Slice(out, func(i, j int) bool { return out[i].OID < out[j].OID })
	return out
}

// Shape is what is known of rel before it is read, in a database of so many
// relations; nothing of what the set does not have.
func (s *Set) Shape(rel *catalog.Relation, relations int) catalog.Shape {
	if src := s.byOID[rel.OID]; src != nil {
		return src.shape(float64(relations))
	}
	return catalog.Shape{}
}

// Rows returns all rows of the relation of that name, in the order of its
// columns; it panics if there is none.
func (s *Set) Rows(name string, v View) [][]any {
	for _, src := range s.byOID {
		if src.descriptor().Name == name {
			return allRows(src, v)
		}
	}
	panic("virtual: no relation " + name)
}

func allRows(src source, v View) [][]any {
	var nums []int16
	for _, c := range src.descriptor().Columns {
		if !c.Hidden {
			nums = append(nums, c.Num)
		}
	}
	return src.open(v, nums, nil).values()
}

// Source fills the relations for one session; it implements the executor's
// VirtualSource.
type Source struct {
	Set  *Set
	View View
}

// Open starts to read rel's columns nums. keys are equalities; the rows of a
// look-up by some of them are enough, but the caller must recheck.
func (s Source) Open(_ context.Context, rel *catalog.Relation, nums []int16, keys map[int16]any) (storage.Scanner, error) {
	src := s.Set.byOID[rel.OID]
	if src == nil {
		return nil, pgerr.Unsupported("reading catalog relation %s", rel.Name)
	}
	return src.open(s.View, nums, keys), nil
}

// counter is a catalog that knows how many relations it has without making their
// descriptors.
type counter interface{ NumRelations() int }

// Shape estimates rel for the planner.
func (s Source) Shape(rel *catalog.Relation) catalog.Shape {
	n := 0
	if c, ok := s.View.Catalog().(counter); ok {
		n = c.NumRelations()
	}
	return s.Set.Shape(rel, n)
}

// scanner gives rows that have been found.
type scanner interface {
	storage.Scanner
	// values are all of them.
	values() [][]any
}

// rowScanner computes the wanted columns of rows.
type rowScanner[T any] struct {
	of   *bound[T]
	nums []int16
	rows []T // that are left
}

// Next implements storage.Scanner.
func (s *rowScanner[T]) Next(ctx context.Context) (*vec.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(err)
	}
	n := min(vec.BatchSize, len(s.rows))
	if n == 0 {
		return nil, nil
	}
	cols := make([]vec.Vector, len(s.nums))
	for c, num := range s.nums {
		column := s.of.columns[num]
		b := vec.NewBuilder(column.typ, n)
		for _, row := range s.rows[:n] {
			b.Append(column.get(row))
		}
		cols[c] = b.Build()
	}
	s.rows = s.rows[n:]
	return vec.NewBatch(cols, n), nil
}

// Close implements storage.Scanner.
func (s *rowScanner[T]) Close() {}

func (s *rowScanner[T]) values() [][]any {
	out := make([][]any, len(s.rows))
	for i, row := range s.rows {
		out[i] = make([]any, len(s.nums))
		for c, num := range s.nums {
			out[i][c] = s.of.columns[num].get(row)
		}
	}
	return out
}
