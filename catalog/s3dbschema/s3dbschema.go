package s3dbschema

import (
	_ "embed"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

//go:embed columns.tsv
var columnsTSV string

// Schema is s3db.
var Schema = &catalog.Schema{OID: catalog.S3DBSchemaOID, Name: "s3db", Owner: catalog.BootstrapSuperuser,
	Comment: "requests to the store and their cost"}

var set = virtual.NewSet(virtual.ParseListing(Schema, columnsTSV), []virtual.Table{requests, costs})

// Set returns the relations of s3db.
func Set() *virtual.Set { return set }

// spender is a session, or the whole server: then pid and names are nil.
type spender struct {
	pid, user, application any
	usage                  virtual.Usage
}

func spenders(v virtual.View, yield func(spender)) {
	for _, a := range v.Activities() {
		yield(spender{a.PID, a.User, a.Application, a.Usage})
	}
	yield(spender{usage: v.Total()})
}

func dollars(u virtual.Usage) float64 {
	var d float64
	for _, r := range u.Requests {
		d += float64(r.Count) * r.Price
	}
	return d
}

// spent is one kind of request of one spender.
type spent struct {
	spender
	virtual.Requests
}

var requests = virtual.Rel[spent]{
	Of: "requests",
	Rows: func(v virtual.View, yield func(spent)) {
		spenders(v, func(s spender) {
			for _, r := range s.usage.Requests {
				yield(spent{s, r})
			}
		})
	},
	Columns: virtual.Columns[spent]{
		"pid":              func(s spent) any { return s.pid },
		"usename":          func(s spent) any { return s.user },
		"application_name": func(s spent) any { return s.application },
		"kind":             func(s spent) any { return s.Kind },
		"requests":         func(s spent) any { return s.Count },
		"dollars":          func(s spent) any { return float64(s.Count) * s.Price },
	},
}

var costs = virtual.Rel[spender]{
	Of:   "costs",
	Rows: spenders,
	Columns: virtual.Columns[spender]{
		"pid":              func(s spender) any { return s.pid },
		"usename":          func(s spender) any { return s.user },
		"application_name": func(s spender) any { return s.application },
		"requests":         func(s spender) any { return total(s.usage) },
		"bytes_read":       func(s spender) any { return s.usage.BytesIn },
		"bytes_written":    func(s spender) any { return s.usage.BytesOut },
		"dollars":          func(s spender) any { return dollars(s.usage) },
	},
}

func total(u virtual.Usage) int64 {
	var n int64
	for _, r := range u.Requests {
		n += r.Count
	}
	return n
}
