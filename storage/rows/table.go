package rows

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

const (
	// defaultFanOut is used where Env.FanOut is not set.
	defaultFanOut = 32
	// maxBody is the largest body that is read into memory: content beyond it is
	// 54000.
	maxBody = 256 << 20
	// drainBody is the largest body that is read though it is not needed, so that
	// its connection can be used again.
	drainBody = 64 << 10
)

// table implements storage.Table.
type table struct {
	def     *Definition
	env     *Env
	schema  *s3db.Schema
	store   objstore.Store
	columns map[int16]*Column
	// numbers are the column numbers by index in Schema.Columns; 0 for none.
	numbers  []int16
	keyTypes []s3db.SQLType
	indexes  []*index
	// unit is the transaction whose view and writes these are; nil for none.
	unit *unit
	// moment is what reads have in common; nil: nothing.
	moment *moment
	// derived selects the schema's columns that any index is made of.
	derived []bool
}

// index is an Index made ready.
type index struct {
	*Index
	columns []*Column // that a unique key is, or is computed from
	// types, names and sqlTypes of the values of a unique key.
	types    []s3db.SQLType
	names    []string
	sqlTypes []*types.Type
	compute  func() catalog.KeyFunc // nil for a key of columns
}

// Open opens a table. It makes no request, and can't fail: what is wrong with a
// definition shows when it is used.
func Open(def *Definition, env *Env) storage.Table { return open(def, env) }

func open(def *Definition, env *Env) *table {
	t := &table{def: def, env: env, schema: def.Schema, store: env.Objects, columns: map[int16]*Column{},
		numbers: make([]int16, len(def.Schema.Columns)), derived: make([]bool, len(def.Schema.Columns))}
	for i := range def.Columns {
		c := &def.Columns[i]
		t.columns[c.Num] = c
		if c.Attr >= 0 {
			t.numbers[c.Attr] = c.Num
		}
	}
	for _, k := range def.Key {
		t.keyTypes = append(t.keyTypes, s3db.SQLType{OID: k.Type.OID, Typmod: k.Typmod})
	}
	for i := range def.Indexes {
		t.addIndex(&def.Indexes[i])
	}
	return t
}

func (t *table) addIndex(ix *Index) {
	x := &index{Index: ix}
	t.indexes = append(t.indexes, x)
	if ix.Partition != nil {
		for _, f := range ix.Partition.Fields {
			if f.Column >= 0 {
				t.derived[f.Column] = true
			}
		}
	}
	for _, num := range ix.Unique {
		c := t.columns[num]
		if c == nil {
			continue
		}
		x.columns = append(x.columns, c)
		if c.Attr >= 0 {
			t.derived[c.Attr] = true
		}
	}
	x.keyTypes()
}

// keyTypes says what the values of a unique key are.
func (x *index) keyTypes() {
	if k := x.Key; k != nil {
		x.types, x.names, x.sqlTypes, x.compute = k.AtRest, k.Names, k.Types, sync.OnceValue(k.Make)
		return
	}
	for _, c := range x.columns {
		base, typmod := c.Type.BaseType(c.Typmod)
		x.types = append(x.types, s3db.SQLType{OID: base.OID, Typmod: typmod})
		x.names, x.sqlTypes = append(x.names, c.Name), append(x.sqlTypes, c.Type)
	}
}

// index finds an index by its storage name; nil if there is none.
func (t *table) index(name string) *index {
	for _, x := range t.indexes {
		if x.Name == name {
			return x
		}
	}
	return nil
}

// partition finds a partition that a path names.
func (t *table) partition(name string) (*index, error) {
	x := t.index(name)
	if x == nil || x.Partition == nil {
		return nil, pgerr.Internal("table \"%s\" has no partition \"%s\"", t.def.Name, name)
	}
	return x, nil
}

func (t *table) fanOut() int {
	if t.env.FanOut > 0 {
		return t.env.FanOut
	}
	return defaultFanOut
}

// keyValues are the key's columns of an id. An id that s3db.js made is its own
// value where the key is one text; otherwise it is damage.
func (t *table) keyValues(id string) ([]any, error) {
	if values, ok := t.schema.DecodeID(t.keyTypes, id); ok {
		return values, nil
	}
	if t.textKey() {
		return []any{id}, nil
	}
	return nil, pgerr.New(pgerr.DataCorrupted, "object \"%s\" is damaged", t.schema.DataKey(id)).
		WithDetail("Its id is no value of the primary key of \"%s\".", t.def.Name)
}

// textKey says that the key is one text column, so that every id has a value.
func (t *table) textKey() bool {
	return len(t.def.Key) == 1 && isText(t.keyTypes[0])
}

// readOnly is 42809 for a table that refuses writes.
func (t *table) readOnly() error {
	if !t.def.ReadOnly {
		return nil
	}
	return pgerr.New(pgerr.WrongObjectType, "cannot change relation \"%s\"", t.def.Name).
		WithDetail("It belongs to a plugin of s3db.js, and is read-only here.")
}
