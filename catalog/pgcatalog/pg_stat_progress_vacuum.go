package pgcatalog

import "github.com/s3db-sql/s3db-sql/catalog/virtual"

func init() { registry.Declare(pgStatProgressVacuum) }

// pgStatProgressVacuum are the VACUUM RESOURCEs and ROTATE SECRETs that run. A row is a
// page of its own;
// VACUUM itself has nothing to do here.
var pgStatProgressVacuum = virtual.Rel[activity]{
	Of: "pg_stat_progress_vacuum",
	Rows: func(v View, yield func(activity)) {
		for _, a := range v.Activities() {
			if a.Vacuum != nil {
				yield(activity{v, a})
			}
		}
	},
	Columns: virtual.Columns[activity]{
		"pid":                func(a activity) any { return a.PID },
		"datid":              func(a activity) any { return a.databaseOID() },
		"datname":            func(a activity) any { return a.Database },
		"relid":              shown(func(a activity) any { return a.Vacuum.Relation }),
		"phase":              shown(func(activity) any { return "scanning heap" }),
		"heap_blks_total":    shown(func(a activity) any { return max(a.Vacuum.Total, a.Vacuum.Scanned) }),
		"heap_blks_scanned":  shown(func(a activity) any { return a.Vacuum.Scanned }),
		"heap_blks_vacuumed": shown(func(a activity) any { return a.Vacuum.Rewritten }),
		"index_vacuum_count": shown(func(activity) any { return int64(0) }),
		"max_dead_tuples":    shown(func(activity) any { return int64(0) }),
		"num_dead_tuples":    shown(func(activity) any { return int64(0) }),
	},
}
