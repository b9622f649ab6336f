package auth

import (
	"regexp"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// IdentRule is a line of pg_ident.conf: who a name of another system may be here.
type IdentRule struct {
	Line              int
	Map, System, Role string
	pattern           *regexp.Regexp
}

// ParseIdent reads the text of the pg_ident.conf at path, as ParseHBA does: F0000.
func ParseIdent(path, text string, read ReadFile) ([]IdentRule, error) {
	lines, err := tokenizer{path: path, read: read}.tokenize(text)
	if err != nil {
		return nil, err
	}
	var out []IdentRule
	for _, l := range lines {
		if len(l.fields) < 3 || len(l.fields[0]) > 1 || len(l.fields[1]) > 1 || len(l.fields[2]) > 1 {
			return nil, hbaError(l.number, "missing entry at end of line")
		}
		r := IdentRule{Line: l.number, Map: l.fields[0][0].text, System: l.fields[1][0].text, Role: l.fields[2][0].text}
		if pattern, ok := strings.CutPrefix(r.System, "/"); ok {
			if r.pattern, err = regexp.Compile(pattern); err != nil {
				return nil, hbaError(l.number, "invalid regular expression \"%s\"", pattern)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// mapped is check_usermap: without a map both names are the same.
func (h HBA) mapped(usermap, system, role string) bool {
	if usermap == "" {
		return system == role
	}
	for _, m := range h.Maps {
		if m.Map == usermap && m.allows(system, role) {
			return true
		}
	}
	return false
}

// allows is check_ident_usermap: \1 in the role stands for what the pattern's first
// group matched.
func (m IdentRule) allows(system, role string) bool {
	if m.pattern == nil {
		return m.System == system && m.Role == role
	}
	found := m.pattern.FindStringSubmatch(system)
	if found == nil {
		return false
	}
	want := m.Role
	if len(found) > 1 {
		want = strings.Replace(want, `\1`, found[1], 1)
	}
	return want == role
}

func fatal28000(format string, args ...any) error {
	return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, format, args...)
}
