package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgHbaFileRules, pgIdentFileMappings) }

// pgHbaFileRules are the rules in force: a file with errors is not taken.
var pgHbaFileRules = virtual.Rel[virtual.HBARule]{
	Of: "pg_hba_file_rules",
	Rows: func(v View, yield func(virtual.HBARule)) {
		for _, r := range v.HBARules() {
			yield(r)
		}
	},
	Columns: virtual.Columns[virtual.HBARule]{
		"line_number": func(r virtual.HBARule) any { return r.Line },
		"type":        func(r virtual.HBARule) any { return r.Type },
		"database":    func(r virtual.HBARule) any { return arrayOf(types.TextOID, r.Databases) },
		"user_name":   func(r virtual.HBARule) any { return arrayOf(types.TextOID, r.Users) },
		"address":     func(r virtual.HBARule) any { return orNull(r.Address) },
		"netmask":     func(r virtual.HBARule) any { return orNull(r.Mask) },
		"auth_method": func(r virtual.HBARule) any { return r.Method },
		"options":     func(r virtual.HBARule) any { return arrayOrNull(types.TextOID, r.Options) },
	},
}

var pgIdentFileMappings = virtual.Rel[virtual.IdentRule]{
	Of: "pg_ident_file_mappings",
	Rows: func(v View, yield func(virtual.IdentRule)) {
		for _, r := range v.IdentRules() {
			yield(r)
		}
	},
	Columns: virtual.Columns[virtual.IdentRule]{
		"line_number": func(r virtual.IdentRule) any { return r.Line },
		"map_name":    func(r virtual.IdentRule) any { return r.Map },
		"sys_name":    func(r virtual.IdentRule) any { return r.System },
		"pg_username": func(r virtual.IdentRule) any { return r.Role },
	},
}
