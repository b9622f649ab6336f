package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgLocks) }

// pgLocks shows advisory locks, those of tables, and those of rows, all of them: PostgreSQL shows rows
// only while they are waited for, and calls most of them transactionid. A row has no
// page; its number in one is none either.
var pgLocks = virtual.Rel[virtual.Lock]{
	Of:   "pg_locks",
	Size: virtual.Size{Fixed: 10},
	Rows: locks,
	Columns: virtual.Columns[virtual.Lock]{
		"locktype":           lockType,
		"database":           func(l virtual.Lock) any { return l.Database },
		"relation":           ofRelation(func(l virtual.Lock) any { return l.Relation }),
		"page":               is[virtual.Lock](nil),
		"tuple":              is[virtual.Lock](nil),
		"virtualxid":         is[virtual.Lock](nil),
		"transactionid":      is[virtual.Lock](nil),
		"classid":            ofAdvisory(func(l virtual.Lock) any { return l.ClassID }),
		"objid":              ofAdvisory(func(l virtual.Lock) any { return l.ObjID }),
		"objsubid":           ofAdvisory(func(l virtual.Lock) any { return l.SubID }),
		"virtualtransaction": is[virtual.Lock](nil),
		"pid":                func(l virtual.Lock) any { return l.PID },
		"mode":               func(l virtual.Lock) any { return l.Mode },
		"granted":            func(l virtual.Lock) any { return l.Granted },
		"fastpath":           is[virtual.Lock](false),
		"waitstart":          is[virtual.Lock](nil),
	},
}

func lockType(l virtual.Lock) any {
	switch {
	case l.Tuple:
		return "tuple"
	case l.Relation != 0:
		return "relation"
	}
	return "advisory"
}

// ofRelation is a column that locks of tables and rows have, ofAdvisory one that advisory
// locks have.
func ofRelation(f func(virtual.Lock) any) func(virtual.Lock) any {
	return func(l virtual.Lock) any {
		if l.Relation == 0 {
			return nil
		}
		return f(l)
	}
}

func ofAdvisory(f func(virtual.Lock) any) func(virtual.Lock) any {
	return func(l virtual.Lock) any {
		if l.Relation != 0 {
			return nil
		}
		return f(l)
	}
}

func locks(v View, yield func(virtual.Lock)) {
	for _, l := range v.Locks() {
		yield(l)
	}
}

// lockStatus is pg_lock_status: pg_locks is the view over it.
func lockStatus(q *call) (any, error) {
	var rows [][]any
	locks(q.View, func(l virtual.Lock) {
		row := make([]any, len(q.Func.OutNames))
		for i, name := range q.Func.OutNames {
			row[i] = pgLocks.Columns[name](l)
		}
		rows = append(rows, row)
	})
	return rows, nil
}
