package rows

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Derived objects: what a row has beside its own object. They follow from the
// row as it reads back from the object, so that what s3db.js would compute of
// it is the same (s3db-format.md section 2, Partition keys).

// reference is the reference of a row in one partition.
type reference struct {
	key   string
	index *index
}

// uniqueKey is the unique-key object of a row in one unique index.
type uniqueKey struct {
	key    string
	index  *index
	values []any
}

// version is a row as one object of it has it.
type version struct {
	refs    []reference
	uniques []uniqueKey
}

// derive computes the derived objects of a row decoded with table.derived. A value
// that no key can carry is refused, but in the indexes passed: there it has no
// reference that could be named. What s3db.js made of it stays behind, and a reference
// to a row that has moved is passed over.
func (t *table) derive(row *s3db.Row, passed func(*index, error) bool) (v version, err error) {
	for _, x := range t.indexes {
		if x.Partition != nil {
			if err = t.deriveReference(&v, x, row); unkeyable(err) && passed(x, err) {
				err = nil
			}
		} else {
			err = t.deriveUnique(&v, x, row)
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

func anyIndex(*index, error) bool { return true }
func noIndex(*index, error) bool  { return false }

func (t *table) deriveReference(v *version, x *index, row *s3db.Row) error {
	key, ok, err := x.reference(row)
	if ok {
		v.refs = append(v.refs, reference{key, x})
	}
	return err
}

func (t *table) deriveUnique(v *version, x *index, row *s3db.Row) error {
	values, err := t.uniqueValues(x, row)
	if err != nil {
		return err
	}
	if x.compute != nil {
		var ok bool
		if values, ok, err = x.compute()(values); err != nil || !ok {
			return err
		}
	}
	key, ok, err := t.keyOf(x, values)
	if ok {
		v.uniques = append(v.uniques, uniqueKey{key, x, values})
	}
	return err
}

// keyOf is the key of the unique-key object of values; false for a NULL that
// equals no other one.
func (t *table) keyOf(x *index, values []any) (string, bool, error) {
	return t.schema.UniqueKey(x.Name, x.types, values, x.NullsNotDistinct)
}

// uniqueValues are the values of the columns of a unique index.
func (t *table) uniqueValues(x *index, row *s3db.Row) ([]any, error) {
	values := make([]any, len(x.columns))
	var key []any
	for i, c := range x.columns {
		if c.Attr >= 0 {
			if t.hasSecret(c.Attr) {
				return nil, pgerr.Unsupported("a unique constraint over a secret (\"%s\")", c.Name)
			}
			values[i] = row.Values[c.Attr]
			continue
		}
		if key == nil {
			var err error
			if key, err = t.keyValues(row.ID); err != nil {
				return nil, err
			}
		}
		values[i] = key[c.Key]
	}
	return values, nil
}

// reference is the key of the row's reference; false if it has none. _v is the
// version that the row was written with.
func (x *index) reference(row *s3db.Row) (key string, ok bool, err error) {
	return x.Partition.ReferenceOf(x.fieldValues(row), row.ID)
}

// fieldValues are the values of the partition's fields in a row.
func (x *index) fieldValues(row *s3db.Row) []any {
	p := x.Partition
	values := make([]any, len(p.Fields))
	for i, f := range p.Fields {
		switch {
		case f.Column >= 0:
			values[i] = row.Values[f.Column]
		case f.Name == "_v" && row.Version != "":
			values[i] = row.Version
		}
	}
	return values
}

// hasReference says that ref is the reference that the row has now. A value
// that can't stand in a key has none.
func (t *table) hasReference(r *record, ref, partition string) bool {
	x := t.index(partition)
	return x.Partition.IsReference(ref, x.fieldValues(r.row), r.row.ID)
}

// versionOf decodes what the derived objects are made of.
func (t *table) versionOf(r *record) (version, error) {
	if len(t.indexes) == 0 {
		return version{}, nil
	}
	row, err := t.fields(r)
	if err != nil {
		return version{}, err
	}
	return t.derive(row, anyIndex)
}

// minus are the references of v that w does not have.
func (v version) minus(w version) (refs []string, uniques []uniqueKey) {
	has := map[string]bool{}
	for _, r := range w.refs {
		has[r.key] = true
	}
	for _, u := range w.uniques {
		has[u.key] = true
	}
	for _, r := range v.refs {
		if !has[r.key] {
			refs = append(refs, r.key)
		}
	}
	for _, u := range v.uniques {
		if !has[u.key] {
			uniques = append(uniques, u)
		}
	}
	return refs, uniques
}

// keyText is "(email)=(a@b.c)" for a constraint's detail.
func (x *index) keyText(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = "null"
		if v != nil {
			texts[i] = string(x.sqlTypes[i].Out(types.DefaultEnv(), nil, v))
		}
	}
	return "(" + strings.Join(x.names, ", ") + ")=(" + strings.Join(texts, ", ") + ")"
}

// violated is PostgreSQL's 23505.
func (t *table) violated(u uniqueKey) error {
	return pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", u.index.Constraint).
		WithDetail("Key %s already exists.", u.index.keyText(u.values)).
		WithRelation("", t.def.Name, "", u.index.Constraint)
}
