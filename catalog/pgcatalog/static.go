package pgcatalog

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The rows of PostgreSQL's own that describe how types order and hash;
// data/dump.sh writes them.
var (
	//go:embed data/type_functions.tsv
	typeFunctionsTSV string
	//go:embed data/aggregates.tsv
	aggregatesTSV string
	//go:embed data/timezones.txt
	timezonesText string
)

// fields splits tab-separated lines.
func fields(tsv string) [][]string {
	var out [][]string
	for line := range strings.Lines(tsv) {
		out = append(out, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return out
}

// number reads a number of the data files, which are part of the program.
func number(s string) types.OID {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic("pgcatalog: " + err.Error())
	}
	return types.OID(n)
}

// parsed reads a data file once, when it is first asked for.
func parsed[T any](tsv *string, row func(f []string) T) func() []T {
	return sync.OnceValue(func() []T {
		var out []T
		for _, f := range fields(*tsv) {
			out = append(out, row(f))
		}
		return out
	})
}

// known says whether a type exists here; 0 stands for none.
func known(oids ...types.OID) bool {
	for _, oid := range oids {
		if oid != 0 && types.Builtin().ByOID(oid) == nil {
			return false
		}
	}
	return true
}
