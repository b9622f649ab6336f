package s3db

import (
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Partition is a partition of an open resource.
type Partition struct {
	Name string
	// Fields sorted by name as the library sorts them, as they stand in the key.
	Fields []*PartitionField
	schema *Schema
}

// PartitionField is one field of a partition.
type PartitionField struct {
	Name string
	Rule string
	// Column is its index in Schema.Columns, -1 for _v and for a field that the
	// definition does not have.
	Column int
	// Usable: equal SQL values always have the key text that s3db.js gives them,
	// so a listing by value finds every row that has a reference.
	Usable bool
	// Lossless: the key's text determines the column's value.
	Lossless bool
	// Ordered: keys order as the column's values do in SQL (collation C), as far as
	// Partition.Range says.
	Ordered bool

	typ       SQLType
	hook      Hook
	date      bool
	maxLength int // -1 none
	opt       *Options
}

// versionField is the field that every document has without declaring it.
const versionField = "_v"

// VersionNumber is the number of a version, as the column _v has it: 1 of "v1".
// It is nil for a text that s3db.js does not write.
func VersionNumber(version string) any {
	n, err := strconv.ParseInt(strings.TrimPrefix(version, "v"), 10, 32)
	if err != nil || versionText(int32(n)) != version {
		return nil
	}
	return int32(n)
}

func versionText(n int32) string { return "v" + strconv.Itoa(int(n)) }

func (s *Schema) compilePartitions(defs []PartitionDef) []*Partition {
	var out []*Partition
	for _, d := range defs {
		p := &Partition{Name: d.Name, schema: s}
		for _, f := range d.Fields {
			p.Fields = append(p.Fields, s.compileField(f))
		}
		sortFields(p.Fields)
		out = append(out, p)
	}
	return out
}

// sortFields orders by localeCompare (section 2).
func sortFields(fields []*PartitionField) {
	c := collate.New(language.English)
	slices.SortStableFunc(fields, func(a, b *PartitionField) int { return c.CompareString(a.Name, b.Name) })
}

var maxLengthRule = regexp.MustCompile(`maxlength:(\d+)`)

func (s *Schema) compileField(d PartitionFieldDef) *PartitionField {
	f := &PartitionField{Name: d.Name, Rule: d.Rule, Column: s.Column(d.Name), maxLength: -1, opt: &s.opt}
	f.date = strings.Contains(d.Rule, "date")
	if m := maxLengthRule.FindStringSubmatch(d.Rule); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			f.maxLength = n
		}
	}
	if f.Column < 0 {
		f.typ = SQLType{types.Int4OID, -1}
		f.Usable = d.Name == versionField
		f.Lossless = f.Usable && f.maxLength < 0 && !f.date
		return f
	}
	c := s.Columns[f.Column]
	f.typ, f.hook = c.Type, c.Attr.Hook
	if c.Attr.Hook == HookSecret || c.Children != nil {
		return f
	}
	f.classify()
	return f
}

// trait of a type in a key, without a rule.
type trait struct{ lossless, ordered bool }

// traits are those of the types that can be looked up in a partition. Types
// that are missing have several texts for equal values, or none.
var traits = map[types.OID]trait{
	types.TextOID: {true, true}, types.VarcharOID: {true, true}, types.BoolOID: {true, true},
	types.Int2OID: {true, false}, types.Int4OID: {true, false}, types.Int8OID: {true, false},
	types.UUIDOID: {true, true}, types.DateOID: {true, true}, types.TimeOID: {true, true},
	types.TimestampOID: {true, true}, types.TimestamptzOID: {true, true},
	types.Float8OID: {true, false}, types.Float4OID: {true, false},
	types.ByteaOID: {true, false}, types.InetOID: {true, false}, types.CidrOID: {true, false},
	types.MacaddrOID: {true, false}, types.OidOID: {true, false}, types.NameOID: {true, false},
	// the text that equal values share does not tell their scale or their blanks
	types.NumericOID: {false, false}, types.BpcharOID: {false, false},
}

func (f *PartitionField) classify() {
	t, ok := traits[f.typ.OID]
	f.Usable, f.Lossless, f.Ordered = ok, t.lossless, t.ordered
	if f.maxLength >= 0 {
		f.Lossless = false
		f.Ordered = f.Ordered && f.typ.OID != types.BoolOID
	}
	if f.date && isText(f.typ) {
		f.Lossless, f.Ordered = false, false // Certain says for which texts it is usable
	}
	if f.hook == HookDate && f.opt.seed {
		// 6.2 cuts and parses the date's JSON text, its quote included.
		f.Usable, f.Lossless, f.Ordered = false, false, false
	}
	if f.dropsFractions() {
		f.Lossless = false
	}
	if f.date && (f.typ.OID == types.TimestamptzOID || f.typ.OID == types.TimestampOID) {
		f.Lossless = false
	}
}

// dropsFractions: the documents of 6.2 have numbers without their fractions.
func (f *PartitionField) dropsFractions() bool {
	return f.opt.seed && f.hook == HookNumber && f.typ.OID == types.Float8OID
}

func isText(t SQLType) bool { return t.OID == types.TextOID || t.OID == types.VarcharOID }

// Render gives the key text of a value, after the rule and before escaping; ok
// is false for NULL. 22008 for a time that text does not order.
func (f *PartitionField) Render(v any) (text string, ok bool, err error) {
	if v == nil {
		return "", false, nil
	}
	if f.hook == HookSecret {
		return "", false, pgerr.Unsupported("a partition over a secret (\"%s\")", f.Name)
	}
	if err := f.checkYear(v); err != nil {
		return "", false, err
	}
	if n, ok := v.(int32); ok && f.Column < 0 {
		return f.applyRule(versionText(n)), true, nil
	}
	return f.applyRule(f.jsText(v)), true, nil
}

// checkYear refuses years that ISO text has no four digits for.
func (f *PartitionField) checkYear(v any) error {
	year := 2000
	switch v := v.(type) {
	case int64:
		if (f.typ.OID == types.TimestamptzOID || f.typ.OID == types.TimestampOID) && v != math.MaxInt64 && v != math.MinInt64 {
			year = isoOf(v).Year()
		}
	case int32:
		if f.typ.OID == types.DateOID && v != math.MaxInt32 && v != math.MinInt32 {
			year = time.Unix((int64(v)+epochDays)*86400, 0).UTC().Year()
		}
	}
	if year < 1 || year > 9999 {
		return pgerr.New(pgerr.DatetimeFieldOverflow, "year %d is out of range for partition field \"%s\"", year, f.Name).
			WithDetail("Partition keys hold years 1 to 9999.")
	}
	return nil
}

// jsText is the value as the library's document has it, printed by JavaScript.
func (f *PartitionField) jsText(v any) string {
	switch v := v.(type) {
	case float64:
		if f.dropsFractions() {
			return jsNumber(math.Trunc(v))
		}
	case types.Numeric:
		if f.hook == HookMoney || f.hook == HookDecimal {
			if x, err := v.Float64(); err == nil {
				return jsNumber(x)
			}
		}
		return v.TrimScale().String()
	case string:
		if f.typ.OID == types.BpcharOID {
			return strings.TrimRight(v, " ")
		}
	case *types.Array:
		return jsJoin(f.opt.arrayJSON(v))
	case *types.JSON:
		return jsString(v)
	}
	return f.opt.isoText(f.typ, v)
}

// jsString is String(value) of a JSON value.
func jsString(j *types.JSON) string {
	switch j.Kind {
	case types.JSONString:
		return j.Str
	case types.JSONNumber:
		if x, err := j.Num.Float64(); err == nil {
			return jsNumber(x)
		}
	case types.JSONArray:
		return jsJoin(j)
	case types.JSONObject:
		return "[object Object]"
	}
	return compactJSON(j)
}

// jsJoin is String(array): commas, and nothing for null.
func jsJoin(j *types.JSON) string {
	parts := make([]string, len(j.Arr))
	for i, e := range j.Arr {
		if e.Kind != types.JSONNull {
			parts[i] = jsString(e)
		}
	}
	return strings.Join(parts, ",")
}

// applyRule is the library's applyPartitionRule. Numbers and booleans are no
// strings there and stay as they are.
func (f *PartitionField) applyRule(s string) string {
	switch f.hook {
	case HookNumber, HookBoolean, HookMoney, HookDecimal, HookGeoLat, HookGeoLon:
		return s
	}
	if f.maxLength >= 0 {
		s = cutUTF16(s, f.maxLength)
	}
	if f.date {
		s = dayOf(s)
	}
	return s
}

// cutUTF16 keeps the first n UTF-16 units. Half of a surrogate pair, which no
// key can hold, is dropped.
func cutUTF16(s string, n int) string {
	u := utf16.Encode([]rune(s))
	if len(u) <= n {
		return s
	}
	if n > 0 && utf16.IsSurrogate(rune(u[n-1])) && u[n-1] < 0xDC00 {
		n--
	}
	return string(utf16.Decode(u[:n]))
}

// dayOf is the date part of the rule. Of other texts only ISO ones are parsed:
// see PartitionField.Usable.
func dayOf(s string) string {
	if strings.Contains(s, "T") && strings.Contains(s, "Z") {
		day, _, _ := strings.Cut(s, "T")
		return day
	}
	if us, ok := parseISO(s); ok {
		return formatISO(us)[:10]
	}
	return s
}

// Certain is the part of a leading run of field values whose key texts are what
// s3db.js gives them on every machine: what JavaScript's date parser makes of a
// text is anybody's guess, but for the forms of ISO 8601 that tell the zone.
func (p *Partition) Certain(values []any) []any {
	for i, v := range values {
		text, ok := v.(string)
		f := p.Fields[i]
		if !ok || !f.date || !isText(f.typ) {
			continue
		}
		if f.maxLength >= 0 {
			text = cutUTF16(text, f.maxLength)
		}
		if _, valid := parseISO(text); text != "" && !(valid && certainDay.MatchString(text)) {
			return values[:i]
		}
	}
	return values
}

// certainDay are dates, and times with a zone.
var certainDay = regexp.MustCompile(`^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$`)

// segment makes FIELD=TEXT, escaped where the resource is ours: elsewhere a slash makes
// several parts of the key, as s3db.js writes and lists it; but of 01/02/2024 its date
// rule makes a day, by the zone of its machine.
func (p *Partition) segment(f *PartitionField, text string) (string, error) {
	seg := f.Name + "=" + p.schema.escaping(escapeValues).escape(text)
	what := "the value of partition field \"" + f.Name + "\""
	if !p.schema.opt.EscapeKeys && (!staysBelow(text) || hasControl(text) || f.date && strings.Contains(text, "/")) {
		return "", refuse(what, text)
	}
	for part := range strings.SplitSeq(seg, "/") {
		if err := checkSegment(what, part); err != nil {
			return "", err
		}
	}
	return seg, nil
}

// staysBelow says that a text which s3db.js puts into a key as it is, slashes too, makes
// parts of the key that it does not rewrite (empty ones, . and ..) and that nobody takes
// for another field or the id (trap 14).
func staysBelow(text string) bool {
	_, rest, more := strings.Cut(text, "/")
	for more {
		var part string
		part, rest, more = strings.Cut(rest, "/")
		if part == "" || part == "." || part == ".." || strings.Contains(part, "=") {
			return false
		}
	}
	return true
}

// Root is the prefix of all references of the partition; it ends with "/".
func (p *Partition) Root() string {
	return "resource=" + p.schema.Name + "/partition=" + p.Name + "/"
}

// Prefix is the listing prefix of a leading run of field values (SQL values);
// it ends with "/" (trap 13). An empty run lists the partition. ok is false if a
// value is NULL, which no reference has.
func (p *Partition) Prefix(values []any) (prefix string, ok bool, err error) {
	var b strings.Builder
	b.WriteString(p.Root())
	for i, v := range values {
		text, ok, err := p.Fields[i].Render(v)
		if !ok || err != nil {
			return "", false, err
		}
		seg, err := p.segment(p.Fields[i], text)
		if err != nil {
			return "", false, err
		}
		b.WriteString(seg + "/")
	}
	return b.String(), true, nil
}

// Range is the run of keys after a leading run of field values whose next field
// lies between low and high (SQL values, inclusive, nil open). The field must be
// Ordered. It may hold keys that do not match.
func (p *Partition) Range(values []any, low, high any) (r KeyRange, ok bool, err error) {
	base, ok, err := p.Prefix(values)
	if !ok || err != nil {
		return r, false, err
	}
	f := p.Fields[len(values)]
	lo, err := f.bound(low)
	if err != nil {
		return r, false, err
	}
	hi, err := f.bound(high)
	if err != nil {
		return r, false, err
	}
	form := keyForm{slash: true}
	if isText(f.typ) {
		form.escaping, form.ragged = p.schema.escaping(escapeValues), true
	}
	return rangeOf(base+f.Name+"=", lo, hi, form), true, nil
}

func (f *PartitionField) bound(v any) (*string, error) {
	text, ok, err := f.Render(v)
	return ptr(text, ok), err
}

// Reference is the key of the reference of a row as it will be written; ok is
// false if a field is NULL.
func (p *Partition) Reference(row *Row) (key string, ok bool, err error) {
	return p.referenceOf(row, p.schema.Version)
}

// StoredReference is the same of a row as it was read: with the version that it
// carries.
func (p *Partition) StoredReference(row *Row) (key string, ok bool, err error) {
	return p.referenceOf(row, row.Version)
}

func (p *Partition) referenceOf(row *Row, version string) (key string, ok bool, err error) {
	values := make([]any, len(p.Fields))
	for i, f := range p.Fields {
		switch {
		case f.Column >= 0:
			values[i] = row.Values[f.Column]
		case f.Name == versionField:
			values[i] = version
		}
	}
	return p.ReferenceOf(values, row.ID)
}

// ReferenceOf is Reference for the values of the fields in their order.
func (p *Partition) ReferenceOf(values []any, id string) (key string, ok bool, err error) {
	prefix, ok, err := p.Prefix(values)
	if !ok || err != nil || len(p.Fields) == 0 {
		return "", false, err
	}
	key = prefix + "id=" + id
	return key, true, objstore.ToPG(objstore.CheckKey("PUT", key))
}

// IsReference says whether a key is that of the reference of a row with these values
// of the fields: also one that s3db.js has written and we would refuse to write.
func (p *Partition) IsReference(key string, values []any, id string) bool {
	texts := make([]string, len(values))
	for i, v := range values {
		text, ok, err := p.Fields[i].Render(v)
		if !ok || err != nil {
			return false
		}
		texts[i] = text
	}
	if !p.schema.opt.EscapeKeys && key == p.joined(texts, id) {
		return true
	}
	stored, of, ok := p.ParseReference(key)
	return ok && of == id && slices.Equal(stored, texts)
}

// joined is the key that s3db.js makes of texts by path.join, which rewrites slashes in a
// row and parts of dots (trap 14).
func (p *Partition) joined(texts []string, id string) string {
	parts := []string{p.Root()}
	for i, f := range p.Fields {
		parts = append(parts, f.Name+"="+texts[i])
	}
	return path.Join(append(parts, "id="+id)...)
}

// SameTexts says that two rows have the same texts in their references, whether or not a
// key can carry them. The version that a row was written with does not count.
func (p *Partition) SameTexts(a, b []any) bool {
	for i, f := range p.Fields {
		if f.Column < 0 {
			continue
		}
		at, aok, aerr := f.Render(a[i])
		bt, bok, berr := f.Render(b[i])
		if at != bt || aok != bok || aerr != nil || berr != nil {
			return false
		}
	}
	return true
}

// ParseReference splits a reference's key into the texts of its fields and the
// id. ok is false for a key that is none. Values of 6.2 to 21 may hold slashes
// (trap 14): the field names tell where they end.
func (p *Partition) ParseReference(key string) (texts []string, id string, ok bool) {
	rest, ok := strings.CutPrefix(key, p.Root())
	if !ok {
		return nil, "", false
	}
	for i, f := range p.Fields {
		var text string
		if rest, ok = strings.CutPrefix(rest, f.Name+"="); !ok {
			return nil, "", false
		}
		next := "/id="
		if i+1 < len(p.Fields) {
			next = "/" + p.Fields[i+1].Name + "="
		}
		if text, rest, ok = strings.Cut(rest, next); !ok {
			return nil, "", false
		}
		rest = next[1:] + rest
		if text, ok = p.schema.escaping(escapeValues).unescape(text); !ok {
			return nil, "", false
		}
		texts = append(texts, text)
	}
	id, ok = strings.CutPrefix(rest, "id=")
	return texts, id, ok
}

// Parse gives back the column's value from the key text of a lossless field.
func (f *PartitionField) Parse(text string) (any, error) {
	if !f.Lossless {
		return nil, pgerr.Internal("s3db: partition field \"%s\" is not lossless", f.Name)
	}
	v, err := f.opt.fromText(f.typ, text)
	if err != nil {
		return nil, &CorruptError{Attribute: f.Name, Text: text, Key: "partition reference"}
	}
	return v, nil
}

// ReferenceObject is the object of a reference: _v and nothing else. covering
// gives it the row's stamp as body.
func (s *Schema) ReferenceObject(covering bool, stamp uint64) Object {
	o := Object{Metadata: objstore.Metadata{"_v": s.Version}}
	if covering {
		o.Body = AppendStamp(nil, stamp)
	}
	return o
}
