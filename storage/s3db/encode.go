package s3db

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// entry is one member of the library's mapped document: a name on the wire and
// the hook's string, or null.
type entry struct {
	name string
	text string
	null bool
	attr string // dotted name of the attribute, for warnings
	// whole: half of the text would be something else, or nothing at all (numbers,
	// dates, JSON, secrets): it is left out rather than cut.
	whole bool
}

// size is what the library counts for the value: before the text layer, null as
// nothing.
func (e *entry) size() int { return len(e.text) }

// Encode makes the object of a row. set says which columns of Values count; the
// others keep their stored form. nil means all top-level columns. A nested
// object that is set gives all its leaves; a leaf that is set alone changes only
// itself. insert is false for the rewrite of a row that was read: limits count
// the id then, as the library does. Errors: 54000 with size, limit and excess in
// the detail where the row does not fit, and those of values that their
// attribute can't hold (22023, 22003 …).
func (s *Schema) Encode(row *Row, set []bool, insert bool) (*Encoded, error) {
	e := encoder{s: s, row: row, set: set, fields: make([]field, len(s.current.leaves))}
	if err := e.fill(); err != nil {
		return nil, err
	}
	w := writer{s: s, row: row, mapped: e.mapped(), limit: s.effectiveLimit(row.ID, insert)}
	return w.write()
}

type encoder struct {
	s      *Schema
	row    *Row
	set    []bool
	fields []field
}

// fill computes what is stored of every leaf.
func (e *encoder) fill() error {
	for _, l := range e.s.current.leaves {
		if e.s.Columns[l.column].Parent >= 0 {
			continue
		}
		if err := e.leaf(l); err != nil {
			return err
		}
	}
	return nil
}

// isSet: with no selection all top-level columns are, and nested ones follow
// their object.
func (e *encoder) isSet(l *leaf) bool {
	if e.set == nil {
		return e.s.Columns[l.column].Parent < 0
	}
	return e.set[l.column]
}

func (e *encoder) leaf(l *leaf) (err error) {
	switch {
	case e.isSet(l) && l.object:
		j, _ := e.row.Values[l.column].(*types.JSON)
		return e.object(l, j)
	case e.isSet(l):
		e.fields[l.index], err = e.encode(l, e.row.Values[l.column])
		return err
	}
	e.fields[l.index], err = e.keep(l)
	if err != nil {
		return err
	}
	for _, c := range l.children {
		if err := e.leaf(c); err != nil {
			return err
		}
	}
	e.reviveParent(l)
	return nil
}

// reviveParent drops the stored null of an object that has got a member.
func (e *encoder) reviveParent(l *leaf) {
	if l.object && e.hasMembers(l) {
		e.fields[l.index] = field{}
	}
}

func (e *encoder) hasMembers(l *leaf) bool {
	for _, c := range l.children {
		if e.fields[c.index].state == present || c.object && e.hasMembers(c) {
			return true
		}
	}
	return false
}

func (e *encoder) encode(l *leaf, v any) (field, error) {
	if v == nil {
		return field{}, nil
	}
	text, err := l.codec.encode(v)
	return field{present, text, false}, err
}

// object spreads a nested object over its leaves.
func (e *encoder) object(l *leaf, j *types.JSON) error {
	switch {
	case j == nil:
		e.fields[l.index] = field{}
		return nil
	case j.Kind == types.JSONNull:
		e.fields[l.index] = field{state: null}
		return nil
	case j.Kind != types.JSONObject:
		return notObject(l.attr)
	}
	if err := unknownMember(l, j); err != nil {
		return err
	}
	if len(j.Obj) == 0 {
		e.fields[l.index] = field{present, "{}", false}
	}
	for _, c := range l.children {
		if err := e.member(c, j.Get(c.attr.Path[len(c.attr.Path)-1])); err != nil {
			return err
		}
	}
	return nil
}

func notObject(a *Attribute) *pgerr.Error {
	return pgerr.New(pgerr.CheckViolation, "attribute \"%s\" must be a JSON object", a.Name).
		WithRelation("", "", a.Name, "")
}

// unknownMember refuses members that the definition does not have: the library
// would store them under a flattened name and not put them back.
func unknownMember(l *leaf, j *types.JSON) error {
	for _, m := range j.Obj {
		known := false
		for _, c := range l.children {
			known = known || c.attr.Path[len(c.attr.Path)-1] == m.Key
		}
		if !known {
			return pgerr.New(pgerr.CheckViolation, "attribute \"%s\" has no member \"%s\"", l.attr.Name, m.Key).
				WithRelation("", "", l.attr.Name, "")
		}
	}
	return nil
}

// badMember is the error of a member that is no value of its attribute.
func badMember(a *Attribute, j *types.JSON) *pgerr.Error {
	return pgerr.New(pgerr.CheckViolation, "attribute \"%s\" can't be %s", a.Name, clip(compactJSON(j))).
		WithDetail("Its rule is \"%s\".", a.Rule).WithRelation("", "", a.Name, "")
}

func (e *encoder) member(l *leaf, j *types.JSON) error {
	switch {
	case l.object:
		return e.object(l, j)
	case j == nil:
		return nil
	case j.Kind == types.JSONNull && l.typ.OID != types.JSONBOID:
		e.fields[l.index] = field{state: null}
		return nil
	}
	v, err := e.s.opt.fromJSON(l.typ, j)
	if err == errForm {
		return badMember(l.attr, j)
	}
	if err == nil {
		e.fields[l.index], err = e.encode(l, v)
	}
	return err
}

// keep is what was stored of a leaf. Text of another codec (an older version's)
// is decoded and written anew.
func (e *encoder) keep(l *leaf) (field, error) {
	if e.row.from == nil {
		return field{}, nil
	}
	old := e.row.from.byName[l.attr.Name]
	if old == nil {
		return field{}, nil
	}
	f := e.row.stored[old.index]
	if f.state != present || old.sameCodec(l) && !f.literal {
		return f, nil
	}
	v, err := e.s.value(e.row, old)
	if err == nil {
		v, err = e.s.retype(old, v)
	}
	if err != nil {
		return field{}, e.s.corrupt("id="+e.row.ID, e.row, old, err)
	}
	if l.object {
		j, _ := v.(*types.JSON)
		return field{}, e.object(l, j)
	}
	return e.encode(l, v)
}

// mapped lists the entries as JavaScript lists the library's mapped document:
// integer-like names ascending, _v, then the others as inserted.
func (e *encoder) mapped() []entry {
	var digits, others []entry
	add := func(n entry) {
		if _, index := ojson.Index(n.name); index {
			digits = append(digits, n)
			return
		}
		others = append(others, n)
	}
	for _, l := range e.s.current.leaves {
		if f := e.fields[l.index]; f.state != absent {
			add(entry{l.wire, f.text, f.state == null, l.attr.Name, !isText(l.typ) || l.attr.Hook != HookNone && l.attr.Hook != HookText})
		}
	}
	for _, x := range e.row.Extra {
		if e.s.current.byWire[x.Name] == nil {
			add(entry{x.Name, x.Text, x.Null, x.Name, false})
		}
	}
	sortIndexes(digits)
	out := append(digits, entry{name: "_v", text: e.s.Version})
	return append(out, others...)
}

// bodyJSON is the JSON of mapped entries.
func bodyJSON(entries []entry) []byte {
	b := []byte{'{'}
	for i, e := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(ojson.AppendString(b, e.name), ':')
		if e.null {
			b = append(b, "null"...)
			continue
		}
		b = ojson.AppendString(b, e.text)
	}
	return append(b, '}')
}

// printable says that a text can be a header value as it is.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7E }) &&
		(s == "" || s[0] != ' ' && s[len(s)-1] != ' ')
}
