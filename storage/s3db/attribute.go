package s3db

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// Form is how an attribute is written in the definition.
type Form uint8

// The forms.
const (
	// TextForm: 'string|min:2'.
	TextForm Form = iota
	// ObjectForm: {type: 'number', optional: true}. Such an attribute has no hook
	// but for arrays and secrets: its value is stored as JavaScript prints it.
	ObjectForm
	// NestedForm: {city: 'string', …}, flattened.
	NestedForm
	// PropsForm: {type: 'object', props: {…}}: nested, but its children have no
	// short keys and are stored as printed text (broken in the library).
	PropsForm
)

// Attribute is one attribute of a definition: a leaf with its rules, or a
// nested object. It is not changed once made.
type Attribute struct {
	Path []string
	Name string // dotted
	Form Form
	Rule string // the rule text; "" unless TextForm
	// Base is the first word: string, number, email …, or object for nested ones.
	Base  string
	Hook  Hook
	Rules []Rule
	// Items is the rule of an array's elements, nil if not given.
	Items *Attribute
	// Integer, Scale and Fixed refine the hook: base-62 integers; the digits of
	// money, decimal and geo; arrays of numbers in fixed point.
	Integer bool
	Scale   int
	Fixed   bool
	Type    SQLType
	// Required: NULL is 23502, unless an enclosing object is NULL.
	Required bool
	// Default is the rule's default, nil if it has none.
	Default  *ojson.Value
	Children []*Attribute
	messages *ojson.Value // own texts for failing rules, by fastest-validator's names
}

// Rule is one check: its name and argument as written ("" if it has none).
type Rule struct{ Name, Arg string }

// RuleArg returns the argument of the named rule.
func (a *Attribute) RuleArg(name string) (string, bool) {
	for _, r := range a.Rules {
		if r.Name == name {
			return r.Arg, true
		}
	}
	return "", false
}

// Declared is the rule as people wrote it: its text, or the type of one given as
// an object. It is "" for a nested object, and for a rule that a column's SQL type
// alone makes.
func (a *Attribute) Declared() string {
	switch a.Form {
	case ObjectForm, PropsForm:
		return a.Base
	case NestedForm:
		return ""
	}
	plain := strings.TrimSuffix(a.Rule, "|optional")
	for _, rule := range rulesByType {
		if plain == rule || plain == textRule {
			return ""
		}
	}
	return a.Rule
}

// ParseRule parses a rule text as the library does, for an attribute of that
// dotted name.
func ParseRule(name, rule string, era Era) *Attribute {
	a := &Attribute{Path: strings.Split(name, "."), Name: name, Rule: rule, Base: baseWord(rule), Hook: hookOf(rule, era)}
	a.Rules = splitRules(rule)
	a.finishText(era)
	a.Type = sqlTypeOf(a)
	return a
}

// splitRules takes a rule text apart: the base word's own argument, as in
// money:4, is the first rule.
func splitRules(rule string) []Rule {
	var out []Rule
	for _, part := range strings.Split(rule, "|") {
		name, arg, _ := strings.Cut(strings.TrimSpace(part), ":")
		out = append(out, Rule{strings.TrimSpace(name), arg})
	}
	return out
}

var (
	itemsWord  = regexp.MustCompile(`items:(\w+)`)
	lengthWord = regexp.MustCompile(`length:(\d+)`)
	scaleWords = map[Hook]*regexp.Regexp{
		HookMoney:   regexp.MustCompile(`(?:money|crypto):(\d+)`),
		HookDecimal: regexp.MustCompile(`decimal:(\d+)`),
		HookGeoLat:  regexp.MustCompile(`geo:lat:(\d+)`),
		HookGeoLon:  regexp.MustCompile(`geo:lon:(\d+)`),
	}
)

func (a *Attribute) finishText(era Era) {
	a.Integer = strings.Contains(a.Rule, "integer")
	a.Scale = scaleOf(a.Hook, a.Rule)
	if m := itemsWord.FindStringSubmatch(a.Rule); m != nil && a.Hook == HookArray {
		a.Items = ParseRule(a.Name, m[1], era)
		a.Integer = a.Integer || a.Items.Integer
	}
	if m := lengthWord.FindStringSubmatch(a.Rule); m != nil {
		n, err := strconv.Atoi(m[1])
		a.Fixed = err == nil && n >= 256
	}
	a.Required = !a.flag("optional") && !a.flag("nullable") && !hasRule(a, "default")
	if arg, ok := a.RuleArg("default"); ok {
		a.Default = defaultValue(arg, a.Hook)
	}
}

// flag says that a rule is there and not switched off.
func (a *Attribute) flag(name string) bool {
	arg, ok := a.RuleArg(name)
	return ok && arg != "false"
}

// defaultScales are the digits of the types that have some.
var defaultScales = map[Hook]int{HookMoney: 2, HookDecimal: 2, HookGeoLat: 6, HookGeoLon: 6, HookGeoPoint: 6}

// maxScale keeps 10^scale exact in a double.
const maxScale = 18

func scaleOf(h Hook, rule string) int {
	if re := scaleWords[h]; re != nil {
		if m := re.FindStringSubmatch(rule); m != nil {
			n, err := strconv.Atoi(m[1])
			if err == nil && n <= maxScale {
				return n
			}
		}
	}
	if h == HookMoney && strings.Contains(rule, "crypto") {
		return 8
	}
	return defaultScales[h]
}

// defaultValue reads a default's text as the type wants it.
func defaultValue(arg string, h Hook) *ojson.Value {
	switch h {
	case HookNumber, HookBoolean, HookJSON, HookObject, HookArray, HookMoney, HookDecimal:
		if v, err := ojson.Parse(arg); err == nil {
			return v
		}
	}
	return ojson.Str(arg)
}

// parseAttributes reads an attributes object in JavaScript's order.
func parseAttributes(obj *ojson.Value, path []string, era Era) []*Attribute {
	var out []*Attribute
	for _, m := range obj.InOrder() {
		if strings.HasPrefix(m.Key, "$$") {
			continue
		}
		at := append(append([]string(nil), path...), m.Key)
		out = append(out, parseAttribute(m.Value, at, era))
	}
	return out
}

func parseAttribute(v *ojson.Value, path []string, era Era) *Attribute {
	name := strings.Join(path, ".")
	switch {
	case v.Kind == ojson.String:
		a := ParseRule(name, v.Text, era)
		a.Path = path
		return a
	case v.Kind == ojson.Object:
		if _, typed := v.GetStr("type"); typed && isObjectForm(v) {
			return parseObjectForm(v, path, era)
		}
		return parseNested(v, path, era)
	}
	a := ParseRule(name, "any|optional", era)
	a.Path, a.Rule = path, ""
	return a
}

// isObjectForm tells {type: 'number', optional: true} from a nested object that
// has an attribute called type: the word is a type without rules, and every
// other text is an option.
func isObjectForm(v *ojson.Value) bool {
	word, _ := v.GetStr("type")
	if strings.Contains(word, "|") || !knownBase(baseWord(word)) {
		return false
	}
	for _, m := range v.Members {
		if m.Key != "type" && m.Value.Kind == ojson.String && !optionNames[m.Key] {
			return false
		}
	}
	return true
}

// optionNames are the text-valued options of an attribute given as an object.
var optionNames = map[string]bool{"items": true, "pattern": true, "patternFlags": true, "default": true, "description": true, "enum": true,
	"custom": true, "label": true, "padChar": true, "mode": true, "contains": true, "strict": true}

func parseNested(v *ojson.Value, path []string, era Era) *Attribute {
	a := &Attribute{Path: path, Name: strings.Join(path, "."), Form: NestedForm, Base: "object", Hook: HookObject}
	a.Children = parseAttributes(v, path, era)
	a.Type = SQLType{types.JSONBOID, -1}
	if rule, ok := v.GetStr("$$type"); ok {
		a.Rules = splitRules(rule)
		_, required := a.RuleArg("required")
		a.Required = required
	}
	return a
}

func parseObjectForm(v *ojson.Value, path []string, era Era) *Attribute {
	word, _ := v.GetStr("type")
	a := &Attribute{Path: path, Name: strings.Join(path, "."), Form: ObjectForm, Base: baseWord(word)}
	a.Hook = hookOf(word, era)
	a.Scale = scaleOf(a.Hook, word)
	for _, m := range v.Members {
		a.Rules = append(a.Rules, Rule{m.Key, optionText(m.Value)})
	}
	a.Default, a.messages = v.Get("default"), v.Get("messages")
	a.Required = !a.flag("optional") && !a.flag("nullable") && a.Default == nil
	a.Integer, _ = v.GetBool("integer")
	a.Integer = a.Integer || strings.Contains(word, "integer")
	a.parseParts(v, era)
	a.Type = sqlTypeOf(a)
	return a
}

func (a *Attribute) parseParts(v *ojson.Value, era Era) {
	if items := v.Get("items"); items != nil && a.Hook == HookArray {
		a.Items = parseAttribute(items, a.Path, era)
		a.Integer = a.Integer || a.Items.Integer
	}
	props := v.Get("props")
	if props == nil {
		props = v.Get("properties")
	}
	if a.Hook == HookObject && props.IsObject() {
		a.Form = PropsForm
		a.Children = parseAttributes(props, a.Path, era)
	}
}

// optionText is an option of an object form as rule text has it.
func optionText(v *ojson.Value) string {
	switch v.Kind {
	case ojson.String:
		return v.Text
	case ojson.Array:
		parts := make([]string, len(v.Items))
		for i, it := range v.Items {
			parts[i] = optionText(it)
		}
		return strings.Join(parts, ",")
	}
	return v.Compact()
}
