package pgcatalog

import (
	"net"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

func init() { registry.Declare(pgStatActivity, pgStatDatabase) }

// activity is a session of the database.
type activity struct {
	v View
	virtual.Activity
}

var pgStatActivity = virtual.Rel[activity]{
	Of:   "pg_stat_activity",
	Size: virtual.Size{Fixed: 10},
	Rows: activities,
	Columns: virtual.Columns[activity]{
		"datid":            func(a activity) any { return a.databaseOID() },
		"datname":          func(a activity) any { return a.Database },
		"pid":              func(a activity) any { return a.PID },
		"usesysid":         func(a activity) any { return a.userOID() },
		"usename":          func(a activity) any { return a.User },
		"application_name": func(a activity) any { return a.Application },
		"client_addr":      shown(func(a activity) any { host, _ := a.client(); return host }),
		"client_port":      shown(func(a activity) any { _, port := a.client(); return port }),
		"backend_start":    shown(func(a activity) any { return timeOrNull(a.BackendStart) }),
		"xact_start":       shown(func(a activity) any { return timeOrNull(a.XactStart) }),
		"query_start":      shown(func(a activity) any { return timeOrNull(a.QueryStart) }),
		"state_change":     shown(func(a activity) any { return timeOrNull(a.StateChange) }),
		"backend_xid":      shown(activity.xid),
		"state":            shown(func(a activity) any { return orNull(a.State) }),
		"query":            activity.query,
		"backend_type":     is[activity]("client backend"),
	},
}

// visible says whether the asking role may see what a session does: its own, and
// what the privileges of pg_read_all_stats open (HAS_PGSTAT_PERMISSIONS).
func (a activity) visible() bool {
	role := catalog.RoleByName(a.v.Catalog(), a.v.User())
	if catalog.HasPrivsOf(a.v.Catalog(), role, catalog.RoleReadAllStats) {
		return true
	}
	of := catalog.RoleByName(a.v.Catalog(), a.Activity.User)
	return of != nil && catalog.HasPrivsOf(a.v.Catalog(), role, of.OID)
}

// shown is a column that is NULL in a row that is not visible.
func shown(column func(activity) any) func(activity) any {
	return func(a activity) any {
		if !a.visible() {
			return nil
		}
		return column(a)
	}
}

func (a activity) query() any {
	if !a.visible() {
		return "<insufficient privilege>"
	}
	return a.Query
}

// xid is the lower half of the number of the transaction that a session is in.
func (a activity) xid() any {
	if a.XID == 0 {
		return nil
	}
	return uint32(a.XID)
}

func (a activity) databaseOID() any {
	if d := databaseByName(a.v, a.Activity.Database); d != nil {
		return d.OID
	}
	return nil
}

func (a activity) userOID() any {
	for _, r := range a.v.Catalog().Roles() {
		if r.Name == a.Activity.User {
			return r.OID
		}
	}
	return nil
}

// client is the other end's address and port.
func (a activity) client() (host, port any) { return endpoint(a.Remote) }

// endpoint splits host:port: NULL and -1 for a local socket.
func endpoint(address string) (host, port any) {
	h, p, err := net.SplitHostPort(address)
	n, numErr := strconv.ParseInt(p, 10, 32)
	if err != nil || numErr != nil {
		return nil, int32(-1)
	}
	return inet(h), int32(n)
}

// inet is an address, NULL for what is none.
func inet(host string) any {
	v, err := types.ByOID(types.InetOID).In(nil, host, -1)
	if err != nil {
		return nil
	}
	return v
}

// pgStatDatabase counts the sessions of the session's own database; those of
// others are not known here.
var pgStatDatabase = virtual.Rel[activity]{
	Of: "pg_stat_database",
	Rows: func(v View, yield func(activity)) {
		for _, d := range v.Catalog().Databases() {
			yield(activity{v, virtual.Activity{Database: d.Name}})
		}
	},
	Columns: virtual.Columns[activity]{
		"datid":         func(a activity) any { return a.databaseOID() },
		"datname":       func(a activity) any { return a.Database },
		"numbackends":   func(a activity) any { return a.numBackends() },
		"xact_commit":   ownDatabase(func(v View) int64 { n, _ := v.Transactions(); return n }),
		"xact_rollback": ownDatabase(func(v View) int64 { _, n := v.Transactions(); return n }),
		"tup_inserted":  ownDatabase(total(func(c storage.Counts) int64 { return c.Inserted })),
		"tup_updated":   ownDatabase(total(func(c storage.Counts) int64 { return c.Updated })),
		"tup_deleted":   ownDatabase(total(func(c storage.Counts) int64 { return c.Deleted })),
		"stats_reset":   func(a activity) any { return timeOrNull(a.v.Started()) },
	},
	Zero: []string{"blks_read", "blks_hit", "conflicts", "blk_read_time", "blk_write_time"},
}

// ownDatabase is NULL for other databases, whose servers count for themselves.
func ownDatabase(count func(View) int64) func(activity) any {
	return func(a activity) any {
		if a.Database != a.v.Database() {
			return nil
		}
		return count(a.v)
	}
}

// total adds up the counts of all tables.
func total(count func(storage.Counts) int64) func(View) int64 {
	return func(v View) int64 {
		sum := int64(0)
		for _, rel := range Outlines(v) {
			if rel.Stored() {
				sum += count(v.TableStats(rel).Counts)
			}
		}
		return sum
	}
}

func (a activity) numBackends() int32 {
	n := int32(0)
	for _, other := range a.v.Activities() {
		if other.Database == a.Database {
			n++
		}
	}
	return n
}
