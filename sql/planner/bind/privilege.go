package bind

import (
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// Privileges are asked for when a statement is bound: for each relation that it names
// and the columns of it that it uses (ExecCheckRTPerms), and for the functions that it
// calls. A change of privileges, and of the current role, makes a prepared statement
// bind anew.

// rangeEntry is what a statement needs of one relation that it names: the permissions
// of an RTE. Columns are by number; wholeRow stands for all.
type rangeEntry struct {
	rel *catalog.Relation
	// role is whose privileges count, nil for one who has all.
	role                        *catalog.Role
	required                    catalog.Privilege
	selected, inserted, updated map[int16]bool
	// rowShare: what it updates are locks of rows.
	rowShare bool
	// through is the view through which a statement writes to the relation: what it
	// needs of the view, its owner needs of the relation (rewriteTargetView).
	through *rangeEntry
}

const wholeRow int16 = 0

// restricted is the current role where its privileges count; nil where all is allowed:
// to a superuser, to a client whose name is no role, and to the server.
func (b *binder) restricted() *catalog.Role {
	if b.env.User == "" {
		return nil
	}
	role := catalog.RoleByName(b.env.Catalog, b.env.User)
	if role == nil || role.Superuser {
		return nil
	}
	return role
}

// checkedAs is whose privileges count for the relations that are being bound: the owner's
// of the view or rule whose text it is, or the current role's.
func (b *binder) checkedAs() *catalog.Role {
	if b.viewOwner == nil {
		return b.restricted()
	}
	return b.owner(*b.viewOwner)
}

// owner is a role by oid as restricted has it.
func (b *binder) owner(oid catalog.OID) *catalog.Role {
	if oid == 0 || oid == catalog.BootstrapSuperuser {
		return nil
	}
	role := catalog.RoleByOID(b.env.Catalog, oid)
	switch {
	case role == nil:
		return &catalog.Role{OID: oid}
	case role.Superuser:
		return nil
	}
	return role
}

// asOwnerOf begins binding the text of a view or rule of a relation; the result ends it.
// A view with security_invoker is read as the current role whoever asks for it.
func (b *binder) asOwnerOf(rel *catalog.Relation) func() {
	saved := b.viewOwner
	b.viewOwner = &rel.Owner
	if rel.Kind == catalog.View && rel.Option("security_invoker") == "true" {
		b.viewOwner = nil
	}
	return func() { b.viewOwner = saved }
}

// rangeEntry notes a relation that the statement names.
func (b *binder) rangeEntry(rel *catalog.Relation, required catalog.Privilege) *rangeEntry {
	e := &rangeEntry{rel: rel, role: b.checkedAs(), required: required,
		selected: map[int16]bool{}, inserted: map[int16]bool{}, updated: map[int16]bool{}}
	b.entries = append(b.entries, e)
	return e
}

// use marks a column as read (markVarForSelectPriv): not by the texts that the table
// itself has, its defaults and checks.
func (b *binder) use(c *nsCol) *nsCol {
	if c != nil && c.needs != nil && !b.ownText {
		c.needs.required |= catalog.ACLSelect
		c.needs.selected[c.att] = true
	}
	return c
}

func (b *binder) useAll(cols []*nsCol) {
	for _, c := range cols {
		b.use(c)
	}
}

// checkEntries is ExecCheckRTPerms: 42501.
func (b *binder) checkEntries() {
	for _, e := range b.entries {
		if e.through != nil {
			e.required = e.through.required
		}
		if e.role != nil && !e.allowed(b.env.Catalog) {
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", relationNoun(e.rel), e.rel.Name)
		}
		b.locks = append(b.locks, e.tableLock()...)
	}
	for _, f := range b.secured {
		f()
	}
	b.entries, b.secured = nil, nil
}

// tableLock is the lock of the relation that the statement needs; none of those that no
// other session can lock.
func (e *rangeEntry) tableLock() []plan.TableLock {
	mode := plan.AccessShareLock
	switch {
	case e.rel.Virtual || catalog.IsTemporary(e.rel.OID):
		return nil
	case e.rowShare:
		mode = plan.RowShareLock
	case e.required&^catalog.ACLSelect != 0:
		mode = plan.RowExclusiveLock
	}
	return []plan.TableLock{{Relation: e.rel.OID, Mode: mode}}
}

// allowed is ExecCheckRTEPerms.
func (e *rangeEntry) allowed(r catalog.Reader) bool {
	have, _ := e.rel.Access().Rights(r, e.role, e.rel.Kind.Access())
	missing := e.required &^ have
	if missing&^(catalog.ACLSelect|catalog.ACLInsert|catalog.ACLUpdate) != 0 {
		return false
	}
	for _, of := range []struct {
		right catalog.Privilege
		nums  map[int16]bool
	}{{catalog.ACLSelect, e.selected}, {catalog.ACLInsert, e.inserted}, {catalog.ACLUpdate, e.updated}} {
		if missing&of.right != 0 && !e.allowedOn(r, of.right, of.nums) {
			return false
		}
	}
	return true
}

// allowedOn asks for a right on each of some columns, on any where none is named.
func (e *rangeEntry) allowedOn(r catalog.Reader, right catalog.Privilege, nums map[int16]bool) bool {
	have := func(c *catalog.Column) bool {
		rights, _ := e.rel.Access().ColumnRights(r, e.role, c.Num)
		return rights&right != 0
	}
	columns := e.rel.VisibleColumns()
	if len(nums) == 0 {
		return slices.ContainsFunc(columns, have)
	}
	for num := range nums {
		if num == wholeRow {
			if slices.ContainsFunc(columns, func(c *catalog.Column) bool { return !have(c) }) {
				return false
			}
			continue
		}
		if c := e.rel.Column(num); c == nil || !have(c) {
			return false
		}
	}
	return true
}

// shown is what errors may show of the rows that the entry's statement writes, filled in
// when all is known that it writes; nil for a client that may see all.
func (b *binder) shown(e *rangeEntry) *plan.Shown {
	role := b.restricted()
	if role == nil || e == nil {
		return nil
	}
	out := &plan.Shown{Read: map[int16]bool{}, Modified: map[int16]bool{}}
	b.secured = append(b.secured, func() {
		access := e.rel.Access()
		have, _ := access.Rights(b.env.Catalog, role, e.rel.Kind.Access())
		out.All = have&catalog.ACLSelect != 0
		maps.Copy(out.Modified, e.inserted)
		maps.Copy(out.Modified, e.updated)
		for _, c := range e.rel.VisibleColumns() {
			if rights, _ := access.ColumnRights(b.env.Catalog, role, c.Num); rights&catalog.ACLSelect != 0 {
				out.Read[c.Num] = true
			}
		}
	})
	return out
}

// topColumn is the number under which a column's privileges are kept: a nested leaf has
// those of the column that it is in.
func topColumn(rel *catalog.Relation, c *catalog.Column) int16 {
	if c.Path == nil {
		return c.Num
	}
	if top := rel.ColumnByName(c.Path[0]); top != nil {
		return top.Num
	}
	return wholeRow
}

// require is 42501 where the current role lacks a privilege on a relation.
func (b *binder) require(rel *catalog.Relation, needed catalog.Privilege) {
	role := b.restricted()
	if role == nil || rel == nil {
		return
	}
	if have, _ := rel.Access().Rights(b.env.Catalog, role, rel.Kind.Access()); needed&^have != 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", relationNoun(rel), rel.Name)
	}
}

// relationNoun is get_relkind_objtype's word.
func relationNoun(rel *catalog.Relation) string {
	if noun := relationNouns[rel.Kind]; noun != "" {
		return noun
	}
	return "table"
}

var relationNouns = map[catalog.RelKind]string{
	catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.Sequence: "sequence", catalog.CompositeType: "type",
}

// mayCall is 42501 for the functions of a bound statement that the current role may not
// execute: those of views too are called with its rights.
func (b *binder) mayCall(n plan.Node) {
	role := b.restricted()
	if role == nil {
		return
	}
	plan.WalkNodes(n, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			plan.Walk(e, func(e plan.Expr) bool {
				b.mayEvaluate(e)
				return true
			})
		}
		if agg, ok := n.(*plan.Aggregate); ok {
			for _, a := range agg.Aggs {
				b.mayExecute(a.Func.OID, a.Func.Name, "aggregate")
			}
		}
		return true
	})
}

func (b *binder) mayEvaluate(e plan.Expr) {
	switch e := e.(type) {
	case *plan.Call:
		if e.Func != nil {
			b.mayExecute(e.Func.OID, e.Func.Name, calledNouns[byte(e.Func.Kind)])
		}
	case *plan.Convert:
		if e.Elem != nil {
			plan.Walk(e.Elem, func(e plan.Expr) bool {
				b.mayEvaluate(e)
				return true
			})
		}
	}
}

var calledNouns = map[byte]string{'f': "function", 'p': "procedure", 'a': "aggregate", 'w': "function"}

// mayExecute is 42501 without EXECUTE on a function.
func (b *binder) mayExecute(oid catalog.OID, name, noun string) {
	if role := b.restricted(); role != nil {
		access := b.env.Catalog.Access(catalog.Object{Class: catalog.ClassProc, OID: oid})
		if rights, _ := access.Rights(b.env.Catalog, role, catalog.AccessFunction); rights&catalog.ACLExecute == 0 {
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", noun, name)
		}
	}
}

// targetPrivileges are what the statements need on their target.
var targetPrivileges = map[catalog.TriggerType]catalog.Privilege{
	catalog.TriggerInsert: catalog.ACLInsert, catalog.TriggerUpdate: catalog.ACLUpdate, catalog.TriggerDelete: catalog.ACLDelete,
}
