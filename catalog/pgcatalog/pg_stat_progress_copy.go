package pgcatalog

import "github.com/s3db-sql/s3db-sql/catalog/virtual"

func init() { registry.Declare(pgStatProgressCopy) }

// pgStatProgressCopy are the COPYs that run. Data come from the client and go to it:
// nobody knows how many they will be.
var pgStatProgressCopy = virtual.Rel[activity]{
	Of: "pg_stat_progress_copy",
	Rows: func(v View, yield func(activity)) {
		for _, a := range v.Activities() {
			if a.Copy != nil {
				yield(activity{v, a})
			}
		}
	},
	Columns: virtual.Columns[activity]{
		"pid":              func(a activity) any { return a.PID },
		"datid":            func(a activity) any { return a.databaseOID() },
		"datname":          func(a activity) any { return a.Database },
		"relid":            shown(func(a activity) any { return a.Copy.Relation }),
		"command":          shown(func(a activity) any { return copyCommand(a.Copy.From) }),
		"type":             shown(func(activity) any { return "PIPE" }),
		"bytes_processed":  shown(func(a activity) any { return a.Copy.Bytes }),
		"bytes_total":      shown(func(activity) any { return int64(0) }),
		"tuples_processed": shown(func(a activity) any { return a.Copy.Rows }),
		"tuples_excluded":  shown(func(a activity) any { return a.Copy.Excluded }),
	},
}

func copyCommand(from bool) string {
	if from {
		return "COPY FROM"
	}
	return "COPY TO"
}
