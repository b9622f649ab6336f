package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/settings"
)

// SettingText is the value that SET gives a parameter
// (flatten_set_variable_args).
func SettingText(n *parser.VariableSetStmt) string {
	st := settings.Lookup(n.Name)
	parts := make([]string, len(n.Args))
	for i, a := range n.Args {
		parts[i] = parser.ConstText(a)
		if st != nil && st.List {
			parts[i] = parser.QuoteIdent(parts[i])
		}
	}
	return strings.Join(parts, ", ")
}

// setClause is one SET or RESET of CREATE and ALTER FUNCTION
// (update_proconfig_value).
func (x *functionBuilder) setClause(d *parser.DefElem) {
	n := d.Arg.GetVariableSetStmt()
	name, value := n.Name, ""
	switch n.Kind {
	case parser.VariableSetKind_VAR_RESET_ALL:
		x.f.Config = nil
		return
	case parser.VariableSetKind_VAR_RESET, parser.VariableSetKind_VAR_SET_DEFAULT:
		x.f.Config = withoutSetting(x.f.Config, name)
		return
	case parser.VariableSetKind_VAR_SET_CURRENT:
		value, _ = x.setting(name)
	case parser.VariableSetKind_VAR_SET_MULTI:
		unsupported(x.at(d.Location), "SET %s of a function", name)
	default:
		value = SettingText(n)
	}
	if st := settings.Lookup(name); st != nil {
		name = st.Name
		if err := st.Kept(); err != nil {
			fail(err)
		}
		if _, err := st.Canonical(value); err != nil {
			fail(err)
		}
	} else if !strings.Contains(name, ".") {
		fail(settings.Unrecognized(name))
	}
	x.f.Config = append(withoutSetting(x.f.Config, name), name+"="+value)
}

// withoutSetting is a copy of proconfig without one parameter.
func withoutSetting(config []string, name string) []string {
	var out []string
	for _, c := range config {
		if have, _, _ := strings.Cut(c, "="); !strings.EqualFold(have, name) {
			out = append(out, c)
		}
	}
	return out
}
