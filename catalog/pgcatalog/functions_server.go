package pgcatalog

import (
	"runtime"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/settings"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// sizeAnswers: no catalog function makes a request, so the size of a table is what the
// last listing of all its rows found (a full scan, ANALYZE), adjusted by what was
// written since, and NULL before. Of indexes, whose objects are never listed whole,
// nothing is known.
var sizeAnswers = map[string]answer{
	"pg_relation_size":       relationSize,
	"pg_table_size":          relationSize,
	"pg_indexes_size":        indexesSize,
	"pg_total_relation_size": relationSize,
	"pg_database_size":       databaseSize,
	"pg_tablespace_size":     always(nil),
	"pg_relation_filenode":   relationFilenode,
	"pg_relation_filepath":   always(nil),
	"pg_tablespace_location": always(""),
}

// tempSchema is the session's temporary schema, 0 while it does not exist.
func (q *call) tempSchema() types.OID {
	if s := q.Catalog().SchemaByName(q.TempSchema()); s != nil {
		return s.OID
	}
	return 0
}

func relationSize(q *call) (any, error) {
	rel := outline(q.View, q.oid(0))
	switch {
	case rel == nil || rel.OID != q.oid(0) && rel.Stored():
		return nil, nil
	case !rel.Stored():
		return int64(0), nil
	}
	return knownSize(q.View, rel), nil
}

// knownSize is NULL where the rows were never listed.
func knownSize(v View, rel *catalog.Relation) any {
	if n := v.TableStats(rel).Bytes; n >= 0 {
		return int64(n)
	}
	return nil
}

// indexesSize is zero for what has no indexes.
func indexesSize(q *call) (any, error) {
	rel := outline(q.View, q.oid(0))
	if rel == nil || rel.Stored() && len(Indexes(rel)) > 0 {
		return nil, nil
	}
	return int64(0), nil
}

// databaseSize adds up what is known of the session's own database; NULL for others,
// and where nothing is known.
func databaseSize(q *call) (any, error) {
	name, named := q.args[0].(string)
	if own := databaseByName(q.View, q.View.Database()); own == nil || named && name != own.Name || !named && q.oid(0) != own.OID {
		return nil, nil
	}
	var total any
	for _, rel := range Outlines(q.View) {
		if !rel.Stored() {
			continue
		}
		if n, ok := knownSize(q.View, rel).(int64); ok {
			sum, _ := total.(int64)
			total = sum + n
		}
	}
	return total, nil
}

func relationFilenode(q *call) (any, error) {
	var node any
	classByOID(q.View, q.oid(0), func(c class) {
		if n := c.fileNode(); n != 0 {
			node = n
		}
	})
	return node, nil
}

// serverAnswers tell of the server and the session.
var serverAnswers = map[string]answer{
	"version":                              always(Version()),
	"current_query":                        ownActivity(func(a activity) any { return a.Query }),
	"inet_client_addr":                     ownActivity(func(a activity) any { host, _ := endpoint(a.Remote); return host }),
	"inet_client_port":                     ownActivity(func(a activity) any { return port(a.Remote) }),
	"inet_server_addr":                     ownActivity(func(a activity) any { host, _ := endpoint(a.Local); return host }),
	"inet_server_port":                     ownActivity(func(a activity) any { return port(a.Local) }),
	"pg_postmaster_start_time":             func(q *call) (any, error) { return timeOrNull(q.Started()), nil },
	"pg_conf_load_time":                    func(q *call) (any, error) { return timeOrNull(q.Started()), nil },
	"pg_show_all_settings":                 rowsOf("pg_settings"),
	"pg_settings_get_flags":                settingFlags,
	"pg_timezone_names":                    rowsOf("pg_timezone_names"),
	"pg_timezone_abbrevs":                  rowsOf("pg_timezone_abbrevs"),
	"pg_cursor":                            noRows,
	"pg_prepared_statement":                noRows,
	"pg_prepared_xact":                     noRows,
	"pg_lock_status":                       lockStatus,
	"pg_available_extensions":              availableExtensions,
	"pg_available_extension_versions":      rowsOf("pg_available_extension_versions"),
	"pg_hba_file_rules":                    rowsOf("pg_hba_file_rules"),
	"pg_reload_conf":                       reloadConf,
	"pg_config":                            rowsOf("pg_config"),
	"pg_get_replication_slots":             noRows,
	"pg_get_publication_tables":            noRows,
	"pg_tablespace_databases":              tablespaceDatabases,
	"pg_blocking_pids":                     always(arrayOf[int32](types.Int4OID, nil)),
	"pg_safe_snapshot_blocking_pids":       always(arrayOf[int32](types.Int4OID, nil)),
	"pg_my_temp_schema":                    func(q *call) (any, error) { return q.tempSchema(), nil },
	"pg_is_other_temp_schema":              always(false), // only the session's own is shown
	"pg_current_logfile":                   always(nil),
	"pg_last_xact_replay_timestamp":        always(nil),
	"pg_collation_actual_version":          always(nil),
	"pg_database_collation_actual_version": always(nil),
}

// Version is what version() says: PostgreSQL's release first, since clients
// parse it.
func Version() string {
	return "PostgreSQL " + settings.ServerVersion + " (s3db-sql) on " + runtime.GOARCH + "-" + runtime.GOOS +
		", compiled by " + runtime.Version() + ", 64-bit"
}

// ownActivity answers with a fact of the session that asks.
func ownActivity(fact func(activity) any) answer {
	return func(q *call) (any, error) {
		if q.Session == nil {
			return nil, pgerr.Unsupported("%s() without a session", q.Func.Name)
		}
		for _, a := range q.Activities() {
			if a.PID == q.Session.BackendPID() {
				return fact(activity{q.View, a}), nil
			}
		}
		return nil, nil
	}
}

// port is that of one end of a connection, NULL for a local socket.
func port(address string) any {
	host, port := endpoint(address)
	if host == nil {
		return nil
	}
	return port
}

func settingFlags(q *call) (any, error) {
	s := settings.Lookup(q.text(0))
	if s == nil {
		return nil, nil
	}
	return arrayOf(types.TextOID, s.Flags), nil
}

func tablespaceDatabases(q *call) (any, error) {
	var rows [][]any
	if q.oid(0) == defaultTablespace {
		for _, d := range q.Catalog().Databases() {
			rows = append(rows, []any{d.OID})
		}
	}
	return rows, nil
}

// cut splits an option "name=value".
func cut(option any) (name, value string, ok bool) {
	s, _ := option.(string)
	return strings.Cut(s, "=")
}

var _ virtual.View = (*call)(nil)

// reloadConf is pg_reload_conf: false where the files can't be taken, with the reason as
// a warning.
func reloadConf(q *call) (any, error) {
	if err := q.Reload(); err != nil {
		q.Session.Notice(pgerr.Notice(pgerr.SeverityWarning, pgerr.ConfigFileError, "%s", err.Error()))
		return false, nil
	}
	return true, nil
}
