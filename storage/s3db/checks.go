package s3db

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/s3db-sql/s3db-sql/internal/passhash"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The rules of fastest-validator 1.19, as s3db.js 21 sets it up, by the kind of
// value that they look at. A rule that is not here is ignored, as there.

// check is one rule of one attribute.
type check struct {
	rule, arg string
	message   string
	actual    func(v any) string // what {actual} says; nil: the value
	bad       func(v any) bool
}

// checker is all of an attribute's.
type checker struct {
	checks []check
	err    error // a rule that can't be checked: 0A000
}

// checkerOf compiles an attribute's rules once.
func (s *Schema) checkerOf(a *Attribute) *checker {
	if c, ok := s.checkers.Load(a); ok {
		return c.(*checker)
	}
	c := &checker{}
	c.add(a.implied())
	for _, r := range a.Rules {
		c.add(a.compile(r))
	}
	stored, _ := s.checkers.LoadOrStore(a, c)
	return stored.(*checker)
}

func (c *checker) add(checks []check, err error) {
	c.checks = append(c.checks, checks...)
	if err != nil {
		c.err = err
	}
}

// kind of value that an attribute's checks look at.
type valueKind uint8

const (
	otherValue valueKind = iota
	textValue
	numberValue
	listValue
)

func (a *Attribute) kind() valueKind {
	switch a.Hook {
	case HookNumber, HookMoney, HookDecimal, HookGeoLat, HookGeoLon:
		return numberValue
	case HookArray, HookEmbedding:
		return listValue
	case HookNone, HookSecret, HookPassword, HookText, HookSemver, HookPhone, HookColor, HookEan:
		return textValue
	}
	return otherValue
}

// compile makes the check of one rule; none for a rule of another kind, and for
// a flag that is off (integer:false).
func (a *Attribute) compile(r Rule) ([]check, error) {
	if r.Arg == "false" && r.Name != "empty" {
		return nil, nil
	}
	if a.isObject() {
		return objectCheck(r)
	}
	switch a.kind() {
	case textValue:
		return a.textCheck(r)
	case numberValue:
		return numberCheck(r)
	case listValue:
		return a.listCheck(r)
	}
	return nil, nil
}

// ---- texts ------------------------------------------------------------------

// textRules compare the length in UTF-16 units, as JavaScript counts.
var lengthRules = map[string]struct {
	message string
	bad     func(len, arg int) bool
}{
	"min":    {"The '{field}' field length must be greater than or equal to {expected} characters long.", func(l, n int) bool { return l < n }},
	"max":    {"The '{field}' field length must be less than or equal to {expected} characters long.", func(l, n int) bool { return l > n }},
	"length": {"The '{field}' field length must be {expected} characters long.", func(l, n int) bool { return l != n }},
}

// patternRules are flags that stand for a pattern.
var patternRules = map[string]struct {
	message string
	re      *regexp.Regexp
}{
	"numeric":   {"The '{field}' field must be a numeric string.", regexp.MustCompile(`^-?[0-9]\d*(\.\d+)?$`)},
	"alpha":     {"The '{field}' field must be an alphabetic string.", regexp.MustCompile(`^[a-zA-Z]+$`)},
	"alphanum":  {"The '{field}' field must be an alphanumeric string.", regexp.MustCompile(`^[a-zA-Z0-9]+$`)},
	"alphadash": {"The '{field}' field must be an alphadash string.", regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)},
	"hex":       {"The '{field}' field must be a hex string.", regexp.MustCompile(`^([0-9a-fA-F]{2})+$`)},
	"base64":    {"The '{field}' field must be a base64 string.", regexp.MustCompile(`^(?:[A-Za-z0-9+\\/]{4})*(?:[A-Za-z0-9+\\/]{2}==|[A-Za-z0-9+/]{3}=)?$`)},
}

// formats are the types that stand for a pattern.
var formats = map[string]struct {
	message string
	re      *regexp.Regexp
}{
	"email":    {"The '{field}' field must be a valid e-mail.", regexp.MustCompile(`^\S+@\S+\.\S+$`)},
	"url":      {"The '{field}' field must be a valid URL.", regexp.MustCompile(`^https?://\S+`)},
	"semver":   {"The '{field}' field must be a valid semantic version (e.g., 1.2.3).", regexp.MustCompile(`^v?\d+\.\d+\.\d+$`)},
	"phone":    {"The '{field}' field must be a valid phone number in E.164 format (e.g., +5511999999999).", regexp.MustCompile(`^\+?\d{7,15}$`)},
	"color":    {"The '{field}' field must be a valid hex color (e.g., #FF5733 or #F57).", regexp.MustCompile(`^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)},
	"locale":   {"The '{field}' field must be a valid locale (e.g., pt-BR, en-US, or just en).", regexp.MustCompile(`^[a-zA-Z]{2}([-_][a-zA-Z]{2})?$`)},
	"currency": {"The '{field}' field must be a valid 3-letter currency code (e.g., USD, BRL, EUR).", regexp.MustCompile(`^[a-zA-Z]{3}$`)},
	"country":  {"The '{field}' field must be a valid 2-letter country code (e.g., BR, US, DE).", regexp.MustCompile(`^[a-zA-Z]{2}$`)},
	"ean":      {"The '{field}' field must be a valid barcode (EAN-8, UPC-A 12, EAN-13, or GTIN-14 digits).", regexp.MustCompile(`^(\d{8}|\d{12,14})$`)},
	"cron": {"The '{field}' field must be a valid 5-field cron expression (e.g., 0 */5 * * *).",
		regexp.MustCompile(`^\s*((\*|\d+(-\d+)?(/\d+)?(,\d+(-\d+)?(/\d+)?)*|\*/\d+)(\s+|$)){5}$`)},
}

// precise is the e-mail pattern of mode:precise.
var precise = regexp.MustCompile(`^(([^<>()\[\]\\.,;:\s@"]+(\.[^<>()\[\]\\.,;:\s@"]+)*)|(".+"))@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\])|(([a-zA-Z\-0-9]+\.)+[a-zA-Z]{2,}))$`)

func (a *Attribute) textCheck(r Rule) ([]check, error) {
	if l, ok := lengthRules[r.Name]; ok {
		n, err := strconv.ParseFloat(r.Arg, 64)
		if err != nil {
			return nil, nil
		}
		return measured(r, l.message, textLength, func(v any) bool { return a.checksText(v) && l.bad(unitsOf(v), int(n)) })
	}
	if p, ok := patternRules[r.Name]; ok {
		return one(r, p.message, func(v any) bool { return a.checksText(v) && !p.re.MatchString(v.(string)) })
	}
	switch r.Name {
	case "pattern":
		return a.patternCheck(r)
	case "empty":
		if r.Arg != "false" {
			return nil, nil
		}
		return one(r, "The '{field}' field must not be empty.", func(v any) bool { return v == "" })
	case "contains":
		return one(r, "The '{field}' field must contain the '{expected}' text.",
			func(v any) bool { return a.checksText(v) && !strings.Contains(v.(string), r.Arg) })
	case "enum", "values":
		return enumCheck(r)
	case "singleLine":
		return one(r, "The '{field}' field must be a single line string.", func(v any) bool { return strings.Contains(v.(string), "\n") })
	}
	return nil, nil
}

// checksText: the empty text passes where empty:true says so, and an empty email
// or url has failed already. A hash is not the password that the rules speak of.
func (a *Attribute) checksText(v any) bool {
	s, ok := v.(string)
	if s == "" && (a.allowsEmpty() || a.Base == "email" || a.Base == "url") {
		return false
	}
	return ok && !(a.Password() && passhash.Is(s))
}

func (a *Attribute) allowsEmpty() bool {
	arg, _ := a.RuleArg("empty")
	return arg == "true"
}

func unitsOf(v any) int { return len(utf16.Encode([]rune(v.(string)))) }

func textLength(v any) string { return strconv.Itoa(unitsOf(v)) }

func listLength(v any) string { return strconv.Itoa(len(elementsOf(v))) }

func one(r Rule, message string, bad func(v any) bool) ([]check, error) {
	return measured(r, message, nil, bad)
}

// measured is a check whose {actual} is not the value itself.
func measured(r Rule, message string, actual func(v any) string, bad func(v any) bool) ([]check, error) {
	return []check{{rule: r.Name, arg: r.Arg, message: message, actual: actual, bad: bad}}, nil
}

// enumCheck is the rule enum of a string, or values of the type enum, whose message
// names them.
func enumCheck(r Rule) ([]check, error) {
	values := enumValues(r.Arg)
	message := "The '{field}' field does not match any of the allowed values."
	if r.Name == "values" {
		r.Arg = strings.Join(values, ", ")
		message = "The '{field}' field value '{expected}' does not match any of the allowed values."
	}
	return one(r, message, func(v any) bool { return !slices.Contains(values, v.(string)) })
}

// enumValues takes a list apart: commas between, with or without brackets and
// quotes.
func enumValues(arg string) []string {
	var out []string
	for _, w := range strings.Split(strings.Trim(arg, "[] "), ",") {
		out = append(out, strings.Trim(w, ` "'`))
	}
	return out
}

// implied are the checks of the type itself.
func (a *Attribute) implied() ([]check, error) {
	none := Rule{Name: a.Base}
	if f, ok := formats[a.Base]; ok && a.kind() == textValue {
		re := f.re
		if mode, _ := a.RuleArg("mode"); a.Base == "email" && mode == "precise" {
			re = precise
		}
		if a.Base == "email" || a.Base == "url" {
			return []check{
				{rule: "empty", message: "The '{field}' field must not be empty.", bad: func(v any) bool { return v == "" && !a.allowsEmpty() }},
				{rule: a.Base, message: f.message, bad: func(v any) bool { return v != "" && !re.MatchString(v.(string)) }},
			}, nil
		}
		return one(none, f.message, func(v any) bool {
			return !(v == "" && a.allowsEmpty()) && !re.MatchString(v.(string))
		})
	}
	switch {
	case a.Base == "luhn" && a.kind() == textValue:
		return one(none, "The '{field}' field must be a valid checksum luhn.", func(v any) bool { return !luhn(v.(string)) })
	case a.Password():
		return passwordCheck()
	case a.Hook == HookMoney:
		return a.bounds("0", "")
	case a.Hook == HookGeoLat:
		return a.bounds("-90", "90")
	case a.Hook == HookGeoLon:
		return a.bounds("-180", "180")
	case a.Hook == HookEmbedding:
		return a.embeddingCheck()
	case a.Hook == HookUUID:
		return a.uuidCheck()
	}
	return nil, nil
}

// bounds are the type's own where the rule has none.
func (a *Attribute) bounds(low, high string) (checks []check, err error) {
	for _, r := range []Rule{{"min", low}, {"max", high}} {
		if !hasRule(a, r.Name) && r.Arg != "" && err == nil {
			var more []check
			more, err = numberCheck(r)
			checks = append(checks, more...)
		}
	}
	return checks, err
}

// embeddingCheck: embedding:N has exactly N elements, and never none.
func (a *Attribute) embeddingCheck() ([]check, error) {
	checks, err := a.listCheck(Rule{"empty", "false"})
	if n, ok := a.RuleArg("embedding"); ok && n != "" && err == nil {
		var more []check
		more, err = a.listCheck(Rule{"length", n})
		checks = append(checks, more...)
	}
	return checks, err
}

func luhn(s string) bool {
	sum, double := 0, false
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return sum > 0 && sum%10 == 0
}

// ---- numbers ----------------------------------------------------------------

var numberRules = map[string]struct {
	message string
	bad     func(v, arg types.Numeric) bool
	flag    bool
}{
	"min":      {"The '{field}' field must be greater than or equal to {expected}.", func(v, n types.Numeric) bool { return v.Cmp(n) < 0 }, false},
	"max":      {"The '{field}' field must be less than or equal to {expected}.", func(v, n types.Numeric) bool { return v.Cmp(n) > 0 }, false},
	"equal":    {"The '{field}' field must be equal to {expected}.", func(v, n types.Numeric) bool { return v.Cmp(n) != 0 }, false},
	"notEqual": {"The '{field}' field can't be equal to {expected}.", func(v, n types.Numeric) bool { return v.Cmp(n) == 0 }, false},
	"integer":  {"The '{field}' field must be an integer.", func(v, _ types.Numeric) bool { return v.Trunc(0).Cmp(v) != 0 }, true},
	"positive": {"The '{field}' field must be a positive number.", func(v, _ types.Numeric) bool { return v.Sign() <= 0 }, true},
	"negative": {"The '{field}' field must be a negative number.", func(v, _ types.Numeric) bool { return v.Sign() >= 0 }, true},
}

func numberCheck(r Rule) ([]check, error) {
	rule, ok := numberRules[r.Name]
	if !ok {
		return nil, nil
	}
	var arg types.Numeric
	if !rule.flag {
		n, err := types.ParseNumeric(r.Arg)
		if err != nil {
			return nil, nil
		}
		arg = n
	}
	return one(r, rule.message, func(v any) bool {
		n, ok := number(v)
		return ok && rule.bad(n, arg)
	})
}

// number is the exact value of any numeric type.
func number(v any) (types.Numeric, bool) {
	switch v := v.(type) {
	case types.Numeric:
		return v, true
	case float64:
		n, err := types.ParseNumeric(jsNumber(v))
		return n, err == nil
	case float32:
		n, err := types.ParseNumeric(jsNumber(float64(v)))
		return n, err == nil
	}
	n, ok := asInt64(v)
	return types.NumericFromInt64(n), ok
}

// ---- arrays -----------------------------------------------------------------

func (a *Attribute) listCheck(r Rule) ([]check, error) {
	n, err := strconv.Atoi(r.Arg)
	switch r.Name {
	case "min", "max", "length":
		if err != nil {
			return nil, nil
		}
		l := lengthRules[r.Name]
		return measured(r, listMessages[r.Name], listLength, func(v any) bool { return l.bad(len(elementsOf(v)), n) })
	case "empty":
		if r.Arg != "false" {
			return nil, nil
		}
		return one(r, "The '{field}' field must not be an empty array.", func(v any) bool { return len(elementsOf(v)) == 0 })
	case "unique":
		return one(r, "The '{field}' field must not have an item twice.", hasTwice)
	case "contains":
		return one(r, "The '{field}' field must contain the '{expected}' item.", func(v any) bool { return !containsText(v, r.Arg) })
	case "enum":
		allowed := setOf(enumValues(r.Arg))
		return one(r, "An item of the '{field}' field does not match any of the '{expected}' values.", func(v any) bool { return anyOther(v, allowed) })
	}
	return nil, nil
}

// isObject says that values are JSON objects of any shape, or of declared one.
func (a *Attribute) isObject() bool { return a.Hook == HookObject && a.Base == "object" }

var objectRules = map[string]struct {
	message string
	bad     func(len, arg int) bool
}{
	"minProps": {"The object '{field}' must contain at least {expected} properties.", func(l, n int) bool { return l < n }},
	"maxProps": {"The object '{field}' must contain {expected} properties at most.", func(l, n int) bool { return l > n }},
}

func objectCheck(r Rule) ([]check, error) {
	rule, ok := objectRules[r.Name]
	n, err := strconv.Atoi(r.Arg)
	if !ok || err != nil {
		return nil, nil
	}
	members := func(v any) int { return len(v.(*types.JSON).Obj) }
	return measured(r, rule.message, func(v any) string { return strconv.Itoa(members(v)) }, func(v any) bool { return rule.bad(members(v), n) })
}

// uuidCheck: the versions of RFC 9562, with its variant from version 3 on but for
// version 6, or the nil UUID; and the version asked for.
func (a *Attribute) uuidCheck() ([]check, error) {
	checks, err := one(Rule{Name: a.Base}, "The '{field}' field must be a valid UUID.", func(v any) bool {
		id, ok := v.(types.UUID)
		version := id[6] >> 4
		strict := version >= 3 && version != 6
		return ok && id != (types.UUID{}) && (version < 1 || version > 8 || strict && id[8]>>6 != 2)
	})
	if want, ok := a.RuleArg("version"); ok && err == nil {
		checks = append(checks, check{rule: "version", arg: want, message: "The '{field}' field must be a valid UUID version provided.", bad: func(v any) bool {
			id, ok := v.(types.UUID)
			n, err := strconv.Atoi(want)
			return ok && err == nil && n < 9 && int(id[6]>>4) != n
		}})
	}
	return checks, err
}

var listMessages = map[string]string{
	"min":    "The '{field}' field must contain at least {expected} items.",
	"max":    "The '{field}' field must contain less than or equal to {expected} items.",
	"length": "The '{field}' field must contain {expected} items.",
}

// elementsOf are the elements as JavaScript prints them.
func elementsOf(v any) []string {
	var out []string
	switch v := v.(type) {
	case *types.Array:
		for _, e := range v.Elems {
			if e == nil {
				out = append(out, "null")
				continue
			}
			out = append(out, TextOf(SQLType{v.Elem.OID, -1}, e))
		}
	case *types.JSON:
		for _, e := range v.Arr {
			out = append(out, jsString(e))
		}
	}
	return out
}

func hasTwice(v any) bool {
	seen := map[string]bool{}
	for _, e := range elementsOf(v) {
		if seen[e] {
			return true
		}
		seen[e] = true
	}
	return false
}

func containsText(v any, s string) bool {
	for _, e := range elementsOf(v) {
		if e == s {
			return true
		}
	}
	return false
}

func anyOther(v any, allowed map[string]bool) bool {
	for _, e := range elementsOf(v) {
		if !allowed[e] {
			return true
		}
	}
	return false
}
