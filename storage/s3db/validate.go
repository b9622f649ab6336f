package s3db

import (
	"fmt"
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

func (v *validation) add(name, rule string, a *Attribute, format string, args ...any) {
	msg := a.message(rule, fmt.Sprintf(format, args...))
	v.found = append(v.found, Violation{Attribute: name, Rule: rule, Message: msg, Null: rule == "required"})
}

// column checks a leaf, or an object and what is in it.
func (v *validation) column(l *leaf, value any) {
	j, _ := value.(*types.JSON)
	switch {
	case value == nil || l.object && j.Kind == types.JSONNull:
		if l.attr.Required || l.object && v.s.nested && !hasRule(l.attr, "optional") {
			v.add(l.attr.Name, "required", l.attr, "The '%s' field is required.", l.attr.Name)
		}
	case l.object && j.Kind == types.JSONObject:
		v.members(l, j)
	case l.object:
		v.add(l.attr.Name, "object", l.attr, "The '%s' must be an Object.", l.attr.Name)
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
			value, err := v.s.opt.fromJSON(c.typ, m)
			if err != nil {
				v.add(c.attr.Name, c.attr.Base, c.attr, "The '%s' field must be a %s.", c.attr.Name, c.attr.Base)
				continue
			}
			v.column(c, value)
		}
	}
}

// value checks a value that is not NULL against its attribute's rules.
func (v *validation) value(a *Attribute, name string, value any) {
	checker := v.s.checkerOf(a)
	if checker.err != nil {
		v.err = checker.err
		return
	}
	for _, c := range checker.checks {
		if c.bad(value) {
			v.add(name, c.rule, a, "%s", strings.NewReplacer("{field}", name, "{expected}", c.arg).Replace(c.message))
		}
	}
	if arr, ok := value.(*types.Array); ok && a.Items != nil {
		for i, e := range arr.Elems {
			if e != nil {
				v.value(a.Items, fmt.Sprintf("%s[%d]", name, i), e)
			}
		}
	}
	if j, ok := value.(*types.JSON); ok && j.Kind == types.JSONArray && a.Items != nil {
		v.items(a, name, j)
	}
}

// items checks the elements of an array that is a jsonb column: objects with
// declared members, or values of types that SQL arrays are not made of.
func (v *validation) items(a *Attribute, name string, j *types.JSON) {
	for i, e := range j.Arr {
		at := fmt.Sprintf("%s[%d]", name, i)
		if a.Items.Children == nil {
			v.item(a.Items, at, e)
			continue
		}
		if e.Kind != types.JSONObject {
			v.add(at, "object", a.Items, "The '%s' must be an Object.", at)
			continue
		}
		for _, c := range a.Items.Children {
			key := c.Path[len(c.Path)-1]
			v.item(c, at+"."+key, e.Get(key))
		}
	}
}

func (v *validation) item(a *Attribute, at string, j *types.JSON) {
	if j == nil || j.Kind == types.JSONNull {
		if a.Required {
			v.add(at, "required", a, "The '%s' field is required.", at)
		}
		return
	}
	value, err := v.s.opt.fromJSON(a.Type, j)
	if err != nil {
		v.add(at, a.Base, a, "The '%s' field must be a %s.", at, a.Base)
		return
	}
	v.value(a, at, value)
}

func hasRule(a *Attribute, name string) bool {
	_, ok := a.RuleArg(name)
	return ok
}

// message is the attribute's own text for a failing rule, where it has one
// ({messages: {…}} of an attribute given as an object).
func (a *Attribute) message(rule, standard string) string {
	for _, key := range []string{rule, a.Base + strings.ToUpper(rule[:1]) + rule[1:]} {
		if m, ok := a.messages.GetStr(key); ok {
			return m
		}
	}
	return standard
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
