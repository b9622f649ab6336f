package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/storage"
)

func init() {
	registry.Declare(
		statTables("pg_stat_all_tables", anyTable),
		statTables("pg_stat_sys_tables", systemTable),
		statTables("pg_stat_user_tables", userTable),
		statIndexes("pg_stat_all_indexes", anyTable),
		statIndexes("pg_stat_user_indexes", userTable),
		statioTables("pg_statio_all_tables", anyTable),
		statioTables("pg_statio_sys_tables", systemTable),
		statioTables("pg_statio_user_tables", userTable),
		statioIndexes("pg_statio_all_indexes", anyTable),
		statioIndexes("pg_statio_sys_indexes", systemTable),
		statioIndexes("pg_statio_user_indexes", userTable),
		statioSequences("pg_statio_all_sequences", anyTable),
		statioSequences("pg_statio_sys_sequences", systemTable),
		statioSequences("pg_statio_user_sequences", userTable),
	)
}

// The statistics views say which tables and indexes there are, how many rows a table
// is thought to have, and what this server did with it since it started. Requests are
// counted in s3db.requests; what is not counted is NULL.

func anyTable(*catalog.Relation) bool { return true }

func systemTable(rel *catalog.Relation) bool { return rel.Virtual }

func userTable(rel *catalog.Relation) bool { return !rel.Virtual }

func statTables(name string, want func(*catalog.Relation) bool) virtual.Table {
	return virtual.Rel[relation]{
		Of: name,
		Rows: relations(func(rel *catalog.Relation) bool {
			return (isTable(rel) || isMaterializedView(rel)) && want(rel)
		}),
		Columns: tableStatistics,
		Zero:    []string{"n_tup_hot_upd", "n_dead_tup", "vacuum_count", "autovacuum_count", "autoanalyze_count"},
	}
}

var tableStatistics = virtual.Columns[relation]{
	"relid":      func(r relation) any { return r.rel.OID },
	"schemaname": func(r relation) any { return r.rel.Schema },
	"relname":    func(r relation) any { return r.rel.Name },
	"n_live_tup": func(r relation) any { return estimatedRows(r) },
	"seq_scan":   counted(func(c storage.Counts) int64 { return c.Scans }),
	"idx_scan":   counted(func(c storage.Counts) int64 { return c.Lookups }),
	"n_tup_ins":  counted(func(c storage.Counts) int64 { return c.Inserted }),
	"n_tup_upd":  counted(func(c storage.Counts) int64 { return c.Updated }),
	"n_tup_del":  counted(func(c storage.Counts) int64 { return c.Deleted }),
}

// counted is what the server has done with a table since it started; zero for the
// catalog's own.
func counted(count func(storage.Counts) int64) func(relation) any {
	return func(r relation) any {
		if !r.rel.Stored() {
			return int64(0)
		}
		return count(r.v.TableStats(r.rel).Counts)
	}
}

// estimatedRows is NULL where nothing is known.
func estimatedRows(r relation) any {
	if !r.rel.Stored() {
		return nil
	}
	if n := r.v.TableStats(r.rel).Rows; n >= 0 {
		return int64(n)
	}
	return nil
}

func statIndexes(name string, want func(*catalog.Relation) bool) virtual.Table {
	return virtual.Rel[index]{Of: name, Rows: ofTablesWithRows(want), Columns: indexNames}
}

// ofTablesWithRows yields the indexes but for those of partitioned tables.
func ofTablesWithRows(want func(*catalog.Relation) bool) func(v View, yield func(index)) {
	return func(v View, yield func(index)) {
		for _, rel := range Outlines(v) {
			if want(rel) && rel.Kind != catalog.PartitionedTable {
				indexesOf(v, rel, yield)
			}
		}
	}
}

var indexNames = virtual.Columns[index]{
	"relid":        func(i index) any { return i.rel.OID },
	"indexrelid":   func(i index) any { return i.ix.OID },
	"schemaname":   func(i index) any { return i.rel.Schema },
	"relname":      func(i index) any { return i.rel.Name },
	"indexrelname": func(i index) any { return i.ix.Name },
}

var relationNames = virtual.Columns[relation]{
	"relid":      func(r relation) any { return r.rel.OID },
	"schemaname": func(r relation) any { return r.rel.Schema },
	"relname":    func(r relation) any { return r.rel.Name },
}

// The pg_statio views have a row for what has objects; blocks, of which there are none,
// were read 0 times.

func statioTables(name string, want func(*catalog.Relation) bool) virtual.Table {
	return virtual.Rel[relation]{
		Of: name,
		Rows: relations(func(rel *catalog.Relation) bool {
			return (rel.Kind == catalog.Table || isMaterializedView(rel)) && want(rel)
		}),
		Columns: relationNames,
		Zero:    []string{"heap_blks_read", "heap_blks_hit"},
	}
}

func statioIndexes(name string, want func(*catalog.Relation) bool) virtual.Table {
	return virtual.Rel[index]{
		Of: name, Rows: ofTablesWithRows(want), Columns: indexNames,
		Zero: []string{"idx_blks_read", "idx_blks_hit"},
	}
}

func statioSequences(name string, want func(*catalog.Relation) bool) virtual.Table {
	return virtual.Rel[relation]{
		Of:      name,
		Rows:    relations(func(rel *catalog.Relation) bool { return rel.Kind == catalog.Sequence && want(rel) }),
		Columns: relationNames,
		Zero:    []string{"blks_read", "blks_hit"},
	}
}
