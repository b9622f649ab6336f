package pgcatalog

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
)

// The queries that PostgreSQL's own views are made of, as it shows them: the rows here
// are made by the server's code instead. data/dump.sh writes them.
//
//go:embed data/views.tsv
var viewsTSV string

// systemViewTexts are plain and pretty texts by schema and name.
var systemViewTexts = sync.OnceValue(func() map[string][2]string {
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n")
	texts := map[string][2]string{}
	for _, f := range fields(viewsTSV) {
		texts[f[0]] = [2]string{unescape.Replace(f[1]), unescape.Replace(f[2])}
	}
	return texts
})

// systemView is the query of one of PostgreSQL's own views, "" for another relation. A
// pretty one has each item on a line of its own, however wide the lines may be.
func systemView(rel *catalog.Relation, pretty bool) string {
	texts := systemViewTexts()[rel.Schema+"."+rel.Name]
	if pretty {
		return texts[1]
	}
	return texts[0]
}
