package pgcatalog

import "github.com/s3db-sql/s3db-sql/catalog/virtual"

// The reasons why a relation has no rows.
const (
	noBlocks      = "there are no blocks, shared buffers, write-ahead log or background processes: rows are S3 objects"
	noForeign     = "there are no foreign servers: the store is the only one"
	noProgress    = "commands do not report their progress here yet"
	noReplication = "nothing is replicated: the bucket is the one copy"
	noSecurity    = "there are no security labels"
	noStatistics  = "there are no column statistics: estimates come from the storage"
	noEvents      = "there are no event triggers yet"
	noTwoPhase    = "there are no prepared transactions"
	noTypes       = "there are no types of that kind yet"
)

func init() { registry.Declare(empty...) }

// empty are the relations without rows, each with its reason.
var empty = []virtual.Table{
	virtual.Empty{Of: "pg_parameter_acl", Why: "privileges on parameters can't be granted: a superuser sets what others may not"},
	virtual.Empty{Of: "pg_file_settings", Why: "the server's configuration has no files of PostgreSQL's kind"},
	virtual.Empty{Of: "pg_stat_user_functions", Why: "there are no user functions yet"},
	virtual.Empty{Of: "pg_stat_xact_user_functions", Why: "there are no user functions yet"},

	virtual.Empty{Of: "pg_backend_memory_contexts", Why: noBlocks},
	virtual.Empty{Of: "pg_shmem_allocations", Why: noBlocks},
	virtual.Empty{Of: "pg_stat_wal_receiver", Why: noBlocks},
	virtual.Empty{Of: "pg_stat_sys_indexes", Why: "the catalog's own relations have no indexes"},
	virtual.Empty{Of: "pg_stat_xact_all_tables", Why: "requests are counted in s3db.requests"},
	virtual.Empty{Of: "pg_stat_xact_sys_tables", Why: "requests are counted in s3db.requests"},
	virtual.Empty{Of: "pg_stat_xact_user_tables", Why: "requests are counted in s3db.requests"},

	virtual.Empty{Of: "pg_foreign_data_wrapper", Why: noForeign},
	virtual.Empty{Of: "pg_foreign_server", Why: noForeign},
	virtual.Empty{Of: "pg_foreign_table", Why: noForeign},
	virtual.Empty{Of: "pg_user_mapping", Why: noForeign},
	virtual.Empty{Of: "pg_user_mappings", Why: noForeign},
	virtual.Empty{Of: "pg_stat_progress_analyze", Why: noProgress},
	virtual.Empty{Of: "pg_stat_progress_basebackup", Why: noProgress},
	virtual.Empty{Of: "pg_stat_progress_cluster", Why: noProgress},
	virtual.Empty{Of: "pg_publication", Why: noReplication},
	virtual.Empty{Of: "pg_publication_namespace", Why: noReplication},
	virtual.Empty{Of: "pg_publication_rel", Why: noReplication},
	virtual.Empty{Of: "pg_publication_tables", Why: noReplication},
	virtual.Empty{Of: "pg_replication_origin", Why: noReplication},
	virtual.Empty{Of: "pg_replication_origin_status", Why: noReplication},
	virtual.Empty{Of: "pg_replication_slots", Why: noReplication},
	virtual.Empty{Of: "pg_stat_replication", Why: noReplication},
	virtual.Empty{Of: "pg_stat_replication_slots", Why: noReplication},
	virtual.Empty{Of: "pg_stat_subscription", Why: noReplication},
	virtual.Empty{Of: "pg_stat_subscription_stats", Why: noReplication},
	virtual.Empty{Of: "pg_subscription", Why: noReplication},
	virtual.Empty{Of: "pg_subscription_rel", Why: noReplication},
	virtual.Empty{Of: "pg_seclabel", Why: noSecurity},
	virtual.Empty{Of: "pg_seclabels", Why: noSecurity},
	virtual.Empty{Of: "pg_shseclabel", Why: noSecurity},
	virtual.Empty{Of: "pg_statistic", Why: noStatistics},
	virtual.Empty{Of: "pg_statistic_ext", Why: noStatistics},
	virtual.Empty{Of: "pg_statistic_ext_data", Why: noStatistics},
	virtual.Empty{Of: "pg_stats", Why: noStatistics},
	virtual.Empty{Of: "pg_stats_ext", Why: noStatistics},
	virtual.Empty{Of: "pg_stats_ext_exprs", Why: noStatistics},
	virtual.Empty{Of: "pg_event_trigger", Why: noEvents},
	virtual.Empty{Of: "pg_prepared_xacts", Why: noTwoPhase},
	virtual.Empty{Of: "pg_transform", Why: noTypes},
}
