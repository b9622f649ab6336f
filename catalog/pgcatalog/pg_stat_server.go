package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The views of what PostgreSQL's background processes do. There are none here: no
// checkpoints, write-ahead log or shared buffers. What they count is nothing.
func init() {
	registry.Declare(
		serverCounts("pg_stat_archiver", "archived_count", "failed_count"),
		serverCounts("pg_stat_bgwriter", "checkpoints_timed", "checkpoints_req", "checkpoint_write_time", "checkpoint_sync_time",
			"buffers_checkpoint", "buffers_clean", "maxwritten_clean", "buffers_backend", "buffers_backend_fsync", "buffers_alloc"),
		serverCounts("pg_stat_recovery_prefetch", "prefetch", "hit", "skip_init", "skip_new", "skip_fpw", "skip_rep",
			"wal_distance", "block_distance", "io_depth"),
		pgStatWal, pgStatSlru, pgStatDatabaseConflicts,
	)
}

var statsReset = virtual.Columns[View]{"stats_reset": func(v View) any { return timeOrNull(v.Started()) }}

// serverCounts is a view of one row whose counts are zero since the server started.
func serverCounts(name string, counts ...string) virtual.Table {
	return virtual.Rel[View]{Of: name, Rows: oneRow, Columns: statsReset, Zero: counts}
}

func oneRow(v View, yield func(View)) { yield(v) }

var pgStatWal = virtual.Rel[View]{
	Of: "pg_stat_wal", Rows: oneRow,
	Columns: virtual.Columns[View]{
		"stats_reset": statsReset["stats_reset"],
		"wal_bytes":   is[View](types.NumericFromInt64(0)),
	},
	Zero: []string{"wal_records", "wal_fpi", "wal_buffers_full", "wal_write", "wal_sync", "wal_write_time", "wal_sync_time"},
}

// slru is one of PostgreSQL's simple caches.
type slru struct {
	v    View
	name string
}

var pgStatSlru = virtual.Rel[slru]{
	Of: "pg_stat_slru",
	Rows: func(v View, yield func(slru)) {
		for _, name := range []string{"CommitTs", "MultiXactMember", "MultiXactOffset", "Notify", "Serial", "Subtrans", "Xact", "other"} {
			yield(slru{v, name})
		}
	},
	Columns: virtual.Columns[slru]{
		"name":        func(s slru) any { return s.name },
		"stats_reset": func(s slru) any { return timeOrNull(s.v.Started()) },
	},
	Zero: []string{"blks_zeroed", "blks_hit", "blks_read", "blks_written", "blks_exists", "flushes", "truncates"},
}

var pgStatDatabaseConflicts = virtual.Rel[*catalog.Database]{
	Of: "pg_stat_database_conflicts",
	Rows: func(v View, yield func(*catalog.Database)) {
		for _, d := range v.Catalog().Databases() {
			yield(d)
		}
	},
	Columns: virtual.Columns[*catalog.Database]{
		"datid":   func(d *catalog.Database) any { return d.OID },
		"datname": func(d *catalog.Database) any { return d.Name },
	},
	Zero: []string{"confl_tablespace", "confl_lock", "confl_snapshot", "confl_bufferpin", "confl_deadlock"},
}
