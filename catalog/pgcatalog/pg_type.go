package pgcatalog

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgType) }

// typeRow is a type of the registry, or a relation's row type.
type typeRow struct {
	*types.Type
	namespace, owner types.OID
	acl              any
	functions        typeFunctions
}

// typeFunctions are the oids of a type's functions in pg_proc.
type typeFunctions struct {
	input, output, receive, send, modIn, modOut, analyze, subscript types.OID
}

// recordFunctions serve every row type, arrayFunctions every array of a type
// that is not PostgreSQL's own (pg_proc.dat).
var (
	recordFunctions = typeFunctions{input: 2290, output: 2291, receive: 2402, send: 2403}
	enumFunctions   = typeFunctions{input: 3506, output: 3507, receive: 3532, send: 3533}
	rangeFunctions  = typeFunctions{input: 3834, output: 3835, receive: 3836, send: 3837, analyze: 3916}
	multiFunctions  = typeFunctions{input: 4231, output: 4232, receive: 4233, send: 4234, analyze: 4242}
	shellFunctions  = typeFunctions{input: 2398, output: 2399}
	arrayFunctions  = typeFunctions{input: 750, output: 751, receive: 2400, send: 2401, analyze: 3816, subscript: 6179}
)

// What reads a domain; its base type's functions do the rest.
const domainIn, domainRecv types.OID = 2597, 2598

var builtinFunctions = sync.OnceValue(func() map[types.OID]typeFunctions {
	m := map[types.OID]typeFunctions{}
	for _, f := range fields(typeFunctionsTSV) {
		n := make([]types.OID, len(f))
		for i := range f {
			n[i] = number(f[i])
		}
		m[n[0]] = typeFunctions{n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]}
	}
	return m
})

var pgType = virtual.Rel[typeRow]{
	Of:   "pg_type",
	Size: virtual.Size{Fixed: 600, PerRelation: 2},
	Rows: func(v View, yield func(typeRow)) {
		for _, t := range v.Catalog().Types().All() {
			yield(registered(v, t))
		}
		for _, rel := range Outlines(v) {
			if rel.Kind != catalog.CompositeType {
				rowType(rel, yield)
			}
		}
	},
	Columns: virtual.Columns[typeRow]{
		"oid":            func(t typeRow) any { return t.OID },
		"typname":        func(t typeRow) any { return t.Name },
		"typnamespace":   func(t typeRow) any { return t.namespace },
		"typowner":       func(t typeRow) any { return t.owner },
		"typacl":         func(t typeRow) any { return t.acl },
		"typlen":         func(t typeRow) any { return t.Len },
		"typbyval":       func(t typeRow) any { return t.ByVal },
		"typtype":        func(t typeRow) any { return letter(t.Kind) },
		"typcategory":    func(t typeRow) any { return letter(t.Category) },
		"typispreferred": func(t typeRow) any { return t.Preferred },
		"typisdefined":   func(t typeRow) any { return !t.Shell },
		"typdelim":       func(t typeRow) any { return letter(t.Delim) },
		"typrelid":       func(t typeRow) any { return t.Relation },
		"typsubscript":   func(t typeRow) any { return t.functions.subscript },
		"typelem":        func(t typeRow) any { return t.Elem },
		"typarray":       func(t typeRow) any { return t.Array },
		"typinput":       func(t typeRow) any { return t.functions.input },
		"typoutput":      func(t typeRow) any { return t.functions.output },
		"typreceive":     func(t typeRow) any { return t.functions.receive },
		"typsend":        func(t typeRow) any { return t.functions.send },
		"typmodin":       func(t typeRow) any { return t.functions.modIn },
		"typmodout":      func(t typeRow) any { return t.functions.modOut },
		"typanalyze":     func(t typeRow) any { return t.functions.analyze },
		"typalign":       func(t typeRow) any { return letter(t.Align) },
		"typstorage":     func(t typeRow) any { return letter(t.Storage) },
		"typbasetype":    func(t typeRow) any { return t.Base },
		"typtypmod":      func(t typeRow) any { return t.typmod() },
		"typnotnull":     func(t typeRow) any { return t.Domain != nil && t.Domain.NotNull },
		"typndims":       func(t typeRow) any { return t.dims() },
		"typdefault":     func(t typeRow) any { return orNull(t.defaultText()) },
		"typdefaultbin":  func(t typeRow) any { return orNull(t.defaultBin()) },
		"typcollation":   func(t typeRow) any { return t.Collation },
	},
	Lookups: []virtual.Lookup[typeRow]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(typeRow)) { typeByOID(v, keys[0].(types.OID), yield) }},
		{By: []string{"typname"}, Find: func(v View, keys []any, yield func(typeRow)) { typesByName(v, keys[0].(string), yield) }},
	},
}

func registered(v View, t *types.Type) typeRow {
	f, ok := builtinFunctions()[t.OID]
	switch {
	case !ok && t.IsArray():
		f = arrayFunctions
	case !ok && t.Kind == 'c':
		f = recordFunctions
	case !ok && t.Kind == 'e':
		f = enumFunctions
	case !ok && t.Kind == 'r':
		f = rangeFunctions
	case !ok && t.Kind == 'm':
		f = multiFunctions
	case t.Shell:
		f = shellFunctions
	case t.BaseDef != nil:
		p := t.BaseDef.Procs
		f = typeFunctions{p.Input, p.Output, p.Receive, p.Send, p.TypmodIn, p.TypmodOut, p.Analyze, p.Subscript}
	case !ok && t.Domain != nil:
		base, _ := t.BaseType(-1)
		f = registered(v, base).functions
		f.input, f.receive, f.modIn, f.modOut, f.subscript = domainIn, domainRecv, 0, 0, 0
	}
	access := v.Catalog().Access(catalog.Object{Class: catalog.ClassType, OID: t.OID})
	return typeRow{Type: t, namespace: namespaceOID(v, t.Namespace), owner: access.Owner, acl: aclArray(v, access.ACL), functions: f}
}

// rowType yields the composite type of a relation.
func rowType(rel *catalog.Relation, yield func(typeRow)) {
	if rel.Type == 0 {
		return
	}
	t := &types.Type{OID: rel.Type, Name: rel.Name, Namespace: rel.Schema, Len: -1, Align: 'd', Storage: 'x',
		Category: types.Composite, Kind: 'c', Delim: ',', Relation: rel.OID, Array: rel.TypeArray}
	yield(typeRow{Type: t, namespace: rel.Namespace, owner: rel.Owner, functions: recordFunctions})
	if rel.TypeArray == 0 {
		return
	}
	a := &types.Type{OID: rel.TypeArray, Name: types.ArrayName(rel.Name), Namespace: rel.Schema, Len: -1, Align: 'd', Storage: 'x',
		Category: types.Array_, Kind: 'b', Delim: ',', Elem: rel.Type}
	yield(typeRow{Type: a, namespace: rel.Namespace, owner: rel.Owner, functions: arrayFunctions})
}

// typmod of a domain's base type.
func (t typeRow) typmod() int32 {
	if t.Domain == nil {
		return -1
	}
	return t.Domain.Typmod
}

// dims is what a domain's declaration said.
func (t typeRow) dims() int32 {
	if t.Domain != nil && t.Domain.Base.IsArray() {
		return 1
	}
	return 0
}

func (t typeRow) defaultText() string {
	if t.BaseDef != nil && t.BaseDef.Default != nil {
		return *t.BaseDef.Default
	}
	return t.defaultBin()
}

// defaultBin is a domain's default; a base type's is text alone.
func (t typeRow) defaultBin() string {
	if t.Domain == nil {
		return ""
	}
	return t.Domain.Default
}

func typeByOID(v View, oid types.OID, yield func(typeRow)) {
	if t := v.Catalog().Types().ByOID(oid); t != nil {
		yield(registered(v, t))
		return
	}
	if rel := outline(v, oid); rel != nil && rel.Type == oid {
		rowType(rel, yield)
	}
}

func typesByName(v View, name string, yield func(typeRow)) {
	for _, s := range v.Catalog().Schemas() {
		if t := v.Catalog().Types().ByName(s.Name, name); t != nil {
			yield(registered(v, t))
		} else if rel := v.Catalog().Relation(s.Name, name); rel != nil {
			rowType(rel, yield)
		}
	}
}
