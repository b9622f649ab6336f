package session

import (
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Cursor is what pg_cursors shows of a portal.
type Cursor struct {
	Name, Statement              string
	Holdable, Binary, Scrollable bool
	Created                      time.Time
}

// PreparedStatement is what pg_prepared_statements shows.
type PreparedStatement struct {
	Name, Statement string
	Prepared        time.Time
	Params          []types.OID
	FromSQL         bool
	// Runs is how often it has run. Its one plan serves any parameters.
	Runs int64
}

// Cursors implements View.
func (v view) Cursors() []Cursor {
	var out []Cursor
	for _, po := range v.s.portals {
		out = append(out, Cursor{
			Name: po.name, Statement: shownText(po.source), Holdable: po.hold, Binary: po.binary, Scrollable: po.scroll, Created: po.created,
		})
	}
	return out
}

// PreparedStatements implements View. The unnamed one is not shown.
func (v view) PreparedStatements() []PreparedStatement {
	var out []PreparedStatement
	for name, p := range v.s.statements {
		if name == "" {
			continue
		}
		ps := PreparedStatement{Name: name, Statement: shownText(p.source()), Prepared: p.prepared, FromSQL: p.fromSQL, Runs: p.runs}
		for _, t := range p.params {
			ps.Params = append(ps.Params, t.OID)
		}
		out = append(out, ps)
	}
	return out
}
