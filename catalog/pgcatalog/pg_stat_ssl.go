package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgStatSSL, pgStatGSSAPI) }

// pgStatSSL has a row for each session that others would see in pg_stat_activity with
// where it comes from.
var pgStatSSL = virtual.Rel[activity]{
	Of:   "pg_stat_ssl",
	Size: virtual.Size{Fixed: 10},
	Rows: activities,
	Columns: virtual.Columns[activity]{
		"pid":           func(a activity) any { return a.PID },
		"ssl":           shown(func(a activity) any { return a.Encryption != nil }),
		"version":       encrypted(func(e *virtual.Encryption) any { return e.Version }),
		"cipher":        encrypted(func(e *virtual.Encryption) any { return e.Cipher }),
		"bits":          encrypted(func(e *virtual.Encryption) any { return e.Bits }),
		"client_dn":     encrypted(func(e *virtual.Encryption) any { return orNull(e.ClientDN) }),
		"client_serial": encrypted(func(e *virtual.Encryption) any { return numericOrNull(e.ClientSerial) }),
		"issuer_dn":     encrypted(func(e *virtual.Encryption) any { return orNull(e.IssuerDN) }),
	},
}

// pgStatGSSAPI: there is no GSSAPI, for any session.
var pgStatGSSAPI = virtual.Rel[activity]{
	Of:   "pg_stat_gssapi",
	Size: virtual.Size{Fixed: 10},
	Rows: activities,
	Columns: virtual.Columns[activity]{
		"pid":               func(a activity) any { return a.PID },
		"gss_authenticated": shown(func(activity) any { return false }),
		"principal":         is[activity](nil),
		"encrypted":         shown(func(activity) any { return false }),
	},
}

func activities(v View, yield func(activity)) {
	for _, a := range v.Activities() {
		yield(activity{v, a})
	}
}

// encrypted is a column of what is known of TLS.
func encrypted(column func(*virtual.Encryption) any) func(activity) any {
	return shown(func(a activity) any {
		if a.Encryption == nil {
			return nil
		}
		return column(a.Encryption)
	})
}

// numericOrNull is a number's text as numeric, NULL for "".
func numericOrNull(text string) any {
	if v, err := types.ByOID(types.NumericOID).In(nil, text, -1); err == nil {
		return v
	}
	return nil
}
