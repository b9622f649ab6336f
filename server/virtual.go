package server

import (
	"time"

	"github.com/s3db-sql/s3db-sql/catalog/infoschema"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/s3dbschema"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/session"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// virtualSet are the relations that the catalog makes of itself.
var virtualSet = virtual.Join(pgcatalog.Set(), infoschema.Set(), s3dbschema.Set())

// virtual gives the catalog its virtual relations.
func (db *database) virtual(env *store.Env) {
	env.Virtual = virtualSet.Relations()
	env.VirtualSchemas = append(env.VirtualSchemas, pgcatalog.Schema, infoschema.Schema, s3dbschema.Schema)
}

func (db *database) virtualSource(v session.View) exec.VirtualSource {
	return virtual.Source{Set: virtualSet, View: catalogView{v, db}}
}

func (db *database) functions(v session.View) funcs.Catalog {
	return pgcatalog.Functions(catalogView{v, db})
}

// catalogView shows a session to the catalog's relations.
type catalogView struct {
	session.View
	db *database
}

// Now implements virtual.View.
func (v catalogView) Now() time.Time { return v.db.shared.Clock.Now() }

// Started implements virtual.View.
func (v catalogView) Started() time.Time { return v.db.started }

// Total implements virtual.View.
func (v catalogView) Total() virtual.Usage { return usageOf(v.db.meter.Usage()) }

// Activities implements virtual.View.
func (v catalogView) Activities() []virtual.Activity {
	var out []virtual.Activity
	for _, a := range v.View.Activities() {
		out = append(out, virtual.Activity{
			PID: a.PID, Database: a.Database, User: a.User, Application: a.Application, Remote: a.Remote, Local: a.Local, Encryption: (*virtual.Encryption)(a.Encryption),
			BackendStart: a.BackendStart, XactStart: a.XactStart, XID: a.XID, QueryStart: a.QueryStart, StateChange: a.StateChange,
			State: a.State, Query: a.Query, Usage: usageOf(a.Usage), Copy: (*virtual.CopyProgress)(a.Copy), Vacuum: (*virtual.VacuumProgress)(a.Vacuum), Index: (*virtual.IndexProgress)(a.Index),
		})
	}
	return out
}

// Locks implements virtual.View.
func (v catalogView) Locks() []virtual.Lock {
	var out []virtual.Lock
	for _, l := range v.View.Locks() {
		out = append(out, virtual.Lock{Database: l.Tag.Database, Relation: l.Tag.Relation, Tuple: l.Tag.Row != "", ClassID: l.Tag.ClassID, ObjID: l.Tag.ObjID, SubID: l.Tag.SubID,
			PID: l.PID, Mode: l.Mode.String(), Granted: l.Granted})
	}
	return out
}

// HBARules implements virtual.View.
func (v catalogView) HBARules() []virtual.HBARule { return v.db.access.access.Load().hbaRules() }

// IdentRules implements virtual.View.
func (v catalogView) IdentRules() []virtual.IdentRule { return v.db.access.access.Load().identRules() }

// Reload implements virtual.View.
func (v catalogView) Reload() error { return v.db.access.Reload() }

// Cursors implements virtual.View.
func (v catalogView) Cursors() []virtual.Cursor {
	var out []virtual.Cursor
	for _, c := range v.View.Cursors() {
		out = append(out, virtual.Cursor(c))
	}
	return out
}

// PreparedStatements implements virtual.View.
func (v catalogView) PreparedStatements() []virtual.PreparedStatement {
	var out []virtual.PreparedStatement
	for _, p := range v.View.PreparedStatements() {
		out = append(out, virtual.PreparedStatement(p))
	}
	return out
}

func usageOf(u objstore.Usage) virtual.Usage {
	out := virtual.Usage{BytesIn: u.BytesIn, BytesOut: u.BytesOut}
	for r, n := range u.Requests {
		kind := objstore.Request(r)
		out.Requests = append(out.Requests, virtual.Requests{Kind: kind.String(), Count: n, Price: objstore.RequestPrice[kind]})
	}
	return out
}
