package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// ownShape is catalog.IndexShape as it is kept. Its slices are never changed, only
// replaced.
type ownShape struct {
	Method           string           `json:"method,omitempty"`
	Keys             []catalog.KeyDef `json:"keys,omitempty"`
	Include          []string         `json:"include,omitempty"`
	Predicate        string           `json:"predicate,omitempty"`
	Inputs           []string         `json:"inputs,omitempty"`
	NullsNotDistinct bool             `json:"nullsNotDistinct,omitempty"`
	Options          []string         `json:"options,omitempty"`
}

func shapeOf(s catalog.IndexShape) ownShape {
	if s.Method == defaultMethod {
		s.Method = ""
	}
	return ownShape(s)
}

const defaultMethod = "btree"

// setIndexOptions is 22023 for an option that the index can't have.
func (a *alteration) setIndexOptions(c catalog.SetIndexOptions) error {
	for i := range a.own.Indexes {
		if ix := &a.own.Indexes[i]; ix.OID == c.Index {
			ix.Options = c.Options
			return checkIndexParameters(ix.Method, c.Options)
		}
	}
	if c.Index == a.own.KeyOID {
		return pgerr.Unsupported("options of a primary key's index")
	}
	return pgerr.New(pgerr.UndefinedObject, "index with OID %d does not exist", c.Index)
}

// constraintKind is the kind of the constraint that the index belongs to.
func (ix *ownIndex) constraintKind() catalog.ConstraintKind {
	if ix.Primary {
		return catalog.PrimaryConstraint
	}
	return catalog.UniqueConstraint
}

// names says whether the index needs a column that is accepts.
func (ix *ownIndex) names(is func(column string) bool) bool {
	return slices.ContainsFunc(ix.Columns, is) || slices.ContainsFunc(ix.Include, is) || slices.ContainsFunc(ix.Inputs, is) ||
		slices.ContainsFunc(ix.Keys, func(k catalog.KeyDef) bool { return k.Column != "" && is(k.Column) })
}

// rename follows a column to its new name.
func (ix *ownIndex) rename(from, to string) {
	replaced := func(names []string) []string {
		out := slices.Clone(names)
		for i, name := range out {
			if name == from {
				out[i] = to
			}
		}
		return out
	}
	ix.Columns, ix.Include, ix.Inputs = replaced(ix.Columns), replaced(ix.Include), replaced(ix.Inputs)
	ix.Keys = slices.Clone(ix.Keys)
	for i := range ix.Keys {
		if ix.Keys[i].Column == from {
			ix.Keys[i].Column = to
		}
	}
}

func (t *ownTable) renameInIndexes(from, to string) {
	t.KeyInclude = slices.Clone(t.KeyInclude)
	if i := slices.Index(t.KeyInclude, from); i >= 0 {
		t.KeyInclude[i] = to
	}
	for i := range t.Indexes {
		t.Indexes[i].rename(from, to)
	}
}

// reword replaces the texts of expressions.
func (ix *ownIndex) reword(word func(text *string)) {
	word(&ix.Predicate)
	ix.Keys = slices.Clone(ix.Keys)
	for i := range ix.Keys {
		word(&ix.Keys[i].Expr)
	}
}

// indexOf is the descriptor of an index, but for where it is on S3.
func (b *builder) indexOf(o *ownIndex) *catalog.Index {
	ix := &catalog.Index{OID: o.OID, Name: o.Name, Method: o.Method, Partition: o.Storage, Unique: o.Unique, Deferrable: o.Deferrable, Complete: o.Complete, Covering: o.Covering,
		Predicate: o.Predicate, NullsNotDistinct: o.NullsNotDistinct, Options: o.Options, Comment: o.Comment,
		Include: b.numbers(o.Include), Inputs: b.numbers(o.Inputs)}
	if ix.Method == "" {
		ix.Method = defaultMethod
	}
	for _, k := range o.Keys {
		ix.Keys = append(ix.Keys, b.indexKey(k))
	}
	if len(o.Keys) == 0 {
		ix.Keys = catalog.PlainKeys(b.rel, b.numbers(o.Columns)...)
	}
	if !ix.Computed() {
		ix.Declared = b.numbers(o.Columns)
	}
	return ix
}

func (b *builder) indexKey(k catalog.KeyDef) catalog.IndexKey {
	out := catalog.IndexKey{Name: k.Name, Expr: k.Expr, BareCall: k.BareCall, Typmod: k.Typmod, Collation: k.Collation,
		OpClass: k.OpClass, ClassOptions: k.ClassOptions, Desc: k.Desc, NullsFirst: k.NullsFirst}
	if c := b.types.CollationByOID(k.Collation); k.Collation != 0 && c != nil {
		out.CollationName = c.Name
	}
	if c := b.reader.Routines().OpClasses().Class(k.OpClass); c != nil && !c.Default {
		out.OpClassName = c.Name
	}
	if k.Expr != "" {
		out.Type = b.types.ByOID(k.Type)
	} else if c := b.rel.ColumnByName(k.Column); c != nil {
		out.Num, out.Type, out.Typmod = c.Num, c.Type, c.Typmod
	}
	if out.Type == nil {
		out.Type = types.ByOID(types.TextOID)
	}
	return out
}

// uniqueRows is how the rows of a table keep a unique index.
func (b *builder) uniqueRows(o *ownIndex, ix *catalog.Index) rows.Index {
	out := rows.Index{Name: o.Storage, Constraint: o.Name, NullsNotDistinct: o.NullsNotDistinct, Deferrable: o.Deferrable}
	if !ix.Computed() {
		out.Unique = ix.Declared
		return out
	}
	out.Unique = ix.Inputs
	out.Key = &rows.ComputedKey{Make: func() catalog.KeyFunc { return b.env.Keys(b.reader, b.rel, ix) }}
	for i := range ix.Keys {
		k := &ix.Keys[i]
		base, typmod := k.Type.BaseType(k.Typmod)
		out.Key.Names = append(out.Key.Names, k.Text(columnName(b.rel, k.Num)))
		out.Key.Types = append(out.Key.Types, k.Type)
		out.Key.AtRest = append(out.Key.AtRest, s3db.SQLType{OID: base.OID, Typmod: typmod})
	}
	return out
}

// columnName is a column's name as messages about keys have it.
func columnName(rel *catalog.Relation, num int16) string {
	if c := rel.Column(num); c != nil {
		return c.Name
	}
	return ""
}
