package s3db

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// field is what is stored of a leaf: the hook's string, after the text layer.
type field struct {
	state textState
	text  string
	// literal: text is a JSON literal of a body, not a string.
	literal bool
}

// Decode reads a document. want selects columns (nil: all); the others stay nil
// in Values but are kept as stored, so that the row can be written back. key is
// for errors. A value that can't be decoded is a *CorruptError (XX001), a secret
// that does not decrypt 28P01, each naming key and attribute. Body may be nil
// where NeedsBody said so; then the row must not be written back.
func (s *Schema) Decode(key, id string, o Object, want []bool) (*Row, error) {
	r := s.NewRow(id)
	r.Version = o.Metadata["_v"]
	body := o.Body
	body, r.Stamp, r.Stamped = SplitStamp(body)
	r.from = s.layoutOf(o.Metadata)
	r.stored = make([]field, len(r.from.leaves))
	d := decoder{s: s, row: r, md: o.Metadata, body: body, marked: contentMarks(o.Metadata, o.BodySize())}
	d.read()
	d.noteContent(o)
	if d.lostOverflow() && s.missing(o.Metadata, want) {
		return r, &CorruptError{Key: key, Cause: errOverflow}
	}
	return r, s.decodeValues(key, r, want)
}

// lostOverflow says that fields were moved to the body and are not there. Of
// resources that s3db.js writes an empty body is no damage: its deleteContent
// leaves one behind (section 11).
func (d *decoder) lostOverflow() bool {
	if d.row.from.behavior != BodyOverflow || d.md["_overflow"] != "true" || d.usedBody || d.marked {
		return false
	}
	return d.s.opt.RowStamps || len(d.body) > 0 && !d.row.Content
}

// NewRow is an empty row, all NULL.
func (s *Schema) NewRow(id string) *Row { return &Row{ID: id, Values: make([]any, len(s.Columns))} }

type decoder struct {
	s        *Schema
	row      *Row
	md       objstore.Metadata
	body     []byte
	usedBody bool
	found    int  // document fields
	marked   bool // the metadata say that the body is content
}

// read gathers the fields from metadata and body, by the behavior of the row's own
// version (section 8). s3db.js goes by today's, and finds nothing of a row that an older
// one has put elsewhere.
func (d *decoder) read() {
	if d.marked {
		d.readMetadata()
		return
	}
	switch d.row.from.behavior {
	case BodyOnly:
		d.readBody(d.bodyMap())
		if d.found == 0 && d.s.Era == EraModern {
			d.readMetadata()
		}
	case BodyOverflow:
		d.readMetadata()
		if d.md["_overflow"] == "true" {
			d.readBody(nil)
		}
	case UserManaged:
		if d.readMetadata(); d.found == 0 && d.s.Era == EraModern {
			d.readBody(nil)
		}
	default:
		d.readMetadata()
	}
}

func (d *decoder) readMetadata() {
	for name, raw := range d.md {
		f := field{present, fromHeader(raw), false}
		if d.s.Era == EraModern {
			f.text, f.state = decodeText(f.text)
		}
		d.put(name, d.row.from.byWire[name], f)
	}
	slices.SortFunc(d.row.Extra, func(a, b Extra) int { return strings.Compare(a.Name, b.Name) })
}

// fromHeader reads the bytes of a header: UTF-8, or what some HTTP clients make
// of it, Latin-1 (section 6).
func fromHeader(raw string) string {
	if utf8.ValidString(raw) {
		return raw
	}
	r := make([]rune, len(raw))
	for i := range len(raw) {
		r[i] = rune(raw[i])
	}
	return string(r)
}

// put stores a field: in its leaf, or among the extra ones.
func (d *decoder) put(name string, l *leaf, f field) {
	switch {
	case l != nil:
		d.row.stored[l.index] = f
		d.found++
	case reserved(name), d.row.from.ignored[name], d.s.burned[name], f.state == absent:
	default:
		d.found++
		d.row.Extra = append(d.row.Extra, Extra{Name: name, Text: f.text, Null: f.state == null})
	}
}

// reserved are the names that are the library's own (section 5). The empty one
// is that of a document without attributes.
func reserved(name string) bool {
	return name == "" || name[0] == '_' || name == idAttribute || name == "metadata_updatedat"
}

// bodyMap is short key → attribute of a body-only document, by its own _map.
func (d *decoder) bodyMap() map[string]string {
	raw := d.md["_map"]
	if d.s.Era == EraModern {
		raw, _ = decodeText(raw)
	}
	v, err := ojson.Parse(raw)
	if err != nil {
		return nil
	}
	names := map[string]string{}
	for _, m := range v.Members {
		names[m.Value.Text] = m.Key
	}
	return names
}

// readBody reads a body of mapped JSON; anything else is content.
func (d *decoder) readBody(names map[string]string) {
	if !looksJSON(string(d.body[:min(1, len(d.body))])) {
		return
	}
	v, err := ojson.Parse(string(d.body))
	if err != nil || !v.IsObject() {
		return
	}
	for _, m := range v.Members {
		l := d.row.from.byWire[m.Key]
		if name, ok := names[m.Key]; ok {
			l = d.row.from.byName[name]
		}
		d.put(m.Key, l, jsonField(m.Value))
	}
	d.usedBody = d.found > 0
}

func jsonField(v *ojson.Value) field {
	switch v.Kind {
	case ojson.Null:
		return field{state: null}
	case ojson.String:
		return field{present, v.Text, false}
	}
	return field{present, v.Compact(), true}
}

// decodeValues fills the columns that are wanted.
func (s *Schema) decodeValues(key string, r *Row, want []bool) error {
	for _, l := range r.from.leaves {
		if l.column < 0 || want != nil && !want[l.column] {
			continue
		}
		v, err := s.value(r, l)
		if err == nil {
			v, err = s.retype(l, v)
		}
		if err != nil {
			return s.corrupt(key, r, l, err)
		}
		r.Values[l.column] = v
	}
	return nil
}

// value is a leaf's value, in the SQL type that its own version gave it.
func (s *Schema) value(r *Row, l *leaf) (any, error) {
	f := r.stored[l.index]
	switch {
	case l.object:
		j, err := s.object(r, l)
		if j == nil || j.Kind == types.JSONNull || err != nil {
			return nil, err
		}
		return j, nil
	case f.state == null && l.attr.Hook == HookBoolean && l.attr.Form == TextForm:
		return false, nil // the library stores a null boolean as false
	case f.state != present:
		return nil, nil
	case strings.IndexByte(f.text, 0) >= 0:
		return nil, errNUL
	case f.literal && l.typ.OID == types.JSONBOID:
		return types.ParseJSONB(f.text)
	}
	v, err := l.codec.decode(f.text)
	if s.Era == EraSeed && isJSONNull(v) {
		return nil, err
	}
	return v, err
}

func isJSONNull(v any) bool {
	j, ok := v.(*types.JSON)
	return ok && j.Kind == types.JSONNull
}

// object puts a nested object together; nil where nothing of it is stored.
func (s *Schema) object(r *Row, l *leaf) (*types.JSON, error) {
	var members []types.JSONMember
	for _, c := range l.children {
		j, err := s.member(r, c)
		if err != nil {
			return nil, &memberError{c, err}
		}
		if j != nil {
			members = append(members, types.JSONMember{Key: c.attr.Path[len(c.attr.Path)-1], Value: j})
		}
	}
	f := r.stored[l.index]
	switch {
	case members != nil || f.state == present && (f.text == "{}" || f.text == "[object Object]"):
		return types.JSONFromMembers(members), nil
	case f.state == null || s.Era == EraSeed && f.text == "null":
		return types.JSONNullValue(), nil
	case f.state == present: // text where an object should be: the library returns it
		v, err := decodeJSON(f.text)
		return v.(*types.JSON), err
	}
	return nil, nil
}

// member is one member of an object: nil where it is absent, JSON null where
// null is stored.
func (s *Schema) member(r *Row, l *leaf) (*types.JSON, error) {
	if l.object {
		return s.object(r, l)
	}
	if f := r.stored[l.index]; f.state == absent {
		return nil, nil
	}
	v, err := s.value(r, l)
	if err != nil {
		return nil, err
	}
	return s.opt.toJSON(l.typ, v), nil
}

// memberError says which leaf of an object failed.
type memberError struct {
	l   *leaf
	err error
}

func (e *memberError) Error() string { return e.err.Error() }
func (e *memberError) Unwrap() error { return e.err }

// retype turns a value of an older version into today's type.
func (s *Schema) retype(l *leaf, v any) (any, error) {
	t := s.Columns[l.column].Type
	if v == nil || l.typ.OID == t.OID {
		return v, nil
	}
	if j, ok := v.(*types.JSON); ok {
		return s.opt.fromJSON(t, j)
	}
	if t.OID == types.JSONBOID {
		return s.opt.toJSON(l.typ, v), nil
	}
	return s.opt.in(t, s.opt.isoText(l.typ, v))
}

// corrupt is the error of a value that can't be decoded. Errors that have a
// SQLSTATE of their own keep it.
func (s *Schema) corrupt(key string, r *Row, l *leaf, err error) error {
	var inner *memberError
	for errors.As(err, &inner) {
		l, err = inner.l, inner.err
	}
	if p := pgerr.As(err); p != nil && p.Code == pgerr.InvalidPassword {
		return p.WithDetail("Object \"%s\".", key)
	}
	text := r.stored[l.index].text
	return &CorruptError{Key: key, Attribute: l.attr.Name, Text: text, Cause: err, Hint: s.eraHint(text)}
}

// eraHint helps where documents of both eras stand side by side (section 15).
func (s *Schema) eraHint(text string) string {
	switch {
	case s.Era == EraSeed && (strings.HasPrefix(text, "u:") || strings.HasPrefix(text, "b:") || strings.ContainsFunc(text, isUpper)):
		return "The database is read as one of s3db.js 6; this looks like a newer one's."
	case s.Era == EraModern && s.layouts["v0"] != nil:
		return "The database is read as one of s3db.js 7 or newer; the value may be an older one's."
	}
	return ""
}

func isUpper(r rune) bool { return 'A' <= r && r <= 'Z' }

// NeedsBody says whether the columns wanted (nil: all) can't be decoded from
// the metadata alone, as a HEAD or a listing with metadata gives it. size is the
// object's. A row that is to be written back always needs its body, if it has
// one beyond a stamp.
func (s *Schema) NeedsBody(md objstore.Metadata, size int64, want []bool) bool {
	behavior := s.layoutOf(md).behavior
	if size == 0 || size == StampLen && md["_overflow"] == "" && behavior != BodyOnly || contentMarks(md, size) {
		return false
	}
	switch behavior {
	case BodyOnly:
		return true
	case BodyOverflow:
		return md["_overflow"] == "true" && s.missing(md, want)
	case UserManaged:
		return s.Era == EraModern && !s.hasFields(md)
	}
	return false
}

// missing says that a wanted column is not in the metadata.
func (s *Schema) missing(md objstore.Metadata, want []bool) bool {
	for _, l := range s.layoutOf(md).leaves {
		if l.object || l.column < 0 || !s.wanted(l.column, want) {
			continue
		}
		if _, ok := md[l.wire]; !ok {
			return true
		}
	}
	return false
}

// wanted: a leaf is also wanted when an object around it is.
func (s *Schema) wanted(column int, want []bool) bool {
	if want == nil {
		return true
	}
	for ; column >= 0; column = s.Columns[column].Parent {
		if want[column] {
			return true
		}
	}
	return false
}

func (s *Schema) hasFields(md objstore.Metadata) bool {
	for name := range md {
		if s.layoutOf(md).byWire[name] != nil || !reserved(name) && !s.burned[name] {
			return true
		}
	}
	return false
}
