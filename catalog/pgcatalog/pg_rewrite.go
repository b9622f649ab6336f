package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

func init() { registry.Declare(pgRewrite, pgRules) }

// rewriteRule is a rule of a table or view: a view's query is that for SELECT.
type rewriteRule struct {
	v    View
	rel  *catalog.Relation
	rule *catalog.Rule
}

// viewRule is ViewSelectRuleName of rewriteSupport.h.
const viewRule = "_RETURN"

func rulesOf(v View, rel *catalog.Relation, yield func(rewriteRule)) {
	if isQuery(rel) {
		yield(rewriteRule{v, rel, &catalog.Rule{OID: queryRule(rel), Name: viewRule, Event: catalog.RuleSelect, Instead: true,
			Actions: []string{rel.Definition}, Enabled: 'O'}})
	}
	for _, rule := range rel.Rules {
		yield(rewriteRule{v, rel, rule})
	}
}

func allRules(v View, yield func(rewriteRule)) {
	for _, o := range Outlines(v) {
		if o.Kind == catalog.View || o.Kind == catalog.MaterializedView || len(o.Rules) > 0 {
			byOID(v, o.OID, func(rel *catalog.Relation) { rulesOf(v, rel, yield) })
		}
	}
}

// namedRules are those that CREATE RULE made.
func namedRules(v View, yield func(rewriteRule)) {
	allRules(v, func(r rewriteRule) {
		if r.rule.Event != catalog.RuleSelect {
			yield(r)
		}
	})
}

func ruleByOID(v View, oid catalog.OID) (found rewriteRule, ok bool) {
	rel := outline(v, oid)
	if rel == nil {
		rel = viewOfRule(v, oid)
	}
	if rel == nil {
		return rewriteRule{}, false
	}
	byOID(v, rel.OID, func(rel *catalog.Relation) {
		rulesOf(v, rel, func(r rewriteRule) {
			if r.rule.OID == oid {
				found, ok = r, true
			}
		})
	})
	return found, ok
}

// viewOfRule finds the view whose query is the rule of that oid, or nil.
func viewOfRule(v View, oid catalog.OID) *catalog.Relation {
	for _, o := range Outlines(v) {
		if isQuery(o) && queryRule(o) == oid {
			return o
		}
	}
	return nil
}

// isQuery: a view of the database's own, materialized or not.
func isQuery(rel *catalog.Relation) bool {
	return (rel.Kind == catalog.View || rel.Kind == catalog.MaterializedView) && !rel.Virtual
}

// queryRule is the oid of the rule that a view's query is.
func queryRule(rel *catalog.Relation) catalog.OID { return derivedOID(classRewrite, rel.OID, 0) }

var pgRewrite = virtual.Rel[rewriteRule]{
	Of:   "pg_rewrite",
	Rows: allRules,
	Columns: virtual.Columns[rewriteRule]{
		"oid":        func(r rewriteRule) any { return r.rule.OID },
		"rulename":   func(r rewriteRule) any { return r.rule.Name },
		"ev_class":   func(r rewriteRule) any { return r.rel.OID },
		"ev_type":    func(r rewriteRule) any { return letter(byte(r.rule.Event)) },
		"ev_enabled": func(r rewriteRule) any { return letter(r.rule.Enabled) },
		"is_instead": func(r rewriteRule) any { return r.rule.Instead },
		"ev_qual":    func(r rewriteRule) any { return r.rule.Where },
		"ev_action":  func(r rewriteRule) any { return strings.Join(r.rule.Actions, ";\n") },
	},
	Lookups: []virtual.Lookup[rewriteRule]{
		{By: []string{"ev_class"}, Find: func(v View, keys []any, yield func(rewriteRule)) {
			byOID(v, keys[0].(catalog.OID), func(rel *catalog.Relation) { rulesOf(v, rel, yield) })
		}},
	},
}

var pgRules = virtual.Rel[rewriteRule]{
	Of:   "pg_rules",
	Rows: namedRules,
	Columns: virtual.Columns[rewriteRule]{
		"schemaname": func(r rewriteRule) any { return r.rel.Schema },
		"tablename":  func(r rewriteRule) any { return r.rel.Name },
		"rulename":   func(r rewriteRule) any { return r.rule.Name },
		"definition": func(r rewriteRule) any { return r.definition(qualified, r.rest(false)) },
	},
}

var ruleEventNames = map[catalog.RuleEvent]string{catalog.RuleSelect: "SELECT", catalog.RuleUpdate: "UPDATE", catalog.RuleInsert: "INSERT", catalog.RuleDelete: "DELETE"}

// definition is make_ruledef of ruleutils.c; rest is what follows the event.
func (r rewriteRule) definition(name naming, rest string) string {
	return "CREATE RULE " + parser.QuoteIdent(r.rule.Name) + " AS\n    ON " + ruleEventNames[r.rule.Event] + " TO " + name(r.rel) + rest
}

// rest is what follows the event of a rule that CREATE RULE made.
func (r rewriteRule) rest(pretty bool) string {
	if d := r.v.Deparser(); d != nil {
		if text, ok := d.Rule(r.rel, r.rule, pretty); ok {
			return text
		}
	}
	return r.kept()
}

// kept is the rest as the catalog keeps it, each action in one line.
func (r rewriteRule) kept() string {
	var b strings.Builder
	if r.rule.Where != "" {
		b.WriteString("\n   WHERE (" + r.rule.Where + ")")
	}
	b.WriteString(" DO ")
	if r.rule.Instead {
		b.WriteString("INSTEAD ")
	}
	switch len(r.rule.Actions) {
	case 0:
		return b.String() + "NOTHING;"
	case 1:
		return b.String() + " " + r.rule.Actions[0] + ";"
	}
	return b.String() + "( " + strings.Join(r.rule.Actions, ";\n ") + ";\n);"
}

func ruleDef(q *call) (any, error) {
	r, ok := ruleByOID(q.View, q.oid(0))
	if !ok {
		return nil, nil
	}
	name := naming(qualified)
	if q.flag(1) {
		name = shortest(q.View)
	}
	if r.rule.Event == catalog.RuleSelect {
		return r.definition(name, " DO INSTEAD "+viewDefinition(q.View, r.rel, q.layout())), nil
	}
	return r.definition(name, r.rest(q.flag(1))), nil
}
