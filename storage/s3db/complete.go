package s3db

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// What fastest-validator changes in a document before it checks it: defaults,
// and sanitizing. (s3db.js also trims every string at both ends; we do so only
// where the rule says trim, since a SQL text keeps its spaces.)

// ApplyDefaults fills NULL columns whose rule has a default. 22023 for a default
// that is no value of its type.
func (s *Schema) ApplyDefaults(row *Row) error {
	return s.eachTop(row, nil, func(l *leaf, v any) (any, error) {
		if v != nil || l.attr.Default == nil {
			return v, nil
		}
		return s.defaultOf(l.attr, l.typ)
	})
}

// Sanitize brings the texts of the columns set (nil: all top-level ones) to the
// form that their rules ask for: trim, lowercase, uppercase, padStart, padEnd,
// normalize, and the normal forms of phone, color, semver, locale, currency,
// country and cron.
func (s *Schema) Sanitize(row *Row, set []bool) error {
	return s.eachTop(row, set, func(l *leaf, v any) (any, error) {
		if text, ok := v.(string); ok && l.attr.kind() == textValue {
			return l.attr.sanitize(text), nil
		}
		return v, nil
	})
}

// eachTop replaces the values of columns, and of the leaves inside objects.
func (s *Schema) eachTop(row *Row, set []bool, f func(*leaf, any) (any, error)) error {
	for i, l := range s.current.leaves {
		if set == nil && s.Columns[i].Parent >= 0 || set != nil && !set[i] {
			continue
		}
		v, err := s.each(l, row.Values[i], f)
		if err != nil {
			return err
		}
		row.Values[i] = v
	}
	return nil
}

func (s *Schema) each(l *leaf, v any, f func(*leaf, any) (any, error)) (any, error) {
	if !l.object {
		return f(l, v)
	}
	j, _ := v.(*types.JSON)
	if j == nil || j.Kind != types.JSONObject {
		return v, nil
	}
	members := append([]types.JSONMember(nil), j.Obj...)
	for _, c := range l.children {
		key := c.attr.Path[len(c.attr.Path)-1]
		old := j.Get(key)
		m, err := s.eachMember(c, old, f)
		if err != nil {
			return nil, err
		}
		if m != old {
			members = append(dropMember(members, key), types.JSONMember{Key: key, Value: m})
		}
	}
	return types.JSONFromMembers(members), nil
}

// eachMember returns old itself where nothing changes. What is of another kind
// than its attribute is left to Validate.
func (s *Schema) eachMember(l *leaf, old *types.JSON, f func(*leaf, any) (any, error)) (*types.JSON, error) {
	var v any
	if old != nil && old.Kind != types.JSONNull {
		converted, ok := l.attr.convert(old)
		if !ok {
			return old, nil
		}
		x, err := s.opt.fromJSON(l.typ, converted)
		if err != nil {
			return old, nil
		}
		v = x
	}
	w, err := s.each(l, v, f)
	if err != nil || w == nil {
		return old, err
	}
	if j := s.opt.toJSON(l.typ, w); old == nil || !j.Equal(old) {
		return j, nil
	}
	return old, nil
}

func dropMember(ms []types.JSONMember, key string) []types.JSONMember {
	var out []types.JSONMember
	for _, m := range ms {
		if m.Key != key {
			out = append(out, m)
		}
	}
	return out
}

func (s *Schema) defaultOf(a *Attribute, t SQLType) (any, error) {
	j, err := types.ParseJSONB(a.Default.Compact())
	if err != nil {
		return nil, badDefault(a)
	}
	v, err := s.opt.fromJSON(t, j)
	if err != nil && a.Default.Kind == ojson.String {
		v, err = s.opt.fromText(t, a.Default.Text)
	}
	if err != nil {
		return nil, badDefault(a)
	}
	return v, nil
}

func badDefault(a *Attribute) error {
	return pgerr.New(pgerr.InvalidParameterValue, "the default of attribute \"%s\" is no value of its type", a.Name).
		WithDetail("Its rule is \"%s\".", a.Rule)
}

// sanitizers by rule, in fastest-validator's order.
var sanitizers = []struct {
	rule string
	f    func(s, arg, padChar string) string
}{
	{"trim", func(s, _, _ string) string { return strings.TrimFunc(s, jsSpace) }},
	{"trimLeft", func(s, _, _ string) string { return strings.TrimLeftFunc(s, jsSpace) }},
	{"trimRight", func(s, _, _ string) string { return strings.TrimRightFunc(s, jsSpace) }},
	{"padStart", func(s, n, c string) string { return padding(s, n, c) + s }},
	{"padEnd", func(s, n, c string) string { return s + padding(s, n, c) }},
	{"lowercase", func(s, _, _ string) string { return strings.ToLower(s) }},
	{"uppercase", func(s, _, _ string) string { return strings.ToUpper(s) }},
	{"localeLowercase", func(s, _, _ string) string { return strings.ToLower(s) }},
	{"localeUppercase", func(s, _, _ string) string { return strings.ToUpper(s) }},
	{"normalize", func(s, _, _ string) string { return strings.ToLower(strings.TrimFunc(s, jsSpace)) }},
}

// jsSpace is what String.prototype.trim removes.
func jsSpace(r rune) bool {
	return r == 0xFEFF || r == 0xA0 || r == ' ' || '\t' <= r && r <= '\r' || r == 0x1680 ||
		0x2000 <= r && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
}

// padding is what is missing to n UTF-16 units.
func padding(s, n, char string) string {
	want := 0
	for _, c := range n {
		if c < '0' || c > '9' || want > 1<<16 {
			return ""
		}
		want = want*10 + int(c-'0')
	}
	if char == "" {
		char = " "
	}
	missing := want - unitsOf(s)
	if missing <= 0 {
		return ""
	}
	return cutUTF16(strings.Repeat(char, missing), missing)
}

func (a *Attribute) sanitize(s string) string {
	padChar, _ := a.RuleArg("padChar")
	for _, z := range sanitizers {
		if arg, ok := a.RuleArg(z.rule); ok && arg != "false" {
			s = z.f(s, arg, padChar)
		}
	}
	if norm := normalForms[a.Base]; norm != nil {
		return norm(s)
	}
	return s
}

// normalForms of the formats, as 21's validator leaves them. Text that is not of
// the format stays as it is and fails its check.
var normalForms = map[string]func(string) string{
	"phone":    normalPhone,
	"color":    normalColor,
	"semver":   normalSemver,
	"locale":   normalLocale,
	"currency": func(s string) string { return upperIf(s, 3) },
	"country":  func(s string) string { return upperIf(s, 2) },
	"cron":     func(s string) string { return strings.Join(strings.Fields(s), " ") },
}

func upperIf(s string, n int) string {
	if len(s) == n {
		return strings.ToUpper(s)
	}
	return s
}

func normalPhone(s string) string {
	t := strings.Map(func(r rune) rune {
		if jsSpace(r) || strings.ContainsRune("-().", r) {
			return -1
		}
		return r
	}, s)
	if !strings.HasPrefix(t, "+") {
		t = "+" + t
	}
	if formats["phone"].re.MatchString(t) {
		return t
	}
	return s
}

func normalColor(s string) string {
	if !formats["color"].re.MatchString(s) {
		return s
	}
	h := strings.ToLower(strings.TrimPrefix(s, "#"))
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	return "#" + h
}

func normalSemver(s string) string {
	if !formats["semver"].re.MatchString(s) {
		return s
	}
	parts := strings.Split(strings.TrimPrefix(s, "v"), ".")
	for i, p := range parts {
		if parts[i] = strings.TrimLeft(p, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	return strings.Join(parts, ".")
}

func normalLocale(s string) string {
	if !formats["locale"].re.MatchString(s) {
		return s
	}
	if len(s) == 2 {
		return strings.ToLower(s)
	}
	return strings.ToLower(s[:2]) + "-" + strings.ToUpper(s[3:])
}
