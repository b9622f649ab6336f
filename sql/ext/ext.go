package ext

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

// Extension is what PostgreSQL has in a control file, a script and a library.
type Extension struct {
	Name, Version string
	// Comment is pg_available_extensions.comment.
	Comment string
	// Trusted: who may create objects in the database may create it.
	Trusted bool
	// Script defines the objects. MODULE_PATHNAME stands for the library.
	Script string
	// Symbols are the library's functions, by the names that the script gives.
	Symbols map[string]funcs.Kernel
	// Rows are those that return sets.
	Rows map[string]funcs.RowsFunc
}

// Library is pg_proc.probin of its functions.
func (e *Extension) Library() string { return "$libdir/" + e.Name }

// SQL is the script with its library's name in it.
func (e *Extension) SQL() string { return strings.ReplaceAll(e.Script, "MODULE_PATHNAME", e.Library()) }

var registered = map[string]*Extension{}

// Register adds an extension; it is called from init functions, and panics on a
// name that is taken.
func Register(e *Extension) {
	if registered[e.Name] != nil {
		panic("ext: " + e.Name + " is registered twice")
	}
	registered[e.Name] = e
}

// Named returns the extension, or nil.
func Named(name string) *Extension { return registered[name] }

// All are the extensions by name.
func All() []*Extension {
	var out []*Extension
	for _, name := range slices.Sorted(maps.Keys(registered)) {
		out = append(out, registered[name])
	}
	return out
}

// ByLibrary returns the extension whose library that is, or nil.
func ByLibrary(library string) *Extension {
	return registered[strings.TrimPrefix(library, "$libdir/")]
}

// Has says whether the library has that symbol.
func (e *Extension) Has(symbol string) bool {
	return e.Symbols[symbol] != nil || e.Rows[symbol] != nil
}
