package virtual

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Hidden columns of virtual tables: pg_dump asks for tableoid, some clients for
// xmin as a version number.
const (
	colTableOID = catalog.ColTableOID
	colXmin     = int16(-9)
)

// standIns are the types that columns of PostgreSQL's catalogs have and the
// registry may not: values of the second are shown in their place.
var standIns = map[string]string{
	"_pg_statistic": "anyarray",
}

// Listing holds the descriptors of one schema's relations, by name.
type Listing map[string]*catalog.Relation

// ParseListing reads a listing as pgcatalog/data/dump.sh writes it: per relation
// a line (name, 0, kind, oid, type oid, comment, array type oid), then one per column (name,
// number, column, type, n for not null, collation), all separated by tabs. It
// panics on what it can't read: listings are part of the program.
func ParseListing(schema *catalog.Schema, tsv string) Listing {
	l := Listing{}
	for line := range strings.Lines(tsv) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if f[1] == "0" {
			l[f[0]] = newRelation(schema, f)
			continue
		}
		rel := l[f[0]]
		rel.Columns = append(rel.Columns, newColumn(f))
	}
	for _, rel := range l {
		if rel.Kind == catalog.Table {
			rel.Columns = append(rel.Columns, hidden(colTableOID, "tableoid", types.OidOID), hidden(colXmin, "xmin", types.XidOID))
		}
	}
	return l
}

func newRelation(schema *catalog.Schema, f []string) *catalog.Relation {
	rel := &catalog.Relation{
		OID: parseOID(f[3]), Type: parseOID(f[4]), Namespace: schema.OID, Schema: schema.Name, Name: f[0],
		Kind: catalog.RelKind(f[2][0]), Owner: catalog.BootstrapSuperuser, Virtual: true, Comment: f[5],
	}
	if len(f) > 6 {
		rel.TypeArray = parseOID(f[6])
	}
	return rel
}

func newColumn(f []string) *catalog.Column {
	return &catalog.Column{
		Num: int16(parseOID(f[1])), Name: f[2], Type: typeNamed(f[3]), Typmod: -1, NotNull: f[4] == "n", Collation: parseOID(f[5]),
	}
}

func hidden(num int16, name string, oid types.OID) *catalog.Column {
	return &catalog.Column{Num: num, Name: name, Type: types.ByOID(oid), Typmod: -1, NotNull: true, Hidden: true}
}

func typeNamed(name string) *types.Type {
	if t := types.Builtin().ByName("pg_catalog", name); t != nil {
		return t
	}
	if t := types.Builtin().ByName(types.InformationSchema, name); t != nil {
		return t
	}
	t := types.Builtin().ByName("pg_catalog", standIns[name])
	if t == nil {
		panic("virtual: no type " + name)
	}
	return t
}

func parseOID(s string) types.OID {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic("virtual: " + err.Error())
	}
	return types.OID(n)
}
