package virtual

import (
	"fmt"
	"reflect"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Table is one declared relation.
type Table interface {
	// Name of the relation in its schema.
	Name() string
	// bind resolves the columns' names; it panics where the declaration and the
	// listing disagree.
	bind(rel *catalog.Relation) source
}

// source is a bound Table.
type source interface {
	descriptor() *catalog.Relation
	open(v View, nums []int16, keys map[int16]any) scanner
	shape(relations float64) catalog.Shape
}

// Columns says what each column is of a row: a boxed value of exactly the
// column type's Go type, nil for NULL. Columns that are not named are the zero
// value of their type if they are not null (0, "", false), NULL otherwise.
type Columns[T any] map[string]func(row T) any

// Rel declares a relation whose rows are made of Ts.
type Rel[T any] struct {
	// Of is the relation's name.
	Of string
	// Rows lists all rows.
	Rows func(v View, yield func(T))
	Columns[T]
	// Zero are columns that are not named, and the zero value of their type though
	// they may be NULL.
	Zero []string
	// Lookups find rows by equality, the most selective first.
	Lookups []Lookup[T]
	// Size is about how many rows there are.
	Size Size
}

// Size estimates a relation: rows that are there in any database, and rows that
// come with each relation. The zero value is defaultSize.
type Size struct{ Fixed, PerRelation float64 }

// in is the size in a database of so many relations.
func (s Size) in(relations float64) float64 { return s.Fixed + s.PerRelation*relations }

// defaultSize is that of the views, which show a row or so of each relation.
var defaultSize = Size{Fixed: 50, PerRelation: 1}

// Lookup finds the rows whose columns By equal the keys given. It may yield rows
// that do not match: the caller rechecks. It must not miss any.
type Lookup[T any] struct {
	By   []string
	Find func(v View, keys []any, yield func(T))
	// Each is about how many rows a key finds; 0 says one.
	Each float64
	// Work is about how many rows are looked at beside those.
	Work Size
}

// Empty declares a relation that has no rows, and why.
type Empty struct {
	Of, Why string
}

// Name implements Table.
func (e Empty) Name() string { return e.Of }

// Reason is why there are no rows.
func (e Empty) Reason() string { return e.Why }

func (e Empty) bind(rel *catalog.Relation) source {
	return Rel[struct{}]{Of: e.Of, Rows: func(View, func(struct{})) {}}.bind(rel)
}

// Name implements Table.
func (r Rel[T]) Name() string { return r.Of }

// bound is a Rel with its descriptor.
type bound[T any] struct {
	rel     *catalog.Relation
	rows    func(v View, yield func(T))
	columns map[int16]boundColumn[T]
	lookups []boundLookup[T]
	size    Size
}

type boundColumn[T any] struct {
	typ *types.Type
	get func(T) any
}

type boundLookup[T any] struct {
	by   []boundKey
	find func(v View, keys []any, yield func(T))
	each float64
	work Size
}

// boundKey is a column and the Go type of its values, nil for one that no look-up is
// by.
type boundKey struct {
	num int16
	typ reflect.Type
}

func (r Rel[T]) bind(rel *catalog.Relation) source {
	b := &bound[T]{rel: rel, rows: r.Rows, columns: map[int16]boundColumn[T]{}, size: r.Size}
	if b.size == (Size{}) {
		b.size = defaultSize
	}
	for _, c := range rel.Columns {
		v := absent(rel, c)
		b.columns[c.Num] = boundColumn[T]{c.Type, func(T) any { return v }}
	}
	for _, name := range r.Zero {
		c := column(rel, name)
		v := zeros[c.Type.Rep](c.Type)
		b.columns[c.Num] = boundColumn[T]{c.Type, func(T) any { return v }}
	}
	for name, get := range r.Columns {
		c := column(rel, name)
		b.columns[c.Num] = boundColumn[T]{c.Type, get}
	}
	for _, l := range r.Lookups {
		bl := boundLookup[T]{find: l.Find, each: max(l.Each, 1), work: l.Work}
		for _, name := range l.By {
			bl.by = append(bl.by, newBoundKey(column(rel, name)))
		}
		b.lookups = append(b.lookups, bl)
	}
	return b
}

func column(rel *catalog.Relation, name string) *catalog.Column {
	c := rel.ColumnByName(name)
	if c == nil {
		panic(fmt.Sprintf("virtual: %s has no column %s", rel.Name, name))
	}
	return c
}

// frozenXid is the transaction that all catalog rows are of (PostgreSQL's
// FrozenTransactionId).
const frozenXid = uint32(2)

// absent is the value of a column that a declaration does not name.
func absent(rel *catalog.Relation, c *catalog.Column) any {
	switch {
	case c.Num == colTableOID:
		return rel.OID
	case c.Num == colXmin:
		return frozenXid
	case c.NotNull:
		return zeros[c.Type.Rep](c.Type)
	}
	return nil
}

func zero[T any](v T) func(*types.Type) any { return func(*types.Type) any { return v } }

var zeros = map[types.Rep]func(*types.Type) any{
	types.RepBool: zero(false), types.RepInt16: zero(int16(0)), types.RepInt32: zero(int32(0)), types.RepInt64: zero(int64(0)),
	types.RepUint32: zero(uint32(0)), types.RepFloat32: zero(float32(0)), types.RepFloat64: zero(float64(0)),
	types.RepString: zero(""), types.RepBytes: zero([]byte{}), types.RepArray: emptyArray,
	types.RepAny: func(*types.Type) any { return nil },
}

func emptyArray(t *types.Type) any { return types.NewArray(types.ByOID(t.Elem), nil) }

func (b *bound[T]) descriptor() *catalog.Relation { return b.rel }

// shape is what is known of the rows in a database of so many relations.
func (b *bound[T]) shape(relations float64) catalog.Shape {
	s := catalog.Shape{Rows: b.size.in(relations)}
	for _, l := range b.lookups {
		k := catalog.LookupShape{Each: l.each, Work: l.work.in(relations)}
		for _, c := range l.by {
			k.By = append(k.By, c.num)
		}
		s.Lookups = append(s.Lookups, k)
	}
	return s
}

// open finds the rows by the first look-up whose keys are all given.
func (b *bound[T]) open(v View, nums []int16, keys map[int16]any) scanner {
	var rows []T
	yield := func(row T) { rows = append(rows, row) }
	if l, values := b.lookup(keys); l != nil {
		l.find(v, values, yield)
	} else {
		b.rows(v, yield)
	}
	return &rowScanner[T]{b, nums, rows}
}

func (b *bound[T]) lookup(keys map[int16]any) (*boundLookup[T], []any) {
	for i := range b.lookups {
		if values := b.lookups[i].values(keys); values != nil {
			return &b.lookups[i], values
		}
	}
	return nil, nil
}

// values are the look-up's keys, nil if one is missing or of another type.
func (l *boundLookup[T]) values(keys map[int16]any) []any {
	values := make([]any, len(l.by))
	for i, c := range l.by {
		v, ok := keys[c.num]
		if !ok || c.typ == nil || reflect.TypeOf(v) != c.typ {
			return nil
		}
		values[i] = v
	}
	return values
}

func newBoundKey(c *catalog.Column) boundKey {
	k := boundKey{num: c.Num}
	if z := zeros[c.Type.Rep]; z != nil {
		k.typ = reflect.TypeOf(z(c.Type))
	}
	return k
}
