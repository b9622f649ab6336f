package opclass

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Method is an index access method, with what it is able to do (IndexAmRoutine).
type Method struct {
	OID     types.OID
	Name    string
	Handler string
	Doc     string
	// Ordered: it takes ASC, DESC and NULLS FIRST. Unique, MultiColumn and Include
	// are amcanunique, amcanmulticol and amcaninclude.
	Ordered, Unique, MultiColumn, Include bool
	// Strategies and Supports are the highest numbers of operators and support
	// functions in its classes, Options that of the function for a class's parameters
	// (amstrategies, amsupport, amoptsprocnum).
	Strategies, Supports, Options int16
	// OrderBy is amcanorderbyop, Storage amstorage.
	OrderBy, Storage bool
	// KeyType is what its indexes keep in the place of any key, 0 for the key itself
	// (amkeytype).
	KeyType types.OID
}

// anyStrategy is the highest number of a method whose classes number as they like.
const anyStrategy = 32767

// BTree is the default access method's name.
const BTree = "btree"

// Heap is the name of the one access method of tables, HeapOID its oid. Its rows are
// objects here; the name is PostgreSQL's, which pg_dump writes into every dump and
// restores by.
const (
	Heap            = "heap"
	HeapOID         = types.OID(2)
	HeapHandler     = "heap_tableam_handler"
	HeapDescription = "heap table access method"
)

// Methods in the order of their oids.
var Methods = []*Method{
	{OID: 403, Name: BTree, Handler: "bthandler", Doc: "b-tree index access method", Ordered: true, Unique: true, MultiColumn: true, Include: true,
		Strategies: 5, Supports: 5, Options: 5},
	{OID: 405, Name: "hash", Handler: "hashhandler", Doc: "hash index access method", Strategies: 1, Supports: 3, Options: 3, KeyType: types.Int4OID},
	{OID: 783, Name: "gist", Handler: "gisthandler", Doc: "GiST index access method", MultiColumn: true, Include: true,
		Strategies: anyStrategy, Supports: 11, Options: 10, OrderBy: true, Storage: true},
	{OID: 2742, Name: "gin", Handler: "ginhandler", Doc: "GIN index access method", MultiColumn: true,
		Strategies: anyStrategy, Supports: 7, Options: 7, Storage: true},
	{OID: 3580, Name: "brin", Handler: "brinhandler", Doc: "block range index (BRIN) access method", MultiColumn: true,
		Strategies: anyStrategy, Supports: 15, Options: 5, Storage: true},
	{OID: 4000, Name: "spgist", Handler: "spghandler", Doc: "SP-GiST index access method", Include: true,
		Strategies: anyStrategy, Supports: 7, Options: 6, OrderBy: true, Storage: true},
}

// FindMethod finds an access method by its name, nil if there is none.
func FindMethod(name string) *Method {
	for _, m := range Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Class is a row of pg_opclass.
type Class struct {
	OID    types.OID
	Method *Method
	Name   string
	// Namespace is the schema of a class of a database's own, "" for pg_catalog.
	Namespace string
	Family    types.OID
	In        types.OID // opcintype
	Default   bool
	Key       types.OID // opckeytype
}

// Family is a row of pg_opfamily.
type Family struct {
	OID       types.OID
	Method    *Method
	Name      string
	Namespace string // as a Class's
}

// pgcatalog's data/dump.sh writes the files.
var (
	//go:embed opclasses.tsv
	classesTSV string
	//go:embed opfamilies.tsv
	familiesTSV string
)

// Classes are all operator classes, by oid.
var Classes = sync.OnceValue(func() []*Class {
	var out []*Class
	for _, f := range lines(classesTSV) {
		out = append(out, &Class{OID: number(f[0]), Method: FindMethod(f[1]), Name: f[2], Family: number(f[3]),
			In: number(f[4]), Default: f[5] == "t", Key: number(f[6])})
	}
	return out
})

// Families are all operator families, by oid.
var Families = sync.OnceValue(func() []*Family {
	var out []*Family
	for _, f := range lines(familiesTSV) {
		out = append(out, &Family{OID: number(f[0]), Method: FindMethod(f[1]), Name: f[2]})
	}
	return out
})

func lines(tsv string) [][]string {
	var out [][]string
	for line := range strings.Lines(tsv) {
		out = append(out, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return out
}

func number(s string) types.OID {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic("opclass: " + err.Error()) // the files are part of the program
	}
	return types.OID(n)
}

// ByOID finds a class, nil if there is none.
func ByOID(oid types.OID) *Class {
	for _, c := range Classes() {
		if c.OID == oid {
			return c
		}
	}
	return nil
}

// Named finds a method's class by its name, nil if there is none.
func Named(m *Method, name string) *Class {
	for _, c := range Classes() {
		if c.Method == m && c.Name == name {
			return c
		}
	}
	return nil
}

// Default is the built-in default class of a type, nil if it has none.
func Default(m *Method, t *types.Type) *Class { return Set{&catalog.OpClasses{}}.Default(m, t) }

// defaultFor is the built-in default class of exactly one type, nil if there is
// none.
func defaultFor(m *Method, in types.OID) *Class {
	for _, c := range Classes() {
		if c.Method == m && c.Default && c.In == in {
			return c
		}
	}
	return nil
}

// Accepts says whether a type's values may stand where the class takes its own
// (IsBinaryCoercible).
func (c *Class) Accepts(t *types.Type) bool {
	for _, in := range acceptors(t) {
		if c.In == in {
			return true
		}
	}
	return false
}

// acceptors are the types that t is, as operator classes see it, the nearest
// first.
func acceptors(t *types.Type) []types.OID {
	t, _ = t.BaseType(-1)
	out := []types.OID{t.OID}
	switch {
	case t.BaseDef != nil:
		out = append(out, t.BaseDef.Coercible...)
	case t.OID == types.VarcharOID:
		out = append(out, types.TextOID) // it orders as text
	case t.IsArray():
		out = append(out, types.AnyArrayOID)
	case t.Kind == 'e':
		out = append(out, types.AnyEnumOID)
	case t.Kind == 'c':
		out = append(out, types.RecordOID)
	case t.Kind == 'r':
		out = append(out, types.AnyRangeOID)
	case t.Kind == 'm':
		out = append(out, types.AnyMultirangeOID)
	}
	return out
}
