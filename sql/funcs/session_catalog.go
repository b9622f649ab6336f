package funcs

import (
	"path"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
)

// catalogFuncs are the functions that the session's catalog answers, as
// patterns of path.Match over their names. The kind of the Lookup is the name.
var catalogFuncs = []string{
	"version", "pg_get_*", "*obj_description", "col_description", "pg_*_is_visible", "has_*_privilege", "pg_has_role",
	"pg_*_size", "pg_relation_*", "pg_table_is_visible", "pg_tablespace_*",
	"pg_partition_*", "satisfies_hash_partition", "pg_describe_object", "pg_identify_object*", "pg_options_to_table",
	"pg_collation_for", "pg_collation_actual_version", "pg_database_collation_actual_version", "pg_stat_get_*",
	"pg_postmaster_start_time", "pg_conf_load_time", "inet_server_port", "inet_client_port", "pg_show_all_settings",
	"pg_settings_get_flags", "pg_reload_conf", "pg_lock_status", "pg_prepared_*", "pg_cursor",
	"pg_timezone_*", "pg_index_*", "pg_indexam_has_property", "pg_blocking_pids", "pg_safe_snapshot_blocking_pids",
	"current_query", "pg_extension_config_dump", "pg_available_extension*", "pg_column_is_updatable",
	"row_security_active", "acldefault", "aclexplode", "makeaclitem", "aclcontains", "pg_filenode_relation",
	"pg_my_temp_schema", "pg_is_other_temp_schema", "pg_hba_file_rules", "pg_column_compression",
	"inet_server_addr", "inet_client_addr", "pg_stat_reset*", "pg_stat_clear_snapshot", "pg_show_replication_origin_status",
	"pg_get_replication_slots", "pg_config", "pg_ls_*dir", "pg_current_logfile", "pg_last_xact_replay_timestamp",
}

// localFuncs match the patterns but are answered here.
var localFuncs = []string{"pg_get_keywords", "pg_column_size", "pg_size_pretty", "pg_size_bytes"}

func init() {
	for _, p := range catalog.Procs() {
		if asksCatalog(p) {
			registerCatalogFunc(p)
		}
	}
}

func asksCatalog(p *catalog.Proc) bool {
	matches := func(pattern string) bool { ok, _ := path.Match(pattern, p.Name); return ok }
	internal := p.Result == internalOID || slices.Contains(p.Args, internalOID)
	return p.Kind == 'f' && !internal && !slices.Contains(localFuncs, p.Name) &&
		!strings.Contains(p.Name, "replication_origin") && slices.ContainsFunc(catalogFuncs, matches)
}

// CatalogFunctions are the names of the functions that the session's catalog answers.
func CatalogFunctions() []string {
	var out []string
	for _, p := range catalog.Procs() {
		if asksCatalog(p) && !slices.Contains(out, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}

const internalOID = 2281

func registerCatalogFunc(p *catalog.Proc) {
	bindEach(p.Signature, func(f *Func) {
		if f.ReturnSet {
			f.Rows = lookUpRows(f.Name, !f.NotStrict)
			return
		}
		f.Kernel = Boxed(!f.NotStrict, func(c *Call, args []any) (any, error) { return lookUp(c, f.Name, args) })
	})
}

// lookUp asks the session's catalog. It gets a copy of args, which it may keep.
func lookUp(c *Call, kind string, args []any) (any, error) {
	if c.Session == nil || c.Session.Catalog() == nil {
		return nil, pgerr.Unsupported("%s() without a catalog", kind)
	}
	return c.Session.Catalog().Lookup(c, kind, slices.Clone(args))
}

// lookUpRows does it for a set-returning function, whose answer is [][]any, a
// row each, or a RowIter.
func lookUpRows(kind string, strict bool) RowsFunc {
	return func(c *Call, args []any) (RowIter, error) {
		if strict && slices.Contains(args, any(nil)) {
			return rowsOf(c, nil), nil
		}
		v, err := lookUp(c, kind, args)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case RowIter:
			return v, nil
		case [][]any:
			return rowsOf(c, v), nil
		}
		return nil, pgerr.Internal("the catalog answered %s() with %T", kind, v)
	}
}

func keywordRows(c *Call, _ []any) (RowIter, error) {
	var rows [][]any
	for _, k := range catalog.Keywords() {
		rows = append(rows, []any{k.Word, string(k.Category), k.BareLabel, k.CategoryDoc, k.BareLabelDoc})
	}
	return rowsOf(c, rows), nil
}
