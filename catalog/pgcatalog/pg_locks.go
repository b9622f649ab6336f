package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgLocks) }

// pgLocks shows advisory locks: there are no others, for rows are not locked but
// written under a condition.
var pgLocks = virtual.Rel[virtual.Lock]{
	Of:   "pg_locks",
	Rows: locks,
	Columns: virtual.Columns[virtual.Lock]{
		"locktype":           is[virtual.Lock]("advisory"),
		"database":           func(l virtual.Lock) any { return l.Database },
		"relation":           is[virtual.Lock](nil),
		"page":               is[virtual.Lock](nil),
		"tuple":              is[virtual.Lock](nil),
		"virtualxid":         is[virtual.Lock](nil),
		"transactionid":      is[virtual.Lock](nil),
		"classid":            func(l virtual.Lock) any { return l.ClassID },
		"objid":              func(l virtual.Lock) any { return l.ObjID },
		"objsubid":           func(l virtual.Lock) any { return l.SubID },
		"virtualtransaction": is[virtual.Lock](nil),
		"pid":                func(l virtual.Lock) any { return l.PID },
		"mode":               func(l virtual.Lock) any { return l.Mode },
		"granted":            func(l virtual.Lock) any { return l.Granted },
		"fastpath":           is[virtual.Lock](false),
		"waitstart":          is[virtual.Lock](nil),
	},
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
