package types

import "strings"

// Rows keep values of a database's own types in forms that ALTER TYPE does not
// change: an enum's value by the text it had first, a composite's columns by
// their numbers. A form at rest is a Type with the same oid whose In and Out
// convert; the values are those of the type itself (Values).

// atRest marks t as the form of values' values.
func atRest(t, values *Type) *Type {
	t.values = values
	return t
}

// Values is the type whose values t reads and writes: t itself, unless it is a
// form at rest.
func (t *Type) Values() *Type {
	if t.values != nil {
		return t.values
	}
	return t
}

// IsAtRest says whether t is a form at rest.
func (t *Type) IsAtRest() bool { return t.values != nil }

// ArrayAtRest is the form of the array type t whose elements have the form elem.
func ArrayAtRest(t, elem *Type) *Type {
	if !elem.IsAtRest() {
		return t
	}
	impl := *ImplOf[*Array](t)
	impl.In = func(env *Env, s string, typmod int32) (*Array, error) {
		a, err := ParseArray(env, elem, s, typmod)
		if err == nil {
			a.Elem = elem.values
		}
		return a, err
	}
	impl.Out = func(env *Env, dst []byte, v *Array) []byte {
		a := *v
		a.Elem = elem
		return a.AppendText(env, dst)
	}
	out := atRest(NewType(Def[*Array]{Type: *t, Impl: impl}), t)
	out.elem = elem
	return out
}

// CompositeAtRest is the form of the composite type t: (a,,c) by the columns'
// numbers, in which columns that were dropped are empty and those added later may
// be missing. columns have the forms of t's columns.
func CompositeAtRest(t *Type, columns []Column) *Type {
	c := &composite{self: t}
	for _, col := range t.Columns {
		c.names, c.types = append(c.names, col.Name), append(c.types, col.Type)
	}
	impl := *ImplOf[*Record](t)
	impl.In = func(env *Env, s string, _ int32) (*Record, error) {
		values, err := parseNumbered(env, s, columns)
		return c.record(values), err
	}
	impl.Out = func(env *Env, dst []byte, v *Record) []byte {
		text, _ := NumberedText(columns, v, func(col Column, field any) (string, error) {
			return string(col.Type.Out(env, nil, field)), nil
		})
		return append(dst, text...)
	}
	return atRest(NewType(Def[*Record]{Type: *t, Impl: impl}), t)
}

func parseNumbered(env *Env, s string, columns []Column) ([]any, error) {
	values := make([]any, len(columns))
	rest, ok := strings.CutPrefix(s, "(")
	if !ok {
		return nil, malformedRecord(s, "Missing left parenthesis.")
	}
	for num, i := int16(1), 0; ; num++ {
		text, null, after, ok := cutField(rest, ",)")
		if !ok {
			return nil, malformedRecord(s, "Unexpected end of input.")
		}
		for i < len(columns) && columns[i].Num < num {
			i++
		}
		if i < len(columns) && columns[i].Num == num && !null {
			var err error
			if values[i], err = columns[i].Type.In(env, text, columns[i].Typmod); err != nil {
				return nil, err
			}
		}
		if after[0] == ')' {
			return values, nil
		}
		rest = after[1:]
	}
}

// NumberedText is the form at rest of a composite value, given the text of each
// field.
func NumberedText(columns []Column, v *Record, text func(col Column, field any) (string, error)) (string, error) {
	dst := []byte{'('}
	num := int16(1)
	for i, col := range columns {
		for ; num < col.Num; num++ {
			dst = append(dst, ',')
		}
		if i >= len(v.Values) || v.Values[i] == nil {
			continue
		}
		field, err := text(col, v.Values[i])
		if err != nil {
			return "", err
		}
		if needsRecordQuotes([]byte(field)) {
			dst = appendRecordQuoted(dst, field)
		} else {
			dst = append(dst, field...)
		}
	}
	return string(append(dst, ')')), nil
}
