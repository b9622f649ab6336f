package s3db

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Violation is one failing rule.
type Violation struct {
	Attribute string // dotted; with [i] for an element of an array
	Rule      string // required, min, max, pattern, email …
	// Message is fastest-validator's, or the rule's own.
	Message string
	Null    bool // a required attribute is missing: 23502
}

// Validate checks the rules of the columns set (nil: all top-level ones, with
// what is in them) and returns every violation, in column order. An error is a
// rule that we can't check: 0A000.
func (s *Schema) Validate(row *Row, set []bool) ([]Violation, error) {
	v := validation{s: s}
	for i, c := range s.Columns {
		if set == nil && c.Parent >= 0 || set != nil && !set[i] {
			continue
		}
		v.column(s.current.leaves[i], row.Values[i])
	}
	return v.found, v.err
}

type validation struct {
	s     *Schema
	found []Violation
	err   error
}

// add notes a failing rule; the message is the attribute's own, where it has one
// ({messages: {…}} of an attribute given as an object), or the template.
func (v *validation) add(name, rule string, a *Attribute, template string, fill ...string) {
	for _, key := range messageKeys(a, rule) {
		if own, ok := a.messages.GetStr(key); ok {
			template = own
			break
		}
	}
	shown := name
	if label, ok := a.RuleArg("label"); ok {
		shown = label
	}
	msg := strings.NewReplacer(append([]string{"{field}", shown}, fill...)...).Replace(template)
	null := rule == "required" && !strings.ContainsRune(name, '[') // an element is no column
	v.found = append(v.found, Violation{Attribute: name, Rule: rule, Message: msg, Null: null})
}

// messageKeys are the names that fastest-validator has for the message of a rule.
func messageKeys(a *Attribute, rule string) []string {
	kind := map[valueKind]string{textValue: "string", numberValue: "number", listValue: "array"}[a.kind()]
	if a.isObject() {
		kind = "object"
	}
	title := strings.ToUpper(rule[:1]) + rule[1:]
	keys := []string{rule, a.Base + title, kind + title}
	switch {
	case rule == "values":
		keys = append(keys, "enumValue")
	case rule == a.Base && kind != "":
		keys = append(keys, kind)
	}
	return keys
}

func (v *validation) required(name string, a *Attribute) {
	v.add(name, "required", a, "The '{field}' field is required.")
}

// wrongKind notes a value that is no value of its attribute's type.
func (v *validation) wrongKind(name string, a *Attribute) {
	kind, article := a.Base, "a"
	switch {
	case a.isObject() || a.Children != nil:
		v.add(name, "object", a, "The '{field}' must be an Object.")
		return
	case a.kind() == textValue:
		kind = "string"
	case a.kind() == numberValue:
		kind = "number"
	case a.kind() == listValue:
		kind = "array"
	}
	if strings.ContainsRune("aeiou", rune(kind[0])) {
		article = "an"
	}
	v.add(name, kind, a, "The '{field}' field must be "+article+" "+kind+".")
}

// column checks a leaf, or an object and what is in it.
func (v *validation) column(l *leaf, value any) {
	j, _ := value.(*types.JSON)
	switch {
	case value == nil || l.object && j.Kind == types.JSONNull:
		if l.attr.Required || l.object && v.s.nested && !hasRule(l.attr, "optional") {
			v.required(l.attr.Name, l.attr)
		}
	case l.object && j.Kind == types.JSONObject:
		v.members(l, j)
		v.shape(l.attr, l.attr.Name, j)
	case l.object:
		v.wrongKind(l.attr.Name, l.attr)
	default:
		v.value(l.attr, l.attr.Name, value)
	}
}

func (v *validation) members(l *leaf, j *types.JSON) {
	for _, c := range l.children {
		m := j.Get(c.attr.Path[len(c.attr.Path)-1])
		switch {
		case m == nil || m.Kind == types.JSONNull:
			v.column(c, nil)
		case c.object:
			v.column(c, m)
		default:
			v.json(c.attr, c.typ, c.attr.Name, m)
		}
	}
}

// shape checks what an object has besides its declared members.
func (v *validation) shape(a *Attribute, name string, j *types.JSON) {
	v.checks(a, name, j)
	if strict, _ := a.RuleArg("strict"); strict != "true" {
		return
	}
	var others []string
	for _, m := range j.Obj {
		if !slices.ContainsFunc(a.Children, func(c *Attribute) bool { return c.Path[len(c.Path)-1] == m.Key }) {
			others = append(others, m.Key)
		}
	}
	if others != nil {
		v.add(name, "strict", a, "The object '{field}' contains forbidden keys: '{actual}'.", "{actual}", strings.Join(others, ", "))
	}
}

// value checks a value that is not NULL against its attribute's rules.
func (v *validation) value(a *Attribute, name string, value any) {
	if j, ok := value.(*types.JSON); ok && a.wrongJSON(j) {
		v.wrongKind(name, a)
		return
	}
	v.checks(a, name, value)
	switch value := value.(type) {
	case *types.Array:
		v.elements(a, name, value)
	case *types.JSON:
		v.items(a, name, value)
	}
}

func (v *validation) checks(a *Attribute, name string, value any) {
	checker := v.s.checkerOf(a)
	if checker.err != nil {
		v.err = checker.err
		return
	}
	if text, ok := value.(string); ok && a.trims() {
		value = strings.TrimFunc(text, jsSpace)
	}
	for _, c := range checker.checks {
		if c.bad(value) {
			v.add(name, c.rule, a, c.message, "{expected}", c.arg, "{actual}", a.shown(c, value))
		}
	}
}

// shown is what {actual} stands for in a message; a secret is not told.
func (a *Attribute) shown(c check, value any) string {
	if a.Hook == HookSecret || a.Hook == HookPassword {
		return "***"
	}
	switch value := value.(type) {
	case *types.Array:
		return strings.Join(elementsOf(value), ", ")
	case *types.JSON:
		return jsString(value)
	default:
		if c.actual != nil {
			return c.actual(value)
		}
		if f, ok := value.(float64); ok {
			return jsNumber(f)
		}
		return fmt.Sprint(value)
	}
}

// trims says that the rules see a text without the spaces at its ends, which
// s3db.js does not store; we keep them. Padding comes after trimming.
func (a *Attribute) trims() bool {
	arg, _ := a.RuleArg("trim")
	return arg != "false" && stringBases[a.Base] && !hasRule(a, "padStart") && !hasRule(a, "padEnd")
}

// stringBases are the types that are fastest-validator's string.
var stringBases = map[string]bool{"string": true, "secret": true, "password": true, "text": true}

// wrongJSON says that a jsonb column's rule wants another kind of JSON value.
func (a *Attribute) wrongJSON(j *types.JSON) bool {
	return a.kind() == listValue && j.Kind != types.JSONArray || a.isObject() && j.Kind != types.JSONObject
}

// elements checks those of an SQL array.
func (v *validation) elements(a *Attribute, name string, arr *types.Array) {
	item := a.item()
	if item == nil {
		return
	}
	for i, e := range arr.Elems {
		at := fmt.Sprintf("%s[%d]", name, i)
		if e != nil {
			v.value(item, at, e)
		} else if item.Required {
			v.required(at, item)
		}
	}
}

// items checks the elements of a JSON array.
func (v *validation) items(a *Attribute, name string, j *types.JSON) {
	item := a.item()
	if item == nil || j.Kind != types.JSONArray {
		return
	}
	for i, e := range j.Arr {
		v.json(item, item.Type, fmt.Sprintf("%s[%d]", name, i), e)
	}
}

// coordinate is an element of an embedding.
var coordinate = ParseRule("", "number", EraModern)

// item is the rule of an array's elements, nil if they have none.
func (a *Attribute) item() *Attribute {
	if a.Hook == HookEmbedding {
		return coordinate
	}
	return a.Items
}

// json checks a value as JSON has it, of an attribute whose column would have
// type t.
func (v *validation) json(a *Attribute, t SQLType, at string, j *types.JSON) {
	j, ok := a.convert(j)
	switch {
	case j == nil || j.Kind == types.JSONNull:
		if a.Required {
			v.required(at, a)
		}
	case !ok || a.wrongJSON(j) || a.Children != nil && j.Kind != types.JSONObject:
		v.wrongKind(at, a)
	case a.Children != nil:
		for _, c := range a.Children {
			key := c.Path[len(c.Path)-1]
			v.json(c, c.Type, at+"."+key, j.Get(key))
		}
		v.shape(a, at, j)
	case a.kind() == listValue:
		v.value(a, at, j)
	default:
		value, err := v.s.opt.fromJSON(t, j)
		if err != nil {
			v.wrongKind(at, a)
			return
		}
		v.value(a, at, value)
	}
}

func hasRule(a *Attribute, name string) bool {
	_, ok := a.RuleArg(name)
	return ok
}

// ViolationError is nil for none; 23502 if a required attribute is missing, else
// 23514, with every failing attribute and rule in the detail.
func (s *Schema) ViolationError(vs []Violation) error {
	if len(vs) == 0 {
		return nil
	}
	lines := make([]string, len(vs))
	first := vs[0]
	for i, v := range vs {
		lines[i] = fmt.Sprintf("%s (rule %s): %s", v.Attribute, v.Rule, v.Message)
		if v.Null && !first.Null {
			first = v
		}
	}
	e := pgerr.New(pgerr.CheckViolation, "new row for relation \"%s\" violates rule \"%s\" of attribute \"%s\"", s.Name, first.Rule, first.Attribute)
	if first.Null {
		e = pgerr.New(pgerr.NotNullViolation, "null value in column \"%s\" of relation \"%s\" violates not-null constraint", first.Attribute, s.Name)
	}
	return e.WithDetail("%s", strings.Join(lines, "\n")).WithRelation("", s.Name, first.Attribute, "")
}
