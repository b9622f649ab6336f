package storage

import "github.com/s3db-sql/s3db-sql/sql/vec"

// Keeper is a Table whose columns may stand in memory, in a store that nobody else
// writes to (ADR 8).
type Keeper interface {
	// Kept returns the columns of all rows as they are now, nil where one of them is
	// not in memory. It makes no request.
	Kept(columns []int16) *Kept
}

// Kept are columns of one moment. They never change, and outlive what happens to
// the table.
type Kept struct {
	// Columns are those asked for, without constant vectors.
	Columns []vec.Vector
	// Rows is their length; rows stand in the order of ids.
	Rows int
	// Derived returns what make computes from columns of the table, under a key that
	// tells what it is: computed when it is first asked for, kept with the columns,
	// its bytes counted in their memory. It is safe for concurrent use.
	Derived func(key string, make func() (value any, bytes int64)) any
}

// KeptColumns asks a table for columns in memory; nil where it has none.
func KeptColumns(t Table, columns []int16) *Kept {
	if k, ok := t.(Keeper); ok {
		return k.Kept(columns)
	}
	return nil
}

// Counted is a Table that may be in a store that nobody else writes to.
type Counted interface {
	// Changes counts the changes of the table's rows since some moment: it has moved
	// before one is acknowledged. ok is false where others write to the store too.
	Changes() (n uint64, ok bool)
}

// Changes asks a table, which need not be Counted.
func Changes(t Table) (n uint64, ok bool) {
	if c, is := t.(Counted); is {
		return c.Changes()
	}
	return 0, false
}
