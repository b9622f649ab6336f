package settings

import "math"

// planning are the parameters that steer PostgreSQL's planner and its parallel
// workers (guc.c: QUERY_TUNING and RESOURCES_ASYNCHRONOUS). Scripts and tools set
// them to force plans that our planner doesn't have.
func planning() []*Setting {
	const (
		method  = "Query Tuning / Planner Method Configuration"
		costs   = "Query Tuning / Planner Cost Constants"
		genetic = "Query Tuning / Genetic Query Optimizer"
		other   = "Query Tuning / Other Planner Options"
		workers = "Resource Usage / Asynchronous Behavior"
		devel   = "Developer Options"
	)
	flag := func(category, name, value, doc string) *Setting {
		return &Setting{Name: name, Kind: Bool, Default: value, Category: category, Doc: doc + noEffect}
	}
	integer := func(category, name, value, unit string, low, high float64, doc string) *Setting {
		return &Setting{Name: name, Kind: Integer, Default: value, Unit: unit, Min: low, Max: high, Category: category, Doc: doc + noEffect}
	}
	real := func(category, name, value string, low, high float64, doc string) *Setting {
		return &Setting{Name: name, Kind: Real, Default: value, Min: low, Max: high, Category: category, Doc: doc + noEffect}
	}
	enum := func(category, name, value, doc string, values ...string) *Setting {
		return &Setting{Name: name, Kind: Enum, Default: value, Values: values, Category: category, Doc: doc + noEffect}
	}
	return []*Setting{
		enum(catStatement, "default_toast_compression", "pglz", "Sets the default compression method for compressible values.", "pglz", "lz4"),
		integer(devel, "debug_discard_caches", "0", "", 0, 0, "Aggressively flush system caches for debugging purposes."),
		enum(devel, "force_parallel_mode", "off", "Forces use of parallel query facilities.", "off", "on", "regress"),
		integer("Lock Management", "deadlock_timeout", "1000", "ms", 1, math.MaxInt32, "Sets the time to wait on a lock before checking for deadlock."),
		flag(genetic, "geqo", "on", "Enables genetic query optimization."),
		integer(genetic, "geqo_effort", "5", "", 1, 10, "GEQO: effort is used to set the default for other GEQO parameters."),
		integer(genetic, "geqo_generations", "0", "", 0, math.MaxInt32, "GEQO: number of iterations of the algorithm."),
		integer(genetic, "geqo_pool_size", "0", "", 0, math.MaxInt32, "GEQO: number of individuals in the population."),
		real(genetic, "geqo_seed", "0", 0, 1, "GEQO: seed for random path selection."),
		real(genetic, "geqo_selection_bias", "2", 1.5, 2, "GEQO: selective pressure within the population."),
		integer(genetic, "geqo_threshold", "12", "", 2, math.MaxInt32, "Sets the threshold of FROM items beyond which GEQO is used."),
		enum(other, "constraint_exclusion", "partition", "Enables the planner to use constraints to optimize queries.", "partition", "on", "off"),
		real(other, "cursor_tuple_fraction", "0.1", 0, 1, "Sets the planner's estimate of the fraction of a cursor's rows that will be retrieved."),
		integer(other, "default_statistics_target", "100", "", 1, 10000, "Sets the default statistics target."),
		integer(other, "from_collapse_limit", "8", "", 1, math.MaxInt32, "Sets the FROM-list size beyond which subqueries are not collapsed."),
		integer(other, "join_collapse_limit", "8", "", 1, math.MaxInt32, "Sets the FROM-list size beyond which JOIN constructs are not flattened."),
		real(other, "recursive_worktable_factor", "10", 0.001, 1e6, "Sets the planner's estimate of the average size of a recursive query's working table."),
		real(costs, "cpu_index_tuple_cost", "0.005", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of processing each index entry during an index scan."),
		real(costs, "cpu_operator_cost", "0.0025", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of processing each operator or function call."),
		real(costs, "cpu_tuple_cost", "0.01", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of processing each tuple (row)."),
		integer(costs, "effective_cache_size", "524288", "8kB", 1, math.MaxInt32, "Sets the planner's assumption about the total size of the data caches."),
		real(costs, "jit_above_cost", "100000", -1, math.MaxFloat64, "Perform JIT compilation if query is more expensive."),
		real(costs, "jit_inline_above_cost", "500000", -1, math.MaxFloat64, "Perform JIT inlining if query is more expensive."),
		real(costs, "jit_optimize_above_cost", "500000", -1, math.MaxFloat64, "Optimize JIT-compiled functions if query is more expensive."),
		integer(costs, "min_parallel_index_scan_size", "64", "8kB", 0, 715827882, "Sets the minimum amount of index data for a parallel scan."),
		integer(costs, "min_parallel_table_scan_size", "1024", "8kB", 0, 715827882, "Sets the minimum amount of table data for a parallel scan."),
		real(costs, "parallel_setup_cost", "1000", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of starting up worker processes for parallel query."),
		real(costs, "parallel_tuple_cost", "0.1", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of passing each tuple (row) from worker to leader backend."),
		real(costs, "random_page_cost", "4", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of a nonsequentially fetched disk page."),
		real(costs, "seq_page_cost", "1", 0, math.MaxFloat64, "Sets the planner's estimate of the cost of a sequentially fetched disk page."),
		flag(method, "enable_async_append", "on", "Enables the planner's use of async append plans."),
		flag(method, "enable_bitmapscan", "on", "Enables the planner's use of bitmap-scan plans."),
		flag(method, "enable_gathermerge", "on", "Enables the planner's use of gather merge plans."),
		flag(method, "enable_hashagg", "on", "Enables the planner's use of hashed aggregation plans."),
		flag(method, "enable_hashjoin", "on", "Enables the planner's use of hash join plans."),
		flag(method, "enable_incremental_sort", "on", "Enables the planner's use of incremental sort steps."),
		flag(method, "enable_indexonlyscan", "on", "Enables the planner's use of index-only-scan plans."),
		flag(method, "enable_indexscan", "on", "Enables the planner's use of index-scan plans."),
		flag(method, "enable_material", "on", "Enables the planner's use of materialization."),
		flag(method, "enable_memoize", "on", "Enables the planner's use of memoization."),
		flag(method, "enable_mergejoin", "on", "Enables the planner's use of merge join plans."),
		flag(method, "enable_nestloop", "on", "Enables the planner's use of nested-loop join plans."),
		flag(method, "enable_parallel_append", "on", "Enables the planner's use of parallel append plans."),
		flag(method, "enable_parallel_hash", "on", "Enables the planner's use of parallel hash plans."),
		flag(method, "enable_partition_pruning", "on", "Enables plan-time and execution-time partition pruning."),
		flag(method, "enable_partitionwise_aggregate", "off", "Enables partitionwise aggregation and grouping."),
		flag(method, "enable_partitionwise_join", "off", "Enables partitionwise join."),
		flag(method, "enable_seqscan", "on", "Enables the planner's use of sequential-scan plans."),
		flag(method, "enable_sort", "on", "Enables the planner's use of explicit sort steps."),
		flag(method, "enable_tidscan", "on", "Enables the planner's use of TID scan plans."),
		integer(workers, "effective_io_concurrency", "1", "", 0, 1000, "Number of simultaneous requests that can be handled efficiently by the disk subsystem."),
		integer(workers, "max_parallel_maintenance_workers", "2", "", 0, 1024, "Sets the maximum number of parallel processes per maintenance operation."),
		integer(workers, "max_parallel_workers", "8", "", 0, 1024, "Sets the maximum number of parallel workers that can be active at one time."),
		integer(workers, "max_parallel_workers_per_gather", "2", "", 0, 1024, "Sets the maximum number of parallel processes per executor node."),
		flag(workers, "parallel_leader_participation", "on", "Controls whether Gather and Gather Merge also run subplans."),
		real(catMemory, "hash_mem_multiplier", "2", 1, 1000, "Multiple of work_mem to use for hash tables."),
		integer(catMemory, "logical_decoding_work_mem", "65536", "kB", 64, math.MaxInt32, "Sets the maximum memory to be used for logical decoding."),
		integer(catMemory, "temp_buffers", "1024", "8kB", 100, 1073741823, "Sets the maximum number of temporary buffers used by each session."),
		integer("Write-Ahead Log / Settings", "commit_delay", "0", "", 0, 100000, "Sets the delay in microseconds between transaction commit and flushing WAL to disk."),
	}
}
