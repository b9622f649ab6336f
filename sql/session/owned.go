package session

import (
	"context"
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownable is an object that can be owned, and how messages call it.
type ownable struct {
	catalog.Object
	catalog.Access
	description string
	drop        func(ctx context.Context, cascade bool, out Output) error
}

// ownables are all objects that have an owner, in the order in which they can be
// dropped. None of the server's own is among them.
func (s *Session) ownables() []ownable {
	var out []ownable
	cat := s.catalog()
	for _, rel := range cat.Relations() {
		noun := relationNouns[rel.Kind]
		if rel.Virtual || noun == "" {
			continue
		}
		kind := relationDrops[rel.Kind]
		out = append(out, ownable{catalog.Object{Class: catalog.ClassRelation, OID: rel.OID}, rel.Access(), noun + " " + s.shownName(rel.Schema, rel.Name),
			func(ctx context.Context, cascade bool, out Output) error {
				if s.catalog().RelationByOID(rel.OID) == nil || rel.Kind == catalog.Sequence && rel.Sequence.Owner != 0 {
					return nil
				}
				return s.drop(ctx, &plan.Drop{Kind: kind, Cascade: cascade, Objects: []plan.DropObject{{OID: rel.OID, Name: rel.Name}}}, out)
			}})
	}
	return append(append(out, s.ownableRoutines()...), s.ownableRest()...)
}

var relationDrops = map[catalog.RelKind]plan.DropKind{catalog.Table: plan.DropTable, catalog.PartitionedTable: plan.DropTable,
	catalog.View: plan.DropView, catalog.MaterializedView: plan.DropMaterializedView, catalog.Sequence: plan.DropSequence}

// shownName is a name with its schema where the search path does not have that.
func (s *Session) shownName(schema, name string) string {
	if slices.Contains(s.fullPath(), schema) {
		return parser.QuoteIdent(name)
	}
	return parser.QuoteIdent(schema) + "." + parser.QuoteIdent(name)
}

func (s *Session) ownableRoutines() []ownable {
	var out []ownable
	add := func(class, oid types.OID, as plan.RoutineClass, description string) {
		o := catalog.Object{Class: class, OID: oid}
		out = append(out, ownable{o, s.catalog().Access(o), description, func(ctx context.Context, cascade bool, out Output) error {
			return s.dropRoutines(ctx, &plan.DropRoutines{Objects: []plan.RoutineObject{{OID: oid, Class: as, Description: description}}, Cascade: cascade}, out)
		}})
	}
	for _, f := range s.catalog().Routines().Functions() {
		if f.Of == 0 {
			add(catalog.ClassProc, f.OID, plan.FunctionObject, bind.DescribeFunction(s.bindEnv(nil), f))
		}
	}
	for _, o := range s.catalog().Routines().AllOperators() {
		add(catalog.ClassOperator, o.OID, plan.OperatorObject, "operator "+o.Name)
	}
	for _, c := range s.catalog().Routines().OpClasses().Classes {
		add(catalog.ClassOpclass, c.OID, plan.OpClassObject, bind.DescribeOpClass(c))
	}
	for _, f := range s.catalog().Routines().OpClasses().Families {
		add(catalog.ClassOpfamily, f.OID, plan.OpFamilyObject, bind.DescribeOpFamily(f))
	}
	for _, c := range s.catalog().Types().Collations() {
		if c.OID >= types.FirstNormalOID {
			add(catalog.ClassCollation, c.OID, plan.CollationObject, "collation "+s.shownName(c.Namespace, c.Name))
		}
	}
	return out
}

// ownableRest are types, schemas and the databases.
func (s *Session) ownableRest() []ownable {
	var out []ownable
	cat := s.catalog()
	for _, t := range s.ownTypes() {
		o := catalog.Object{Class: catalog.ClassType, OID: t.OID}
		out = append(out, ownable{o, cat.Access(o), "type " + s.shownName(t.Namespace, t.Name), func(ctx context.Context, cascade bool, out Output) error {
			return s.drop(ctx, &plan.Drop{Kind: plan.DropType, Cascade: cascade, Objects: []plan.DropObject{{OID: t.OID, Name: t.Name}}}, out)
		}})
	}
	for _, sc := range cat.Schemas() {
		if sc.Name == s.tempSchema {
			continue
		}
		out = append(out, ownable{catalog.Object{Class: catalog.ClassSchema, OID: sc.OID}, catalog.Access{Owner: sc.Owner, ACL: sc.ACL},
			"schema " + parser.QuoteIdent(sc.Name), func(ctx context.Context, cascade bool, out Output) error {
				return s.drop(ctx, &plan.Drop{Kind: plan.DropSchema, Cascade: cascade, Objects: []plan.DropObject{{OID: sc.OID, Name: sc.Name}}}, out)
			}})
	}
	for _, d := range cat.Databases() {
		out = append(out, ownable{catalog.Object{Class: catalog.ClassDatabase, OID: d.OID}, catalog.Access{Owner: d.Owner, ACL: d.ACL},
			"database " + parser.QuoteIdent(d.Name), nil})
	}
	return out
}

// ownTypes are the types that CREATE TYPE and CREATE DOMAIN made.
func (s *Session) ownTypes() []*types.Type {
	var out []*types.Type
	for _, t := range s.catalog().Types().All() {
		if t.OID < types.FirstNormalOID || t.IsArray() || t.Kind == 'm' {
			continue
		}
		if rel := s.catalog().RelationByOID(t.Relation); t.Kind == 'c' && (rel == nil || rel.Kind != catalog.CompositeType) {
			continue // a row type
		}
		out = append(out, t)
	}
	return out
}

// ownedBy is DROP OWNED and REASSIGN OWNED (shdepDropOwned, shdepReassignOwned).
func (s *Session) ownedBy(ctx context.Context, d *plan.OwnedBy, out Output) error {
	large, err := s.largeOwnables(ctx)
	if err != nil {
		return err
	}
	for _, o := range append(s.ownables(), large...) {
		if !slices.Contains(d.Roles, o.Owner) {
			continue
		}
		if err := s.disown(ctx, d, o, out); err != nil {
			return err
		}
	}
	if d.To != 0 {
		return nil
	}
	for _, role := range d.Roles {
		if err := s.revokeLarge(ctx, role); err != nil {
			return err
		}
		if err := s.changeCatalog(s.tx.catalogTx().RevokeAll(ctx, role)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) disown(ctx context.Context, d *plan.OwnedBy, o ownable, out Output) error {
	switch {
	case d.To != 0:
		return s.changeOwner(ctx, o.Object, d.To)
	case o.drop == nil:
		return nil // a database is not dropped
	}
	return o.drop(ctx, d.Cascade, out)
}

// roleUses are the objects that a role owns, and those on which it has privileges
// (checkSharedDependencies).
func (s *Session) roleUses(ctx context.Context, oid types.OID) ([]string, error) {
	var out []string
	large, err := s.largeOwnables(ctx)
	if err != nil {
		return nil, err
	}
	named := func(acl []catalog.ACLItem) bool {
		return slices.ContainsFunc(acl, func(a catalog.ACLItem) bool { return a.Grantee == oid || a.Grantor == oid })
	}
	for _, o := range append(s.ownables(), large...) {
		if o.Owner == oid {
			out = append(out, "owner of "+o.description)
			continue
		}
		if named(o.ACL) {
			out = append(out, "privileges for "+o.description)
		}
		for num, acl := range o.Columns {
			if named(acl) {
				out = append(out, "privileges for column "+s.catalog().RelationByOID(o.OID).Column(num).Name+" of "+o.description)
			}
		}
	}
	for _, rel := range s.catalog().Relations() {
		for _, p := range rel.Policies {
			if slices.Contains(p.Roles, oid) {
				out = append(out, "target of "+s.describedPart("policy", p.Name, rel))
			}
		}
	}
	for _, d := range s.catalog().DefaultACLs() {
		if d.Role == oid || named(d.ACL) {
			out = append(out, s.describeDefault(d, d.Role == oid))
		}
	}
	return append(out, s.privilegesForBuiltin(oid)...), nil
}

var defaultNouns = map[catalog.AccessKind]string{catalog.AccessTable: "relations", catalog.AccessSequence: "sequences",
	catalog.AccessFunction: "functions", catalog.AccessType: "types", catalog.AccessSchema: "schemas"}

// describeDefault is getObjectDescription of a default ACL.
func (s *Session) describeDefault(d catalog.DefaultACL, own bool) string {
	role := catalog.RoleByOID(s.catalog(), d.Role)
	text := "default privileges on new " + defaultNouns[d.Kind] + " belonging to role "
	if role != nil {
		text += parser.QuoteIdent(role.Name)
	}
	for _, sc := range s.catalog().Schemas() {
		if sc.OID == d.Schema {
			text += " in schema " + parser.QuoteIdent(sc.Name)
		}
	}
	if own {
		return "owner of " + text
	}
	return "privileges for " + text
}

// privilegesForBuiltin are privileges on what no database makes, and that another
// database of the server would not know: they are told by oid.
func (s *Session) privilegesForBuiltin(role types.OID) []string {
	var out []string
	for _, l := range catalog.Languages {
		o := bind.LanguageObject(l.Name)
		acl := s.catalog().Access(o).ACL
		if slices.ContainsFunc(acl, func(a catalog.ACLItem) bool { return a.Grantee == role || a.Grantor == role }) {
			out = append(out, "privileges for language "+l.Name)
		}
	}
	for _, rel := range s.catalog().Relations() {
		if rel.Virtual && slices.ContainsFunc(rel.ACL, func(a catalog.ACLItem) bool { return a.Grantee == role }) && role >= catalog.FirstUserOID {
			out = append(out, "privileges for table "+rel.Name)
		}
	}
	if len(out) > 100 {
		out = append(out[:100], "and "+strconv.Itoa(len(out)-100)+" other objects")
	}
	return out
}
