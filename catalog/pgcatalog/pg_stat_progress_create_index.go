package pgcatalog

import "github.com/s3db-sql/s3db-sql/catalog/virtual"

func init() { registry.Declare(pgStatProgressCreateIndex) }

// pgStatProgressCreateIndex are the indexes that are being built or, by VERIFY RESOURCE,
// checked. A row is a page of its own.
var pgStatProgressCreateIndex = virtual.Rel[activity]{
	Of: "pg_stat_progress_create_index",
	Rows: func(v View, yield func(activity)) {
		for _, a := range v.Activities() {
			if a.Index != nil {
				yield(activity{v, a})
			}
		}
	},
	Columns: virtual.Columns[activity]{
		"pid":                func(a activity) any { return a.PID },
		"datid":              func(a activity) any { return a.databaseOID() },
		"datname":            func(a activity) any { return a.Database },
		"relid":              shown(func(a activity) any { return a.Index.Relation }),
		"index_relid":        shown(func(a activity) any { return a.Index.Index }),
		"command":            shown(func(a activity) any { return a.Index.Command }),
		"phase":              shown(func(activity) any { return "building index: scanning table" }),
		"lockers_total":      shown(func(activity) any { return int64(0) }),
		"lockers_done":       shown(func(activity) any { return int64(0) }),
		"current_locker_pid": shown(func(activity) any { return int64(0) }),
		"blocks_total":       shown(func(a activity) any { return max(a.Index.Total, a.Index.Done) }),
		"blocks_done":        shown(func(a activity) any { return a.Index.Done }),
		"tuples_total":       shown(func(a activity) any { return max(a.Index.Total, a.Index.Done) }),
		"tuples_done":        shown(func(a activity) any { return a.Index.Done }),
		"partitions_total":   shown(func(activity) any { return int64(0) }),
		"partitions_done":    shown(func(activity) any { return int64(0) }),
	},
}
