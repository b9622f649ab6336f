package pgcatalog

import (
	"runtime"

	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/settings"
)

func init() { registry.Declare(pgConfig) }

// notRecorded is what PostgreSQL says of what its build did not keep.
const notRecorded = "not recorded"

// configNames are get_configdata's. Of a program without a build system, a library or
// files of its own nothing is recorded but what compiled it and which version it is.
var configNames = []string{
	"BINDIR", "DOCDIR", "HTMLDIR", "INCLUDEDIR", "PKGINCLUDEDIR", "INCLUDEDIR-SERVER", "LIBDIR", "PKGLIBDIR", "LOCALEDIR",
	"MANDIR", "SHAREDIR", "SYSCONFDIR", "PGXS", "CONFIGURE", "CC", "CPPFLAGS", "CFLAGS", "CFLAGS_SL", "LDFLAGS",
	"LDFLAGS_EX", "LDFLAGS_SL", "LIBS", "VERSION",
}

var configSettings = map[string]string{
	"CC":      runtime.Compiler + " " + runtime.Version(),
	"VERSION": "PostgreSQL " + settings.ServerVersion + " (s3db-sql)",
}

var pgConfig = virtual.Rel[string]{
	Of:   "pg_config",
	Size: virtual.Size{Fixed: 23},
	Rows: func(_ View, yield func(string)) {
		for _, name := range configNames {
			yield(name)
		}
	},
	Columns: virtual.Columns[string]{
		"name":    func(name string) any { return name },
		"setting": configSetting,
	},
}

func configSetting(name string) any {
	if s, ok := configSettings[name]; ok {
		return s
	}
	return notRecorded
}
