package session

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/tsearch"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// names resolves the reg* types against the session's catalog and search path
// (PostgreSQL documentation, "Object Identifier Types").
type names struct{ s *Session }

var _ types.Names = names{}

type nameSpace struct {
	find func(n names, qualified []string, text string) (types.OID, error)
	name func(n names, oid types.OID) (string, bool)
}

var nameSpaces = map[types.RegKind]nameSpace{
	types.RegClass:     {names.findClass, names.className},
	types.RegType:      {names.findType, names.typeName},
	types.RegProc:      {names.findProc, names.procName},
	types.RegProcedure: {names.findProcedure, names.procedureName},
	types.RegOper:      {names.findOper, names.operName},
	types.RegOperator:  {names.findOperator, names.operatorName},
	types.RegNamespace: {names.findNamespace, names.namespaceName},
	types.RegRole:      {names.findRole, names.roleName},
	types.RegCollation: {names.findCollation, names.collationName},

	types.RegConfig:     textSearchNames(types.RegConfig, "configuration"),
	types.RegDictionary: textSearchNames(types.RegDictionary, "dictionary"),
}

// textSearchSpace has the objects of one kind of full text search.
type textSearchSpace struct {
	byName map[string]types.OID
	byOID  map[types.OID]string
}

var textSearchSpaces = map[types.RegKind]textSearchSpace{
	types.RegConfig: makeTextSearchSpace(tsearch.Configs, func(c *tsearch.Config) (types.OID, string) { return c.OID, c.Name }),
	types.RegDictionary: makeTextSearchSpace(tsearch.Dictionaries, func(d *tsearch.Dictionary) (types.OID, string) {
		return d.OID, d.Name
	}),
}

func makeTextSearchSpace[T any](all []T, named func(T) (types.OID, string)) textSearchSpace {
	out := textSearchSpace{map[string]types.OID{}, map[types.OID]string{}}
	for _, v := range all {
		oid, name := named(v)
		out.byName[name], out.byOID[oid] = oid, name
	}
	return out
}

// textSearchNames finds objects of full text search, which are all in
// pg_catalog.
func textSearchNames(kind types.RegKind, noun string) nameSpace {
	space := textSearchSpaces[kind]
	return nameSpace{
		find: func(n names, q []string, _ string) (types.OID, error) {
			if len(q) > 0 {
				schemas, name := n.schemas(q)
				if oid, ok := space.byName[name]; ok && slices.Contains(schemas, "pg_catalog") {
					return oid, nil
				}
			}
			return 0, pgerr.New(pgerr.UndefinedObject, "text search %s \"%s\" does not exist", noun, strings.Join(q, "."))
		},
		name: func(n names, oid types.OID) (string, bool) {
			name, ok := space.byOID[oid]
			return parser.QuoteIdent(name), ok
		},
	}
}

// OIDOf implements types.Names.
func (n names) OIDOf(kind types.RegKind, text string) (types.OID, error) {
	space, ok := nameSpaces[kind]
	if !ok {
		return 0, pgerr.Unsupported("looking up names of this kind")
	}
	if grammarNames[kind] {
		return space.find(n, nil, text)
	}
	parts, err := qualifiedNameList(text)
	if err == nil {
		err = n.checkQualified(kind, parts)
	}
	if err != nil {
		return 0, err
	}
	return space.find(n, parts, text)
}

// checkQualified is DeconstructQualifiedName and LookupExplicitNamespace: 42601,
// 0A000, 3F000; 42602 for a qualified name of what is in no schema.
func (n names) checkQualified(kind types.RegKind, parts []string) error {
	if kind == types.RegRole || kind == types.RegNamespace {
		if len(parts) != 1 {
			return pgerr.New(pgerr.InvalidName, "invalid name syntax")
		}
		return nil
	}
	whole, noun := strings.Join(parts, "."), "qualified"
	crossed := whole
	if kind == types.RegClass {
		noun, crossed = "relation", "\""+whole+"\""
	}
	switch {
	case len(parts) > 3:
		return pgerr.New(pgerr.SyntaxError, "improper %s name (too many dotted names): %s", noun, whole)
	case len(parts) == 3 && parts[0] != n.s.database:
		return pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", crossed)
	case len(parts) < 2:
		return nil
	}
	if schema := parts[len(parts)-2]; schema != "pg_temp" && n.s.catalog().SchemaByName(schema) == nil {
		return pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	return nil
}

// NameOf implements types.Names.
func (n names) NameOf(kind types.RegKind, oid types.OID) (string, bool) {
	space, ok := nameSpaces[kind]
	if !ok {
		return "", false
	}
	return space.name(n, oid)
}

// schemas are the schemas in which a possibly qualified name may be.
func (n names) schemas(qualified []string) (schemas []string, name string) {
	name = qualified[len(qualified)-1]
	if len(qualified) > 1 {
		if schema := qualified[len(qualified)-2]; schema != "pg_temp" {
			return []string{schema}, name
		}
		return []string{n.s.tempSchema}, name
	}
	return n.s.fullPath(), name
}

func (n names) findClass(q []string, text string) (types.OID, error) {
	if len(q) > 0 {
		schemas, name := n.schemas(q)
		for _, schema := range schemas {
			if r := n.s.catalog().Relation(schema, name); r != nil {
				return r.OID, nil
			}
			if _, ix := n.s.catalog().IndexByName(schema, name); ix != nil {
				return ix.OID, nil
			}
		}
	}
	return 0, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", strings.Join(q, "."))
}

func (n names) className(oid types.OID) (string, bool) {
	if r := n.s.catalog().RelationByOID(oid); r != nil {
		return n.visible(r.Schema, r.Name, func(schema string) bool {
			other := n.s.catalog().Relation(schema, r.Name)
			return other != nil
		}), true
	}
	if r, ix := n.s.catalog().RelationOfIndex(oid); ix != nil {
		return n.visible(r.Schema, ix.Name, func(schema string) bool {
			_, other := n.s.catalog().IndexByName(schema, ix.Name)
			return other != nil
		}), true
	}
	return "", false
}

// visible qualifies a name unless the search path finds it first.
func (n names) visible(schema, name string, has func(schema string) bool) string {
	for _, p := range n.s.fullPath() {
		if p == schema {
			return parser.QuoteIdent(name)
		}
		if has(p) {
			break
		}
	}
	return parser.QuoteIdent(schema) + "." + parser.QuoteIdent(name)
}

func (n names) findType(_ []string, text string) (types.OID, error) {
	tn, err := parser.ParseType(text)
	if err != nil {
		return 0, err
	}
	t, _, err := bind.TypeName(n.s.bindEnv(nil), tn)
	if e := pgerr.As(err); e != nil {
		return 0, e.Displaced()
	}
	if err != nil {
		return 0, err
	}
	return t.OID, nil
}

func (n names) typeName(oid types.OID) (string, bool) {
	t := n.s.catalog().Types().ByOID(oid)
	if t == nil {
		return "", false
	}
	return t.SQLNameAs(func(own *types.Type) string {
		return n.visible(own.Namespace, own.Name, func(schema string) bool { return n.s.catalog().Types().ByName(schema, own.Name) != nil })
	}), true
}

func (n names) findProc(q []string, text string) (types.OID, error) {
	found := n.funcsNamed(q)
	switch len(found) {
	case 1:
		return found[0].OID, nil
	case 0:
		return 0, pgerr.New(pgerr.UndefinedFunction, "function \"%s\" does not exist", text)
	}
	return 0, pgerr.New(pgerr.AmbiguousFunction, "more than one function named \"%s\"", text)
}

// funcsNamed are the functions that a name means: all of pg_catalog's, and those
// of the database's own in the schemas where it may be.
func (n names) funcsNamed(q []string) []*funcs.Func {
	if len(q) == 0 {
		return nil
	}
	schemas, name := n.schemas(q)
	var found []*funcs.Func
	for _, schema := range schemas {
		if schema == "pg_catalog" {
			found = append(found, bind.Functions(name)...)
			continue
		}
		if schema == n.s.tempSchema && len(q) == 1 {
			continue // found by a qualified name only
		}
		for _, f := range n.s.catalog().Routines().Named(name) {
			if f.Schema == schema {
				found = append(found, bind.DeclaredFunction(n.s.bindEnv(nil), f))
			}
		}
	}
	return found
}

// function returns the function with that oid, or nil.
func (n names) function(oid types.OID) *funcs.Func {
	if f := bind.Function(oid); f != nil {
		return f
	}
	if f := n.s.catalog().Routines().Function(oid); f != nil {
		return bind.DeclaredFunction(n.s.bindEnv(nil), f)
	}
	return nil
}

// functionName qualifies the name of a function unless the search path has its
// schema.
func (n names) functionName(f *funcs.Func) string {
	schema := f.Namespace
	if schema == "" {
		schema = "pg_catalog"
	}
	if schema != n.s.tempSchema && slices.Contains(n.s.fullPath(), schema) {
		return parser.QuoteIdent(f.Name)
	}
	return parser.QuoteIdent(schema) + "." + parser.QuoteIdent(f.Name)
}

func (n names) procName(oid types.OID) (string, bool) {
	f := n.function(oid)
	if f == nil {
		return "", false
	}
	name := n.functionName(f)
	if f.Namespace == "" && len(n.funcsNamed([]string{f.Name})) > 1 {
		name = "pg_catalog." + parser.QuoteIdent(f.Name)
	} else if f.OID >= types.FirstNormalOID && len(n.funcsNamed([]string{f.Name})) > 1 {
		name = parser.QuoteIdent(f.Namespace) + "." + parser.QuoteIdent(f.Name)
	}
	return name, true
}

func (n names) findProcedure(_ []string, text string) (types.OID, error) {
	name, args, err := n.nameAndArgTypes(text, false)
	if err != nil {
		return 0, err
	}
	for _, f := range n.funcsNamed(name) {
		if equalOIDs(f.Args, args) {
			return f.OID, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedFunction, "function \"%s\" does not exist", text)
}

func equalOIDs(a, b []types.OID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (n names) procedureName(oid types.OID) (string, bool) {
	f := n.function(oid)
	if f == nil {
		return "", false
	}
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i], _ = n.typeName(a)
	}
	return n.functionName(f) + "(" + strings.Join(args, ",") + ")", true
}

func (n names) findNamespace(q []string, _ string) (types.OID, error) {
	if s := n.s.catalog().SchemaByName(q[0]); s != nil {
		return s.OID, nil
	}
	return 0, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", q[0])
}

func (n names) namespaceName(oid types.OID) (string, bool) {
	for _, s := range n.s.catalog().Schemas() {
		if s.OID == oid {
			return parser.QuoteIdent(s.Name), true
		}
	}
	return "", false
}

func (n names) findRole(q []string, _ string) (types.OID, error) {
	for _, r := range n.s.catalog().Roles() {
		if r.Name == q[0] {
			return r.OID, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", q[0])
}

func (n names) roleName(oid types.OID) (string, bool) {
	for _, r := range n.s.catalog().Roles() {
		if r.OID == oid {
			return parser.QuoteIdent(r.Name), true
		}
	}
	return "", false
}

func (n names) findCollation(q []string, text string) (types.OID, error) {
	reg := n.s.catalog().Types()
	path := append(n.s.searchPath(), "pg_catalog")
	if len(q) > 1 {
		path = q[len(q)-2 : len(q)-1]
	}
	for _, schema := range path {
		if len(q) == 0 {
			break
		}
		if c := reg.CollationByName(schema, q[len(q)-1]); c != nil {
			return c.OID, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", text)
}

func (n names) collationName(oid types.OID) (string, bool) {
	c := n.s.catalog().Types().CollationByOID(oid)
	if c == nil {
		return "", false
	}
	name := parser.QuoteIdent(c.Name)
	if c.Namespace != "" && !slices.Contains(n.s.searchPath(), c.Namespace) {
		name = parser.QuoteIdent(c.Namespace) + "." + name
	}
	return name, true
}
