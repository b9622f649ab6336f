package pgcatalog

import "github.com/s3db-sql/s3db-sql/catalog/virtual"

// In PostgreSQL the statistics views are made of these functions; here they answer with
// the views' columns, and 0 of what is not there.

func init() {
	answersOf(map[string]answer{
		"pg_stat_get_numscans":           scans,
		"pg_stat_get_tuples_inserted":    ofTable("n_tup_ins"),
		"pg_stat_get_tuples_updated":     ofTable("n_tup_upd"),
		"pg_stat_get_tuples_deleted":     ofTable("n_tup_del"),
		"pg_stat_get_live_tuples":        ofTable("n_live_tup"),
		"pg_stat_get_tuples_hot_updated": always(int64(0)),
		"pg_stat_get_dead_tuples":        always(int64(0)),
		"pg_stat_get_blocks_fetched":     always(int64(0)),
		"pg_stat_get_blocks_hit":         always(int64(0)),
		"pg_stat_get_vacuum_count":       always(int64(0)),
		"pg_stat_get_autovacuum_count":   always(int64(0)),
		"pg_stat_get_autoanalyze_count":  always(int64(0)),

		"pg_stat_get_db_xact_commit":     ofDatabase("xact_commit"),
		"pg_stat_get_db_xact_rollback":   ofDatabase("xact_rollback"),
		"pg_stat_get_db_tuples_inserted": ofDatabase("tup_inserted"),
		"pg_stat_get_db_tuples_updated":  ofDatabase("tup_updated"),
		"pg_stat_get_db_tuples_deleted":  ofDatabase("tup_deleted"),
		"pg_stat_get_db_blocks_fetched":  always(int64(0)),
		"pg_stat_get_db_blocks_hit":      always(int64(0)),
	})
}

// scans counts those of a table; which of its indexes they went through is not known.
func scans(q *call) (any, error) {
	if rel, _ := indexByOID(q.View, q.oid(0)); rel != nil {
		return nil, nil
	}
	return ofTable("seq_scan")(q)
}

// ofTable answers with a column of pg_stat_all_tables.
func ofTable(column string) answer {
	return func(q *call) (any, error) {
		rel := outline(q.View, q.oid(0))
		if rel == nil || !isTable(rel) && !isMaterializedView(rel) {
			return int64(0), nil
		}
		return tableStatistics[column](relation{v: q.View, rel: rel}), nil
	}
}

// ofDatabase answers with a column of pg_stat_database.
func ofDatabase(column string) answer {
	return func(q *call) (any, error) {
		for _, d := range q.Catalog().Databases() {
			if row := (activity{q.View, virtual.Activity{Database: d.Name}}); row.databaseOID() == any(q.oid(0)) {
				return pgStatDatabase.Columns[column](row), nil
			}
		}
		return int64(0), nil
	}
}
