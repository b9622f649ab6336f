package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/updatable"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// checkOption is the option that WITH CHECK OPTION sets.
const checkOption = "check_option"

var checkOptions = map[parser.ViewCheckOption]string{
	parser.ViewCheckOption_LOCAL_CHECK_OPTION:    "local",
	parser.ViewCheckOption_CASCADED_CHECK_OPTION: "cascaded",
}

// viewOptionValues are the options of views (reloptions.c) with the check of
// their values. Nothing here has rights of its own that a barrier or the
// invoker's rights would change.
var viewOptionValues = map[string]func(name, value string){
	"security_barrier": checkBoolOption,
	"security_invoker": checkBoolOption,
	checkOption: func(name, value string) {
		if value != "local" && value != "cascaded" {
			fail(pgerr.New(pgerr.InvalidParameterValue, "invalid value for enum option \"%s\": %s", name, value).
				WithDetail("Valid values are \"local\" and \"cascaded\"."))
		}
	},
}

func checkBoolOption(name, value string) {
	if !slices.Contains([]string{"true", "false", "on", "off", "yes", "no", "1", "0"}, strings.ToLower(value)) {
		failAt(-1, pgerr.InvalidParameterValue, "invalid value for boolean option \"%s\": %s", name, value)
	}
}

// viewOptions is transformRelOptions: the options that are left of have once set
// and reset are applied. 22023.
func (b *binder) viewOptions(have []string, set, reset []*parser.Node) []string {
	values := b.options(set)
	var out []string
	for _, o := range have {
		name, _, _ := strings.Cut(o, "=")
		_, again := values[name]
		if !again && !slices.ContainsFunc(reset, func(n *parser.Node) bool { return n.GetDefElem().Defname == name }) {
			out = append(out, o)
		}
	}
	for _, n := range set {
		name := n.GetDefElem().Defname
		check := viewOptionValues[name]
		if check == nil {
			failAt(-1, pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", name)
		}
		check(name, values[name])
		out = append(out, name+"="+values[name])
	}
	return out
}

// checkCheckOption is 0A000 for WITH CHECK OPTION of a view that can't be written.
func (b *binder) checkCheckOption(def *catalog.ViewDef) {
	rel := &catalog.Relation{Schema: def.Schema, Name: def.Name, Kind: catalog.View, Definition: def.Definition, Options: def.Options}
	if rel.Option(checkOption) == "" {
		return
	}
	for i, c := range def.Columns {
		rel.Columns = append(rel.Columns, &catalog.Column{Num: int16(i + 1), Name: c.Name})
	}
	b.checkUpdatable(rel)
}

func (b *binder) checkUpdatable(rel *catalog.Relation) {
	view, refused, err := updatable.Open(b.env.Catalog, rel)
	if err != nil {
		fail(err)
	}
	if view != nil {
		refused = view.WithoutColumns()
	}
	if refused != nil && refused.View == rel {
		fail(pgerr.New(pgerr.FeatureNotSupported, "WITH CHECK OPTION is supported only on automatically updatable views").
			WithHint("%s", refused.Detail))
	}
}

// alterView is ALTER VIEW, and ALTER TABLE of a view.
func (b *binder) alterView(rel *catalog.Relation, cmds []*parser.Node) []catalog.AlterAction {
	a := b.alteration(rel)
	var out []catalog.AlterAction
	for _, n := range cmds {
		cmd := n.GetAlterTableCmd()
		switch cmd.Subtype {
		case parser.AlterTableType_AT_ColumnDefault:
			out = append(out, a.columnDefault(parser.AlterAction{Cmd: cmd, Path: []string{cmd.Name}}))
		case parser.AlterTableType_AT_SetRelOptions:
			out = append(out, b.setViewOptions(rel, cmd.Def.GetList().GetItems(), nil))
		case parser.AlterTableType_AT_ResetRelOptions:
			out = append(out, b.setViewOptions(rel, nil, cmd.Def.GetList().GetItems()))
		default:
			unalterable(rel, cmd)
		}
	}
	return out
}

func (b *binder) setViewOptions(rel *catalog.Relation, set, reset []*parser.Node) catalog.AlterAction {
	changed := *rel
	changed.Options = b.viewOptions(rel.Options, set, reset)
	if changed.Option(checkOption) != "" {
		b.checkUpdatable(&changed)
	}
	return catalog.SetViewOptions{Options: changed.Options}
}
