package rows

import (
	"slices"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Validate implements storage.Table. Defaults are those of s3db.js rules:
// DEFAULT clauses are the executor's.
func (t *table) Validate(ch storage.Change) (storage.Change, error) {
	if err := t.readOnly(); err != nil {
		return ch, err
	}
	switch ch.Op {
	case storage.Insert:
		return t.validateInsert(ch)
	case storage.Update:
		return t.validateUpdate(ch)
	}
	ch.ID = ch.Old.ID
	return ch, nil
}

// validateInsert completes a new row: its Columns are then all of the table's.
func (t *table) validateInsert(ch storage.Change) (storage.Change, error) {
	row := t.schema.NewRow("")
	set := make([]bool, len(t.schema.Columns))
	if err := t.setValues(row, set, ch); err != nil {
		return ch, err
	}
	key, err := t.newKey(ch)
	if err != nil {
		return ch, err
	}
	if row.ID, err = t.schema.EncodeID(t.keyTypes, key); err != nil {
		return ch, err
	}
	return t.completeNew(ch, row, set, key)
}

// Defaults implements storage.Table.
func (t *table) Defaults(ch storage.Change) (storage.Change, error) {
	row := t.schema.NewRow("")
	set := make([]bool, len(t.schema.Columns))
	if err := t.setValues(row, set, ch); err != nil {
		return ch, err
	}
	t.schema.Gather(row, set)
	made := t.stampTimes(row, true)
	given := slices.Clone(row.Values)
	if err := t.schema.ApplyDefaults(row); err != nil {
		return ch, err
	}
	out := ch
	out.Columns, out.Values = slices.Clone(ch.Columns), slices.Clone(ch.Values)
	for i, v := range row.Values {
		if t.numbers[i] == 0 || v == nil || t.schema.Columns[i].Parent >= 0 {
			continue
		}
		_, object := v.(*types.JSON) // whose members may have been filled
		if given[i] == nil || object || slices.Contains(made, i) {
			setValue(&out, t.numbers[i], v)
		}
	}
	return out, nil
}

func setValue(ch *storage.Change, num int16, v any) {
	if i := slices.Index(ch.Columns, num); i >= 0 {
		ch.Values[i] = v
		return
	}
	ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, v)
}

// completeNew checks a row that has no older state, and what its defaults add.
func (t *table) completeNew(ch storage.Change, row *s3db.Row, set []bool, key []any) (storage.Change, error) {
	t.schema.Gather(row, set)
	t.stampTimes(row, true)
	if err := t.schema.ApplyDefaults(row); err != nil {
		return ch, err
	}
	if err := t.check(row, nil); err != nil {
		return ch, err
	}
	if err := t.schema.Spread(row, nil); err != nil {
		return ch, err
	}
	if err := t.hashPasswords(row, nil); err != nil {
		return ch, err
	}
	return t.completed(ch, row, key), nil
}

// check sanitizes and checks the columns of set.
func (t *table) check(row *s3db.Row, set []bool) error {
	if err := t.schema.Sanitize(row, set); err != nil {
		return err
	}
	violations, err := t.schema.Validate(row, set)
	if err != nil {
		return err
	}
	return t.schema.ViolationError(violations)
}

// hashPasswords replaces passwords by their hashes: from here on nothing knows them.
func (t *table) hashPasswords(row *s3db.Row, set []bool) error {
	nested, err := t.schema.HashPasswords(row, set)
	if nested != nil {
		t.schema.Gather(row, nested)
	}
	return err
}

// newKey is the key of a new row: as given, or generated.
func (t *table) newKey(ch storage.Change) ([]any, error) {
	key := make([]any, len(t.def.Key))
	for i, num := range ch.Columns {
		if c := t.columns[num]; c != nil && c.Key >= 0 && c.Attr < 0 {
			key[c.Key] = ch.Values[i]
		}
	}
	for i, k := range t.def.Key {
		if key[i] != nil {
			continue
		}
		if t.def.NewID == nil {
			return nil, t.noID(k.Name)
		}
		key[i] = t.def.NewID()
	}
	return key, nil
}

func (t *table) completed(ch storage.Change, row *s3db.Row, key []any) storage.Change {
	out := storage.Change{Op: ch.Op, ID: row.ID, Old: ch.Old, Replace: ch.Replace}
	for _, c := range t.def.Columns {
		out.Columns = append(out.Columns, c.Num)
		if c.Attr < 0 {
			out.Values = append(out.Values, key[c.Key])
			continue
		}
		out.Values = append(out.Values, row.Values[c.Attr])
	}
	keepContent(&out, row, ch)
	return out
}

// stampTimes sets createdAt and updatedAt as s3db.js does, whatever the caller
// gave.
func (t *table) stampTimes(row *s3db.Row, insert bool) []int {
	now := t.env.Clock.Now().UTC().Truncate(time.Millisecond)
	var set []int
	for _, at := range []struct {
		column int
		due    bool
	}{{t.def.CreatedAt, insert}, {t.def.UpdatedAt, true}} {
		if at.column < 0 || !at.due {
			continue
		}
		if v := timeValue(t.schema.Columns[at.column].Type, now); v != nil {
			row.Values[at.column] = v
			set = append(set, at.column)
		}
	}
	return set
}

// timeValue is a time as a column of that type has it; nil for a column that is
// no time.
func timeValue(typ s3db.SQLType, now time.Time) any {
	switch typ.OID {
	case types.TimestamptzOID, types.TimestampOID:
		return types.TimestampFromTime(now)
	case types.TextOID, types.VarcharOID:
		return now.Format("2006-01-02T15:04:05.000Z")
	}
	return nil
}

// validateUpdate checks what an update sets. With a nested object its leaves
// are given too, and with a leaf the objects around it, as the row will have
// them.
func (t *table) validateUpdate(ch storage.Change) (storage.Change, error) {
	if ch.Replace {
		return t.validateReplace(ch)
	}
	ch.ID = ch.Old.ID
	row, set, err := t.updated(ch)
	if err != nil {
		return ch, err
	}
	for _, i := range t.stampTimes(row, false) {
		set[i] = true
	}
	if err := t.defaultsOf(row, set); err != nil {
		return ch, err
	}
	if err := t.check(row, set); err != nil {
		return ch, err
	}
	if err := t.schema.Spread(row, set); err != nil {
		return ch, err
	}
	if err := t.hashPasswords(row, set); err != nil {
		return ch, err
	}
	t.schema.Gather(row, set)
	out := storage.Change{Op: ch.Op, ID: ch.ID, Old: ch.Old}
	for _, num := range ch.Columns {
		if c := t.columns[num]; c != nil && c.Attr < 0 {
			out.Columns, out.Values = append(out.Columns, num), append(out.Values, valueOf(ch, num))
		}
	}
	for i, is := range set {
		if is && t.numbers[i] != 0 {
			out.Columns, out.Values = append(out.Columns, t.numbers[i]), append(out.Values, row.Values[i])
		}
	}
	keepContent(&out, row, ch)
	return out, nil
}

func valueOf(ch storage.Change, num int16) any {
	for i, n := range ch.Columns {
		if n == num {
			return ch.Values[i]
		}
	}
	return nil
}

// updated is the old row with the change's values in it; of the old values only
// those of objects around a column that is set.
func (t *table) updated(ch storage.Change) (*s3db.Row, []bool, error) {
	set := make([]bool, len(t.schema.Columns))
	want := make([]bool, len(t.schema.Columns))
	for _, num := range ch.Columns {
		if c := t.columns[num]; c != nil && c.Attr >= 0 {
			for i := t.schema.Columns[c.Attr].Parent; i >= 0; i = t.schema.Columns[i].Parent {
				want[i] = true
			}
		}
	}
	r, err := recordOf(ch.Old)
	if err != nil {
		return nil, nil, err
	}
	if err := t.decode(r, want); err != nil {
		return nil, nil, err
	}
	return r.row, set, t.setValues(r.row, set, ch)
}

// defaultsOf fills the columns set to NULL whose rule has a default.
func (t *table) defaultsOf(row *s3db.Row, set []bool) error {
	full := t.schema.NewRow(row.ID)
	copy(full.Values, row.Values)
	if err := t.schema.ApplyDefaults(full); err != nil {
		return err
	}
	for i, is := range set {
		if is {
			row.Values[i] = full.Values[i]
		}
	}
	return nil
}

// validateReplace is an insert into the place of the old row.
func (t *table) validateReplace(ch storage.Change) (storage.Change, error) {
	key, err := t.keyValues(ch.Old.ID)
	if err != nil {
		return ch, err
	}
	row := t.schema.NewRow(ch.Old.ID)
	set := make([]bool, len(t.schema.Columns))
	if err := t.setValues(row, set, ch); err != nil {
		return ch, err
	}
	return t.completeNew(ch, row, set, key)
}
