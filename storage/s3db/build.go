package s3db

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// TableSpec is what CREATE RESOURCE and CREATE TABLE give.
type TableSpec struct {
	Columns    []ColumnSpec
	Behavior   Behavior // "" is body-overflow
	Timestamps bool     // declare createdAt, updatedAt and their two partitions
	Versioning bool     // add byVersion
	Partitions []PartitionDef
	// Paranoid is s3db.js's guard against deleteAll.
	Paranoid    bool
	IDSize      int    // 0 is 22
	IDGenerator string // "" is default
}

// ColumnSpec is one column: exactly one of Rule, Type and Children decides.
type ColumnSpec struct {
	Name     string
	Rule     string  // s3db.js rule, verbatim
	Type     SQLType // plain SQL column
	Array    bool    // Type is an array type that is not built in
	Children []ColumnSpec
	NotNull  bool
}

// The two attributes of timestamps, and the partitions that s3db.js gives them.
const (
	CreatedAt = "createdAt"
	UpdatedAt = "updatedAt"
	dayRule   = "date|maxlength:10"
)

// BuildDefinition makes a definition that s3db.js 19 and 21 both open
// (section 15), and the exact SQL types, by dotted path, that must be kept in
// our own object and given back in Options.Types. Errors: 22023 for a rule that
// is unknown or whose words contradict its type (trap 1), 42602 for a name that
// the format can't carry, 42701 for a duplicate, 42703 for a partition over an
// attribute that does not exist.
func BuildDefinition(spec TableSpec) (*Definition, map[string]SQLType, error) {
	d := &Definition{attributes: ojson.Obj(), Behavior: spec.Behavior, Paranoid: spec.Paranoid,
		IDSize: spec.IDSize, IDGenerator: spec.IDGenerator}
	if d.Behavior == "" {
		d.Behavior = BodyOverflow
	}
	if d.IDSize == 0 {
		d.IDSize = DefaultIDSize
	}
	if d.IDGenerator == "" {
		d.IDGenerator = "default"
	}
	exact := map[string]SQLType{}
	for _, c := range spec.Columns {
		if err := d.AddColumn(nil, c, exact); err != nil {
			return nil, nil, err
		}
	}
	if err := d.addAutomatic(spec, exact); err != nil {
		return nil, nil, err
	}
	for _, p := range spec.Partitions {
		if err := d.AddPartition(p); err != nil {
			return nil, nil, err
		}
	}
	return d, exact, nil
}

func (d *Definition) addAutomatic(spec TableSpec, exact map[string]SQLType) error {
	if spec.Timestamps {
		for _, name := range []string{CreatedAt, UpdatedAt} {
			if d.Has([]string{name}) {
				continue
			}
			if err := d.AddColumn(nil, ColumnSpec{Name: name, Type: timestamptz}, exact); err != nil {
				return err
			}
		}
		d.setPartition(PartitionDef{"byCreatedDate", []PartitionFieldDef{{CreatedAt, dayRule}}})
		d.setPartition(PartitionDef{"byUpdatedDate", []PartitionFieldDef{{UpdatedAt, dayRule}}})
	}
	if spec.Versioning {
		d.setPartition(PartitionDef{"byVersion", []PartitionFieldDef{{versionField, "string"}}})
	}
	return nil
}

// AddColumn adds an attribute to the object at path (nil: top level), and its
// exact types to exact. Errors as BuildDefinition.
func (d *Definition) AddColumn(path []string, c ColumnSpec, exact map[string]SQLType) error {
	at := d.attributes.Path(path...)
	name := strings.Join(append(append([]string(nil), path...), c.Name), ".")
	if !at.IsObject() {
		return undefinedAttribute(strings.Join(path, "."))
	}
	if err := checkName(c.Name); err != nil {
		return err
	}
	if at.Get(c.Name) != nil {
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", name)
	}
	if c.Children != nil {
		at.Set(c.Name, ojson.Obj())
		for _, child := range c.Children {
			if err := d.AddColumn(append(append([]string(nil), path...), c.Name), child, exact); err != nil {
				return err
			}
		}
		return nil
	}
	rule, err := ruleOf(c, name, exact)
	if err != nil {
		return err
	}
	at.Set(c.Name, ruleJSON(rule))
	return nil
}

// SetColumn replaces the rule and type of the attribute at path.
func (d *Definition) SetColumn(path []string, c ColumnSpec, exact map[string]SQLType) error {
	name := strings.Join(path, ".")
	if !d.Has(path) {
		return undefinedAttribute(name)
	}
	delete(exact, name)
	rule, err := ruleOf(c, name, exact)
	if err != nil {
		return err
	}
	at, key := d.find(path)
	at.Set(key, ruleJSON(rule))
	return nil
}

// RenameColumn gives the attribute at path another name, in its place, also in
// partitions. Resource.RenameAttribute keeps its index.
func (d *Definition) RenameColumn(path []string, to string) error {
	from := strings.Join(path, ".")
	if !d.Has(path) {
		return undefinedAttribute(from)
	}
	if err := checkName(to); err != nil {
		return err
	}
	at, key := d.find(path)
	if at.Get(to) != nil {
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation already exists", to)
	}
	at.Rename(key, to)
	renamed := strings.TrimSuffix(from, key) + to
	for i, p := range d.Partitions {
		fields := append([]PartitionFieldDef(nil), p.Fields...)
		for j := range fields {
			if fields[j].Name == from || strings.HasPrefix(fields[j].Name, from+".") {
				fields[j].Name = renamed + fields[j].Name[len(from):]
			}
		}
		d.Partitions[i].Fields = fields
	}
	return nil
}

func undefinedAttribute(name string) *pgerr.Error {
	return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
}

// checkName refuses names that the format can't carry or keeps for itself.
func checkName(name string) error {
	switch {
	case name == "" || !utf8.ValidString(name) || hasControl(name):
	case strings.ContainsAny(name, "./\\=%"):
	case name[0] == '_' || name[0] == '$' || name == idAttribute:
	default:
		return nil
	}
	return pgerr.New(pgerr.InvalidName, "invalid attribute name \"%s\"", name).
		WithDetail("An attribute name must not be empty, be \"id\", begin with _ or $, or contain . / \\ = % or control characters.")
}

// textRule is the rule of SQL types that travel as text.
const textRule = "string"

// rulesByType are the encodings of SQL types that lose nothing and that 19 and
// 21 both know; every type that is missing travels as text.
var rulesByType = map[types.OID]string{
	types.BoolOID: "boolean", types.Int2OID: "number|integer", types.Int4OID: "number|integer",
	types.Float4OID: "number", types.Float8OID: "number", types.JSONOID: "json", types.JSONBOID: "json",
}

// ruleOf is the rule text of a column, noting its exact type where the rule
// does not tell it.
func ruleOf(c ColumnSpec, name string, exact map[string]SQLType) (string, error) {
	if c.Rule != "" {
		return c.Rule, CheckRule(c.Name, c.Rule)
	}
	rule, ok := rulesByType[c.Type.OID]
	if !ok {
		rule = textRule
		if ty := types.Builtin().ByOID(c.Type.OID); c.Array || ty != nil && ty.IsArray() {
			rule = "json"
		}
	}
	if t := ParseRule(name, rule, EraModern).Type; t != c.Type {
		exact[name] = c.Type
	}
	if !c.NotNull {
		rule += "|optional"
	}
	return rule, nil
}

// ruleJSON is the rule as the definition has it: its text, or the object form
// where fastest-validator has no text form (lists of allowed values). The object
// form has no hook, which is the same for texts.
func ruleJSON(rule string) *ojson.Value {
	rules := splitRules(rule)
	base := baseWord(rule)
	list := slices.ContainsFunc(rules[1:], func(r Rule) bool { return r.Name == "enum" || r.Name == "values" })
	if !list || base != "string" && base != "enum" {
		return ojson.Str(rule)
	}
	v := ojson.Obj()
	v.Set("type", ojson.Str(base))
	for _, r := range rules[1:] {
		v.Set(r.Name, optionJSON(r))
	}
	return v
}

// optionJSON reads an argument as fastest-validator's shorthand does.
func optionJSON(r Rule) *ojson.Value {
	switch {
	case r.Name == "enum" || r.Name == "values":
		list := ojson.Arr()
		for _, w := range enumValues(r.Arg) {
			list.Items = append(list.Items, ojson.Str(w))
		}
		return list
	case r.Arg == "" || r.Arg == "true" || r.Arg == "false":
		return ojson.Bool(r.Arg != "false")
	}
	if v, err := ojson.Parse(r.Arg); err == nil && v.Kind == ojson.Number {
		return v
	}
	return ojson.Str(r.Arg)
}

// CheckRule refuses rule texts that s3db.js would not read as they are meant:
// 22023 for an unknown type, or for a word of another type anywhere in the text.
func CheckRule(name, rule string) error {
	base := baseWord(rule)
	if !knownBase(base) {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid rule \"%s\"", rule).
			WithDetail("\"%s\" is not a type of s3db.js.", base)
	}
	first, _, _ := strings.Cut(rule, "|")
	if hookOf(first, EraModern) != hookOf(rule, EraModern) {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid rule \"%s\"", rule).
			WithDetail("s3db.js looks for type names anywhere in a rule, and would take this one for another type than \"%s\".", first)
	}
	a := ParseRule(name, rule, EraModern)
	for _, r := range a.Rules {
		if _, err := a.compile(r); err != nil {
			return err
		}
	}
	if a.Default != nil {
		return a.checkDefault()
	}
	return nil
}

// checkDefault refuses a default that is no value of its type.
func (a *Attribute) checkDefault() error {
	s := Schema{}
	_, err := s.defaultOf(a, a.Type)
	return err
}

// AddPartition adds or replaces a partition: 42703 for a field that is no
// attribute, 42602 for a name that keys can't carry.
func (d *Definition) AddPartition(p PartitionDef) error {
	if p.Name == "" || strings.ContainsFunc(p.Name, badInName) || len(p.Fields) == 0 {
		return pgerr.New(pgerr.InvalidName, "invalid partition name \"%s\"", p.Name)
	}
	for i, f := range p.Fields {
		if f.Name != versionField && !d.Has(strings.Split(f.Name, ".")) {
			return undefinedAttribute(f.Name)
		}
		if f.Rule == "" {
			p.Fields[i].Rule = d.fieldRule(f.Name)
		}
	}
	d.setPartition(p)
	return nil
}

// fieldRule is the attribute's base type, as 19 and 21 take it for ['status'].
// Words that would change the key text (date) are left out.
func (d *Definition) fieldRule(name string) string {
	at, key := d.find(strings.Split(name, "."))
	if v := at.Get(key); v != nil && v.Kind == ojson.String {
		if base := baseWord(v.Text); !strings.Contains(base, "date") {
			return base
		}
	}
	return "string"
}

func (d *Definition) setPartition(p PartitionDef) {
	if old := d.Partition(p.Name); old != nil {
		*old = p
		return
	}
	d.Partitions = append(d.Partitions, p)
}
