package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Row-level security is bound into a statement (rewrite/rowsecurity.c): what is read of a
// table is filtered behind a plan.SecurityBarrier, and what is written checked. A
// statement that needs SELECT of the table that it changes is held to the policies for
// that too, which is known when all of it is bound.

// secures is check_enable_rls for a relation that is read or written with a role's
// privileges: 42501 where row_security says that policies must not apply.
func (b *binder) secures(rel *catalog.Relation, role *catalog.Role) bool {
	if b.env.NoRules || b.noPolicies || rel.Virtual || !rel.RowSecurityFor(b.env.Catalog, role) {
		return false
	}
	if setting, _ := b.setting("row_security"); setting == "off" {
		e := pgerr.New(pgerr.InsufficientPrivilege, "query would be affected by row-level security policy for table \"%s\"", rel.Name)
		if catalog.HasPrivsOf(b.env.Catalog, role, rel.Owner) {
			e.WithHint("To disable the policy for the table's owner, use ALTER TABLE NO FORCE ROW LEVEL SECURITY.")
		}
		fail(e)
	}
	return true
}

// securedScan is a scan of FROM of which policies hide rows.
func (s *scope) securedScan(it *nsItem, scan *plan.Scan) plan.Node {
	if s.ruleTarget || it.needs == nil || !s.b.secures(scan.Rel, it.needs.role) {
		return scan
	}
	f := &plan.Filter{Input: scan, Cond: s.shownBy(scan.Rel, it, catalog.PolicySelect, it.needs.role)}
	for _, l := range s.lockables {
		if l.scan == scan {
			l.secured = f
		}
	}
	return &plan.SecurityBarrier{Input: f}
}

// secureLocked: SELECT FOR UPDATE and its family see what UPDATE sees.
func (q *selection) secureLocked(l *lockable) {
	if l.secured != nil {
		more := q.shownBy(l.scan.Rel, l.item, catalog.PolicyUpdate, l.item.needs.role)
		l.secured.Cond = q.b.and([]plan.Expr{l.secured.Cond, more}, -1)
	}
}

// securedTarget is the scan of the table that UPDATE or DELETE changes.
func (s *scope) securedTarget(to *writeTarget, row *nsItem, scan *plan.Scan) plan.Node {
	if to.base == nil || !s.b.secures(to.table, to.base.role) {
		return scan
	}
	cmd := catalog.PolicyUpdate
	switch {
	case to.merges:
		cmd = catalog.PolicySelect
	case to.verb.event == catalog.TriggerDelete:
		cmd = catalog.PolicyDelete
	}
	f := &plan.Filter{Input: scan, Cond: s.shownBy(to.table, row, cmd, to.base.role)}
	selects := s.shownBy(to.table, row, catalog.PolicySelect, to.base.role)
	s.b.secured = append(s.b.secured, func() {
		if to.base.required&catalog.ACLSelect != 0 {
			f.Cond = s.b.and([]plan.Expr{f.Cond, selects}, -1)
		}
	})
	return &plan.SecurityBarrier{Input: f}
}

// updatePolicies are the checks of the row that an UPDATE leaves.
func (s *scope) updatePolicies(to *writeTarget, after *nsItem) []plan.Check {
	if to.base == nil || !s.b.secures(to.table, to.base.role) {
		return nil
	}
	return append(s.policyChecks(to, after, catalog.PolicyUpdate, plan.PolicyUpdates, false),
		s.ifSelected(to, s.policyChecks(to, after, catalog.PolicySelect, plan.PolicyUpdates, true))...)
}

// insertPolicies are those of the row that an INSERT proposes, and of the row that ON
// CONFLICT DO UPDATE finds and leaves.
func (s *scope) insertPolicies(to *writeTarget, row *nsItem, oc *parser.OnConflictClause) []plan.Check {
	if to.base == nil || !s.b.secures(to.table, to.base.role) {
		return nil
	}
	out := s.policyChecks(to, row, catalog.PolicyInsert, plan.PolicyInserts, false)
	if to.merges {
		return out
	}
	out = append(out, s.ifSelected(to, s.policyChecks(to, row, catalog.PolicySelect, plan.PolicyInserts, true))...)
	if oc == nil || oc.Action == parser.OnConflictAction_ONCONFLICT_NOTHING {
		return out
	}
	for _, when := range []plan.PolicyCheck{plan.PolicyExists, plan.PolicyUpdates} {
		out = append(out, s.policyChecks(to, row, catalog.PolicyUpdate, when, when == plan.PolicyExists)...)
		out = append(out, s.ifSelected(to, s.policyChecks(to, row, catalog.PolicySelect, when, true))...)
	}
	return out
}

// mergePolicies are those that a row must meet which an action of MERGE is to change: it
// is no row to leave alone, but an error.
func (g *merging) mergePolicies(cmd catalog.PolicyCommand) []plan.Check {
	if !g.b.secures(g.table, g.base.role) {
		return nil
	}
	return g.policyChecks(g.writeTarget, g.row, cmd, plan.PolicyMerges, true)
}

// ifSelected are checks that hold only where the statement turns out to need SELECT of
// its target.
func (s *scope) ifSelected(to *writeTarget, checks []plan.Check) []plan.Check {
	s.b.secured = append(s.b.secured, func() {
		if to.base.required&catalog.ACLSelect == 0 {
			for i := range checks {
				setTrue(checks[i].Cond)
			}
		}
	})
	return checks
}

// setTrue makes the condition of a policy's check one that all rows meet.
func setTrue(e plan.Expr) {
	test := e.(*plan.BoolTest)
	test.Arg = &plan.Const{Meta: plan.M(test.Typ, -1), Value: true}
}

// shownBy is the condition under which policies for a command show a row: what one of
// the permissive ones and all of the restrictive ones let through (add_security_quals).
func (s *scope) shownBy(rel *catalog.Relation, it *nsItem, cmd catalog.PolicyCommand, role *catalog.Role) plan.Expr {
	permissive, restrictive := rel.PoliciesFor(s.b.env.Catalog, cmd, role)
	conds := []plan.Expr{s.anyPolicy(rel, it, permissive, usingText)}
	for _, p := range restrictive {
		if p.Using != "" {
			conds = append(conds, s.policyExpr(rel, it, p.Row, p.Using))
		}
	}
	return s.b.and(conds, -1)
}

func usingText(p *catalog.Policy) string { return p.Using }

// checkText is QUAL_FOR_WCO.
func checkText(p *catalog.Policy) string {
	if p.Check != "" {
		return p.Check
	}
	return p.Using
}

// policyChecks is add_with_check_options: the permissive policies together, then each of
// the restrictive ones. Of SELECT the USING expressions are meant.
func (s *scope) policyChecks(to *writeTarget, it *nsItem, cmd catalog.PolicyCommand, when plan.PolicyCheck, using bool) []plan.Check {
	text := checkText
	if using {
		text = usingText
	}
	permissive, restrictive := to.table.PoliciesFor(s.b.env.Catalog, cmd, to.base.role)
	check := func(name string, cond plan.Expr) plan.Check {
		is := &plan.BoolTest{Meta: plan.M(s.b.typ(types.BoolOID), -1), Arg: cond, Test: plan.IsTrue}
		return plan.Check{Name: name, Cond: is, Policy: when, Table: to.table.Name}
	}
	out := []plan.Check{check("", s.anyPolicy(to.table, it, permissive, text))}
	for _, p := range restrictive {
		if t := text(p); t != "" {
			out = append(out, check(p.Name, s.policyExpr(to.table, it, p.Row, t)))
		}
	}
	return out
}

// anyPolicy is that one of the policies holds; without any, nothing does.
func (s *scope) anyPolicy(rel *catalog.Relation, it *nsItem, policies []*catalog.Policy, text func(*catalog.Policy) string) plan.Expr {
	var conds []plan.Expr
	for _, p := range policies {
		if t := text(p); t != "" {
			conds = append(conds, s.policyExpr(rel, it, p.Row, t))
		}
	}
	switch len(conds) {
	case 0:
		return s.b.value(types.BoolOID, false, -1)
	case 1:
		return conds[0]
	}
	return &plan.Or{Meta: plan.M(s.b.typ(types.BoolOID), -1), Args: conds}
}

// policyExpr binds an expression of a policy over a row of its table, which it calls name: 42P17 for one whose
// subquery reads the table itself.
func (s *scope) policyExpr(rel *catalog.Relation, it *nsItem, name, text string) plan.Expr {
	b := s.b
	if slices.Contains(b.policies, rel.OID) {
		failAt(-1, pgerr.InvalidObjectDefinition, "infinite recursion detected in policy for relation \"%s\"", rel.Name)
	}
	row := *it
	row.name, row.rel, row.aliased = name, nil, true
	row.cols = cloneCols(it.cols)
	for _, c := range row.cols { // an alias may have given them other names
		if own := rel.Column(c.num); own != nil {
			c.name = own.Name
		}
	}
	b.policies = append(b.policies, rel.OID)
	defer func() { b.policies = b.policies[:len(b.policies)-1] }()
	return b.boolean(b.textExpr(text, &row, kindPolicy), "POLICY")
}
