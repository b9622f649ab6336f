package catalog

import "github.com/s3db-sql/s3db-sql/sql/types"

// IndexKind tells what an index is on S3.
type IndexKind uint8

// The kinds of index.
const (
	PrimaryIndex   IndexKind = iota // the row's own key
	PartitionIndex                  // an s3db.js partition
	UniqueIndex                     // unique-key objects
	// DeclaredIndex is kept in the catalog only: no plan uses it, and it constrains
	// nothing.
	DeclaredIndex
)

// Index is a partition, a set of unique keys, or the primary key.
type Index struct {
	OID  OID
	Name string // name in pg_class
	Kind IndexKind
	// Method is the access method that it was declared with ("btree", "gin").
	Method string
	// Partition is the partition's name in s3db.json; for UniqueIndex the name in
	// the unique-key objects' keys.
	Partition string
	// Columns in the order in which they stand in the key (sorted by name for
	// partitions): by their values alone rows are found. A unique index that is
	// Computed, and one that is only declared, has none.
	Columns []IndexColumn
	// Keys are the parts of the key as they were declared.
	Keys []IndexKey
	// Include are the columns of INCLUDE, which no key has.
	Include []int16
	// Predicate of a partial index, SQL text; "" for none.
	Predicate string
	// Inputs are the columns that the key's expressions and the predicate read.
	Inputs []int16
	// NullsNotDistinct: two rows with NULL in the key's place are duplicates.
	NullsNotDistinct bool
	Unique           bool
	Primary          bool
	// Deferrable: of a constraint that may be violated until the end of a statement, or
	// of the transaction; no path leads through it.
	Deferrable bool
	// Complete says that a listing can't miss a row (storage.md section 1).
	Complete bool
	// Covering references carry the row's stamp.
	Covering bool
	// Declared holds the columns in the order the user wrote them; none if the
	// index has expressions or a predicate.
	Declared []int16
	// Options of WITH (…), "name=value" (pg_class.reloptions).
	Options []string
	Comment string
}

// IndexColumn is one field of an index.
type IndexColumn struct {
	Num  int16
	Name string // dotted field name
	Rule string // s3db.js partition rule
	// Lossless: the key's text determines the column's value.
	Lossless bool
	// Ordered: the key's text orders as the column's values do in SQL.
	Ordered bool
	// Opaque: equal values may have different key texts, so that no condition on
	// the column tells where its references are.
	Opaque bool
}

// IndexKey is one part of an index's key: a column, or an expression.
type IndexKey struct {
	// Name is the index's own name for it (pg_attribute.attname).
	Name string
	// Num is the column, 0 for an expression.
	Num int16
	// Expr is the expression as SQL text; BareCall that it needs no parentheses, as a
	// function call does.
	Expr     string
	BareCall bool
	// Type and Typmod of the key's values.
	Type   *types.Type
	Typmod int32
	// Collation is 0 where the type has none.
	Collation OID
	// CollationName is the name of Collation.
	CollationName string
	// OpClass in pg_opclass, 0 for the default one of the type.
	OpClass OID
	// OpClassName is the name of a class of the database's own that is not the default
	// one.
	OpClassName string
	// ClassOptions are the operator class's parameters, as they are shown.
	ClassOptions     string
	Desc, NullsFirst bool
}

// PlainKeys are the parts of a key that are columns of rel and nothing else.
func PlainKeys(rel *Relation, nums ...int16) []IndexKey {
	var out []IndexKey
	for _, num := range nums {
		c := rel.Column(num)
		out = append(out, IndexKey{Name: c.Name, Num: num, Type: c.Type, Typmod: c.Typmod, Collation: c.Collation})
	}
	return out
}

// Text is the key as CREATE INDEX shows it: a column's quoted name is for the
// caller, which knows it as name.
func (k *IndexKey) Text(name string) string {
	switch {
	case k.Expr == "":
		return name
	case k.BareCall:
		return k.Expr
	}
	return "(" + k.Expr + ")"
}

// Stored says that the index has objects of its own.
func (ix *Index) Stored() bool { return ix.Kind == PartitionIndex || ix.Kind == UniqueIndex }

// Computed says that the keys of the index follow from its columns' values by
// expressions or a predicate.
func (ix *Index) Computed() bool {
	if ix.Predicate != "" {
		return true
	}
	for _, k := range ix.Keys {
		if k.Expr != "" {
			return true
		}
	}
	return false
}

// KeyFunc computes the key of a row in a Computed index from the values of
// Index.Inputs: one value for each of Keys. ok is false for a row that the
// predicate leaves out. It is safe for concurrent use.
type KeyFunc func(inputs []any) (key []any, ok bool, err error)

// KeyMaker makes the KeyFunc of an index of a relation of that catalog. It may
// put off work, and with it errors, to the first call of the KeyFunc.
type KeyMaker func(r Reader, rel *Relation, ix *Index) KeyFunc

// IndexDef is CREATE INDEX or a PARTITION clause.
type IndexDef struct {
	Name     string
	Fields   []IndexField
	Unique   bool
	Covering bool
	// Declared: it is to be a DeclaredIndex.
	Declared bool
	// IfNotExists makes an existing name a no-op.
	IfNotExists bool
	IndexShape
}

// IndexShape is what an index has beyond plain columns.
type IndexShape struct {
	Method string // "" is btree
	// Keys are given where Fields do not say all of the key.
	Keys             []KeyDef
	Include          []string
	Predicate        string
	Inputs           []string
	NullsNotDistinct bool
	Options          []string
}

// KeyDef is IndexKey with the column by its dotted name.
type KeyDef struct {
	Name         string `json:"name"`
	Column       string `json:"column,omitempty"`
	Expr         string `json:"expr,omitempty"`
	BareCall     bool   `json:"bareCall,omitempty"`
	Type         OID    `json:"type,omitempty"`
	Typmod       int32  `json:"typmod,omitempty"`
	Collation    OID    `json:"collation,omitempty"`
	OpClass      OID    `json:"opclass,omitempty"`
	ClassOptions string `json:"classOptions,omitempty"`
	Desc         bool   `json:"desc,omitempty"`
	NullsFirst   bool   `json:"nullsFirst,omitempty"`
}

// IndexField is one field: a column or nested leaf by dotted name, with an
// optional s3db.js partition rule.
type IndexField struct {
	Name string
	Rule string
}
