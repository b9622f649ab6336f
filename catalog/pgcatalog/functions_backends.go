package pgcatalog

// The functions behind pg_stat_activity number the sessions from 1; here that is their
// place in the list of them.

func init() {
	answersOf(map[string]answer{
		"pg_stat_get_backend_idset": func(q *call) (any, error) {
			var rows [][]any
			for i := range q.Activities() {
				rows = append(rows, []any{int32(i + 1)})
			}
			return rows, nil
		},
		"pg_stat_get_backend_pid":             ofBackend("pid"),
		"pg_stat_get_backend_dbid":            ofBackend("datid"),
		"pg_stat_get_backend_userid":          ofBackend("usesysid"),
		"pg_stat_get_backend_activity":        ofBackend("query"),
		"pg_stat_get_backend_activity_start":  ofBackend("query_start"),
		"pg_stat_get_backend_xact_start":      ofBackend("xact_start"),
		"pg_stat_get_backend_start":           ofBackend("backend_start"),
		"pg_stat_get_backend_client_addr":     ofBackend("client_addr"),
		"pg_stat_get_backend_client_port":     ofBackend("client_port"),
		"pg_stat_get_backend_wait_event":      always(nil),
		"pg_stat_get_backend_wait_event_type": always(nil),
		"pg_stat_get_db_numbackends": func(q *call) (any, error) {
			n := int32(0)
			for _, a := range q.Activities() {
				if (activity{q.View, a}).databaseOID() == any(q.oid(0)) {
					n++
				}
			}
			return n, nil
		},
	})
}

// ofBackend answers with a column of pg_stat_activity, NULL for a session that is gone.
func ofBackend(column string) answer {
	return func(q *call) (any, error) {
		all, n := q.Activities(), q.args[0].(int32)
		if get := pgStatActivity.Columns[column]; get != nil && n >= 1 && int(n) <= len(all) {
			return get(activity{q.View, all[n-1]}), nil
		}
		return nil, nil
	}
}
