package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// policyCommands is parse_policy_command.
var policyCommands = map[string]catalog.PolicyCommand{
	"all": catalog.PolicyAll, "select": catalog.PolicySelect, "insert": catalog.PolicyInsert,
	"update": catalog.PolicyUpdate, "delete": catalog.PolicyDelete,
}

// securedTable finds the table of a statement about policies (RangeVarCallbackForPolicy).
func (b *binder) securedTable(rv *parser.RangeVar) *catalog.Relation {
	rel := b.definedRelation(rv)
	b.checkOwned(rel)
	if !rel.IsTable() {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a table", rel.Name)
	}
	return rel
}

// createPolicy is CREATE POLICY.
func (b *binder) createPolicy(c *parser.CreatePolicyStmt) plan.Statement {
	rel := b.securedTable(c.Table)
	p := catalog.Policy{Name: c.PolicyName, Row: rel.Name, Command: policyCommands[c.CmdName], Restrictive: !c.Permissive}
	switch {
	case c.WithCheck != nil && (p.Command == catalog.PolicySelect || p.Command == catalog.PolicyDelete):
		failAt(-1, pgerr.SyntaxError, "WITH CHECK cannot be applied to SELECT or DELETE")
	case c.Qual != nil && p.Command == catalog.PolicyInsert:
		failAt(-1, pgerr.SyntaxError, "only WITH CHECK expression allowed for INSERT")
	case rel.Policy(p.Name) != nil:
		failAt(-1, pgerr.DuplicateObject, "policy \"%s\" for table \"%s\" already exists", p.Name, rel.Name)
	}
	out := &plan.AlterTable{Tag: "CREATE POLICY", Relation: rel.OID, Name: rel.Name}
	p.Roles, out.Notices = b.policyRoles(c.Roles)
	p.Using, p.Check = b.policyText(rel, p.Row, c.Qual), b.policyText(rel, p.Row, c.WithCheck)
	p.Reads = b.otherRelations(rel)
	out.Actions = []catalog.AlterAction{catalog.PutPolicy{Policy: p}}
	return out
}

// otherRelations are those of the database's own, beside rel, that have been named.
func (b *binder) otherRelations(rel *catalog.Relation) []types.OID {
	return slices.DeleteFunc(b.relationOIDs(), func(oid types.OID) bool { return oid == rel.OID || oid < catalog.FirstUserOID })
}

// alterPolicy is ALTER POLICY: what is not given stays.
func (b *binder) alterPolicy(c *parser.AlterPolicyStmt) plan.Statement {
	rel := b.securedTable(c.Table)
	have := b.policyOf(rel, c.PolicyName)
	p := *have
	switch {
	case c.WithCheck != nil && (p.Command == catalog.PolicySelect || p.Command == catalog.PolicyDelete):
		failAt(-1, pgerr.SyntaxError, "only USING expression allowed for SELECT, DELETE")
	case c.Qual != nil && p.Command == catalog.PolicyInsert:
		failAt(-1, pgerr.SyntaxError, "only WITH CHECK expression allowed for INSERT")
	}
	out := &plan.AlterTable{Tag: "ALTER POLICY", Relation: rel.OID, Name: rel.Name}
	if len(c.Roles) > 0 {
		p.Roles, out.Notices = b.policyRoles(c.Roles)
	}
	if (p.Using == "" || c.Qual != nil) && (p.Check == "" || c.WithCheck != nil) {
		p.Row = rel.Name
	}
	replace := func(text *string, n *parser.Node) {
		switch {
		case n == nil && *text == "":
		case n == nil || p.Row == rel.Name:
			if n == nil {
				n = parseText(*text) // for what it names
			}
			*text = b.policyText(rel, p.Row, n)
		default:
			unsupported(-1, "ALTER POLICY of a table that was renamed since")
		}
	}
	replace(&p.Using, c.Qual)
	replace(&p.Check, c.WithCheck)
	p.Reads = b.otherRelations(rel)
	out.Actions = []catalog.AlterAction{catalog.PutPolicy{Policy: p}}
	return out
}

// policyOf is 42704 for a policy that there is not.
func (b *binder) policyOf(rel *catalog.Relation, name string) *catalog.Policy {
	p := rel.Policy(name)
	if p == nil {
		failAt(-1, pgerr.UndefinedObject, "policy \"%s\" for table \"%s\" does not exist", name, rel.Name)
	}
	return p
}

// policyRoles is policy_role_list_to_array: PUBLIC includes all others.
func (b *binder) policyRoles(ns []*parser.Node) (roles []catalog.OID, notices []*pgerr.Error) {
	for _, n := range ns {
		spec := n.GetRoleSpec()
		if spec.Roletype != parser.RoleSpecType_ROLESPEC_PUBLIC {
			roles = append(roles, b.definedRole(b.roleName(spec)).OID)
			continue
		}
		if len(ns) > 1 {
			notices = []*pgerr.Error{pgerr.Notice(pgerr.SeverityWarning, pgerr.InvalidParameterValue, "ignoring specified roles other than PUBLIC").
				WithHint("All roles are members of the PUBLIC role.")}
		}
		return []catalog.OID{0}, notices
	}
	return roles, nil
}

// policyText binds an expression of a policy and returns it as text in which tables go
// on meaning what they mean now.
func (b *binder) policyText(rel *catalog.Relation, row string, n *parser.Node) string {
	if n == nil {
		return ""
	}
	own := newBinder(b.env)
	own.freezing, own.noPolicies, own.relations = true, true, b.relations
	s := own.newScope(nil)
	_, _, item := s.rowOf(rel, row)
	s.items, s.all = []*nsItem{item}, []*nsItem{item}
	n = parser.Clone(n)
	e := s.condition(n, kindPolicy, "POLICY")
	return own.exprText(own.pinned(n, e))
}

// dropPolicy is DROP POLICY.
func (b *binder) dropPolicy(d *parser.DropStmt) plan.Statement {
	rel, p, missing, notice := b.namedPolicy(d.Objects[0])
	switch {
	case missing != nil && d.MissingOk:
		return &plan.Nothing{Tag: "DROP POLICY", Notices: []*pgerr.Error{pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "%s, skipping", notice)}}
	case missing != nil:
		fail(missing)
	}
	b.checkOwned(rel)
	return &plan.AlterTable{Tag: "DROP POLICY", Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.DropPolicy{Name: p.Name}}}
}

// namedPolicy finds the policy of DROP POLICY and COMMENT ON: 42P01, 42704.
func (b *binder) namedPolicy(n *parser.Node) (*catalog.Relation, *catalog.Policy, *pgerr.Error, string) {
	_, name, missing := b.tableObject(n)
	if missing != nil {
		return nil, nil, missing, missing.Message
	}
	parts := nameParts(n.GetList().GetItems())
	rel := b.findRelation(qualified(parts[:len(parts)-1]))
	p := rel.Policy(name)
	if p == nil {
		e, _ := missingObject("policy \"%s\" for table \"%s\" does not exist", name, rel.Name)
		return rel, nil, e, "policy \"" + name + "\" for relation \"" + rel.Name + "\" does not exist"
	}
	return rel, p, nil, ""
}

// renamePolicy is ALTER POLICY … RENAME TO.
func (b *binder) renamePolicy(r *parser.RenameStmt) plan.Statement {
	rel := b.securedTable(r.Relation)
	if rel.Policy(r.Newname) != nil {
		failAt(-1, pgerr.DuplicateObject, "policy \"%s\" for table \"%s\" already exists", r.Newname, rel.Name)
	}
	p := *b.policyOf(rel, r.Subname)
	p.Name = r.Newname
	return &plan.AlterTable{Tag: "ALTER POLICY", Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{catalog.PutPolicy{Policy: p}}}
}

func (b *binder) commentPolicy(c *parser.CommentStmt) (types.OID, int16) {
	rel, p, missing, _ := b.namedPolicy(c.Object)
	if missing != nil {
		fail(missing)
	}
	b.checkOwned(rel)
	return p.OID, 0
}

func init() {
	yes, no := true, false
	for t, action := range map[parser.AlterTableType]catalog.SetRowSecurity{
		parser.AlterTableType_AT_EnableRowSecurity:  {Enabled: &yes},
		parser.AlterTableType_AT_DisableRowSecurity: {Enabled: &no},
		parser.AlterTableType_AT_ForceRowSecurity:   {Forced: &yes},
		parser.AlterTableType_AT_NoForceRowSecurity: {Forced: &no},
	} {
		alterCommands[t] = func(a *alteration, x parser.AlterAction) catalog.AlterAction {
			if !a.rel.IsTable() {
				unalterable(a.rel, x.Cmd)
			}
			return action
		}
	}
}

// dropPolicies deals with the policies that name a column which is dropped: 2BP01,
// unless CASCADE drops them along with it.
func (a *alteration) dropPolicies(c *catalog.Column, cascade bool) {
	var details []string
	what := "column " + c.Name + " of " + a.tableText(a.rel)
	for _, p := range a.rel.Policies {
		if !policyNames(p, c.Name) {
			continue
		}
		on := "policy " + p.Name + " on " + a.tableText(a.rel)
		if details = append(details, on+" depends on "+what); cascade {
			a.notices = append(a.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "drop cascades to %s", on))
			a.before = append(a.before, catalog.DropPolicy{Name: p.Name})
		}
	}
	if len(details) > 0 && !cascade {
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because other objects depend on it", what).
			WithDetail("%s", strings.Join(details, "\n")).WithHint("Use DROP ... CASCADE to drop the dependent objects too."))
	}
}

// policyNames says whether a policy's expressions name a column.
func policyNames(p *catalog.Policy, column string) bool {
	for _, text := range []string{p.Using, p.Check} {
		if text != "" && slices.Contains(parser.ColumnNames(parseText(text)), column) {
			return true
		}
	}
	return false
}

// checkPolicyRetype is RememberAllDependentForRebuilding's refusal: 0A000.
func (a *alteration) checkPolicyRetype(c *catalog.Column) {
	for _, p := range a.rel.Policies {
		if policyNames(p, c.Name) {
			fail(pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of a column used in a policy definition").
				WithDetail("policy %s on %s depends on column \"%s\"", p.Name, a.tableText(a.rel), c.Name))
		}
	}
}
