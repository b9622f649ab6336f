package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// LockTable are the locks that LOCK TABLE asks for (LockTableCommand): 42P01, 42809,
// 42501. A view brings along what it reads (LockViewRecurse).
func LockTable(env *Env, n *parser.LockStmt) (locks []plan.TableLock, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	mode := plan.LockMode(n.Mode)
	for _, node := range n.Relations {
		rv := node.GetRangeVar()
		rel := b.relation(rv)
		switch rel.Kind {
		case catalog.Table, catalog.View, catalog.PartitionedTable:
		default:
			return nil, pgerr.New(pgerr.WrongObjectType, "cannot lock relation \"%s\"", rel.Name).
				WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind])
		}
		b.mayLock(rel, mode)
		locks = append(locks, plan.TableLock{Relation: rel.OID, Mode: mode, Only: !rv.Inh})
		if rel.Kind == catalog.View {
			locks = append(locks, b.viewLocks(rel, mode)...)
		}
	}
	return locks, nil
}

// mayLock is LockTableAclCheck: 42501 without any of the privileges that allow the mode.
func (b *binder) mayLock(rel *catalog.Relation, mode plan.LockMode) {
	role := b.restricted()
	if role == nil {
		return
	}
	any := catalog.ACLUpdate | catalog.ACLDelete | catalog.ACLTruncate
	switch mode {
	case plan.AccessShareLock:
		any = catalog.ACLSelect
	case plan.RowExclusiveLock:
		any |= catalog.ACLInsert
	}
	if have, _ := rel.Access().Rights(b.env.Catalog, role, rel.Kind.Access()); have&any == 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", relationNoun(rel), rel.Name)
	}
}

// viewLocks are those of what a view reads, by other views too.
func (b *binder) viewLocks(view *catalog.Relation, mode plan.LockMode) []plan.TableLock {
	reads, err := Relations(b.env, view.Definition)
	if err != nil {
		fail(err)
	}
	var locks []plan.TableLock
	for _, oid := range reads {
		rel := b.env.Catalog.RelationByOID(oid)
		if lockable := []catalog.RelKind{catalog.Table, catalog.View, catalog.PartitionedTable}; rel != nil && slices.Contains(lockable, rel.Kind) {
			locks = append(locks, plan.TableLock{Relation: oid, Mode: mode})
		}
	}
	return locks
}
