package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
)

func init() { registry.Declare(pgTsConfigMap) }

// tsMapping says which dictionary gets a kind of token.
type tsMapping struct {
	config, dict catalog.OID
	token        int32
}

var pgTsConfigMap = virtual.Rel[tsMapping]{
	Of: "pg_ts_config_map",
	Rows: func(_ View, yield func(tsMapping)) {
		for _, c := range tsearch.Configs {
			for token, d := range c.Dicts {
				if d != nil {
					yield(tsMapping{c.OID, d.OID, int32(token)})
				}
			}
		}
	},
	Columns: virtual.Columns[tsMapping]{
		"mapcfg":       func(m tsMapping) any { return m.config },
		"maptokentype": func(m tsMapping) any { return m.token },
		"mapseqno":     is[tsMapping](int32(1)),
		"mapdict":      func(m tsMapping) any { return m.dict },
	},
}
