package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// functionBuilder is a CREATE FUNCTION or CREATE PROCEDURE being bound.
type functionBuilder struct {
	*binder
	stmt *parser.CreateFunctionStmt
	f    *catalog.Function
	// given are the options that were written.
	given map[string]*parser.DefElem
	// shell is the shell type to make for the result, nil for none.
	shell *catalog.TypeDef
}

// createFunction is CreateFunction of functioncmds.c.
func (b *binder) createFunction(stmt parser.Statement, c *parser.CreateFunctionStmt) plan.Statement {
	schema, name := b.routineName(c.Funcname)
	x := &functionBuilder{binder: b, stmt: c, given: map[string]*parser.DefElem{}}
	x.f = &catalog.Function{Schema: schema, Name: name, Kind: 'f', Volatility: 'v', Parallel: 'u'}
	if c.IsProcedure {
		x.f.Kind = 'p'
	}
	for _, n := range c.Options {
		x.option(n.GetDefElem())
	}
	x.language()
	x.checkLeakproof()
	x.defaultCost()
	x.parameters()
	x.result()
	x.checkRows()
	x.body()
	x.checkPolymorphic()
	switch x.f.Language {
	case "sql":
		x.checkPseudo()
	case internalLanguage:
		x.checkInternal()
	case cLanguage:
		x.checkLibrary()
	}
	old := b.replaced(x.f, c.Replace)
	if setting, ok := b.setting("check_function_bodies"); x.f.Language == "sql" && (!ok || setting == "on") {
		x.validate(stmt)
	}
	if old != nil {
		x.f.OID, x.f.Comment = old.OID, old.Comment
	}
	out := &plan.CreateFunction{Function: x.f, Tag: parser.CommandTag(stmt.Node), BodyAt: -1, Shell: x.shell}
	if as := x.given["as"]; as != nil {
		out.BodyAt = BodyOffset(stmt, as, x.f.Source)
	}
	out.Notices = b.notices
	return out
}

// routineName is where CREATE puts a function, operator or aggregate.
func (b *binder) routineName(nodes []*parser.Node) (schema, name string) {
	rv := &parser.RangeVar{Location: -1}
	rv.Schemaname, rv.Relname = qualified(nameParts(nodes))
	return b.creationSchema(rv), rv.Relname
}

func (b *binder) setting(name string) (string, bool) {
	if b.env.Settings == nil {
		return "", false
	}
	return b.env.Settings(name)
}

// functionOptions read one option each: compute_common_attribute.
var functionOptions map[string]func(x *functionBuilder, d *parser.DefElem)

func init() {
	functionOptions = map[string]func(x *functionBuilder, d *parser.DefElem){
		"as":       func(*functionBuilder, *parser.DefElem) {},
		"language": func(*functionBuilder, *parser.DefElem) {},
		"window":   func(x *functionBuilder, d *parser.DefElem) { unsupported(x.at(d.Location), "WINDOW functions") },
		"transform": func(x *functionBuilder, d *parser.DefElem) {
			unsupported(x.at(d.Location), "TRANSFORM")
		},
		"support":    func(x *functionBuilder, d *parser.DefElem) { unsupported(x.at(d.Location), "SUPPORT functions") },
		"volatility": func(x *functionBuilder, d *parser.DefElem) { x.f.Volatility = defText(d)[0] },
		"strict":     func(x *functionBuilder, d *parser.DefElem) { x.f.Strict = x.defBool(d) },
		"security":   func(x *functionBuilder, d *parser.DefElem) { x.f.SecurityDefiner = x.defBool(d) },
		"leakproof":  func(x *functionBuilder, d *parser.DefElem) { x.f.LeakProof = x.defBool(d) },
		"set":        (*functionBuilder).setClause,
		"cost":       (*functionBuilder).cost,
		"rows":       (*functionBuilder).rows,
		"parallel":   (*functionBuilder).parallel,
	}
}

// procedureOptions are those that procedures have too.
var procedureOptions = []string{"as", "language", "security", "set", "transform"}

func (x *functionBuilder) option(d *parser.DefElem) {
	set := functionOptions[d.Defname]
	if set == nil {
		unsupported(x.at(d.Location), "function option %s", d.Defname)
	}
	if x.given[d.Defname] != nil && d.Defname != "set" {
		failAt(x.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
	}
	if x.f.Kind == 'p' && !slices.Contains(procedureOptions, d.Defname) {
		failAt(x.at(d.Location), pgerr.InvalidFunctionDefinition, "invalid attribute in procedure definition")
	}
	x.given[d.Defname] = d
	set(x, d)
}

// checkLeakproof is 42501 for who is no superuser: a leakproof function is called before
// the conditions of a view or policy have been met.
func (x *functionBuilder) checkLeakproof() {
	if x.given["leakproof"] != nil && x.f.LeakProof && x.restricted() != nil {
		failAt(-1, pgerr.InsufficientPrivilege, "only superuser can define a leakproof function")
	}
}

// defNumber reads an option's number.
func defNumber(d *parser.DefElem) float32 {
	v, _ := types.Float4Type.In(nil, defText(d), -1)
	n, _ := v.(float32)
	return n
}

func (x *functionBuilder) cost(d *parser.DefElem) {
	if x.f.Cost = defNumber(d); x.f.Cost <= 0 {
		failAt(-1, pgerr.InvalidParameterValue, "COST must be positive")
	}
}

// defaultCost: the server's own code is cheap.
func (x *functionBuilder) defaultCost() {
	switch {
	case x.given["cost"] != nil:
	case x.f.Language == internalLanguage, x.f.Language == cLanguage:
		x.f.Cost = 1
	default:
		x.f.Cost = 100
	}
}

func (x *functionBuilder) rows(d *parser.DefElem) {
	if x.f.Rows = defNumber(d); x.f.Rows <= 0 {
		failAt(-1, pgerr.InvalidParameterValue, "ROWS must be positive")
	}
}

func (x *functionBuilder) parallel(d *parser.DefElem) {
	switch defText(d) {
	case "safe", "unsafe", "restricted":
		x.f.Parallel = defText(d)[0]
		return
	}
	failAt(-1, pgerr.SyntaxError, "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE")
}

func (x *functionBuilder) checkRows() {
	if !x.f.ReturnSet && x.given["rows"] != nil {
		failAt(-1, pgerr.InvalidParameterValue, "ROWS is not applicable when function does not return a set")
	}
	if x.f.ReturnSet && x.given["rows"] == nil {
		x.f.Rows = 1000
	}
}

// internalLanguage is that of functions which are the server's own code, by its
// name in pg_proc.prosrc.
const internalLanguage = "internal"

// cLanguage is that of functions whose code is an extension's library (package ext).
const cLanguage = "c"

// language settles on the function's language: 42704 for unknown ones.
func (x *functionBuilder) language() {
	d := x.given["language"]
	name := "sql"
	switch {
	case d != nil:
		name = strings.ToLower(defText(d))
	case x.stmt.SqlBody == nil:
		failAt(-1, pgerr.InvalidFunctionDefinition, "no language specified")
	}
	compiled := name == internalLanguage || name == cLanguage
	if compiled && x.restricted() != nil {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for language %s", name)
	}
	if name != "sql" && !compiled && !slices.Contains(x.env.Languages, name) {
		failAt(-1, pgerr.UndefinedObject, "language \"%s\" does not exist", name)
	}
	l := catalog.LanguageNamed(name)
	x.mayUseLanguage(l.OID, name, l.Trusted)
	x.f.Language = name
}

// result settles what the function returns: OUT parameters say it too.
func (x *functionBuilder) result() {
	outs := x.f.Outputs()
	required := types.OID(0)
	switch {
	case x.f.Kind == 'p' && len(outs) > 0, len(outs) > 1:
		required = types.RecordOID
	case len(outs) == 1:
		required = outs[0].Type
	}
	switch tn := x.stmt.ReturnType; {
	case x.f.Kind == 'p':
		if x.f.Result = required; required == 0 {
			x.f.Result = types.VoidOID
		}
	case tn != nil:
		x.f.ReturnSet = tn.Setof
		if t := x.resultType(tn); t != nil {
			x.f.Result = t.OID
		}
		if required != 0 && x.f.Result != required {
			failAt(-1, pgerr.InvalidFunctionDefinition, "function result type must be %s because of OUT parameters", x.oidName(required))
		}
	case required != 0:
		x.f.Result = required
	default:
		failAt(-1, pgerr.InvalidFunctionDefinition, "function result type must be specified")
	}
}

// resultType is compute_return_type; nil for a type that is to be declared.
func (x *functionBuilder) resultType(tn *parser.TypeName) *types.Type {
	t := x.maybeTypeName(tn)
	if t == nil {
		x.declareShell(tn)
		return nil
	}
	x.checkShellResult(t)
	if len(tn.Typmods) > 0 {
		x.typmod(tn, t) // PostgreSQL reads it and forgets it
	}
	return t
}

// polymorphicNeeds is check_valid_polymorphic_signature's detail by family.
func polymorphicNeeds(f polyFamily) string {
	switch f {
	case simpleRange, simpleMultirange:
		return "A result of type %s requires at least one input of type anyrange or anymultirange."
	case commonRange, commonMultirange:
		return "A result of type %s requires at least one input of type anycompatiblerange or anycompatiblemultirange."
	case commonElem, commonArray:
		return "A result of type %s requires at least one input of type anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or anycompatiblemultirange."
	}
	return "A result of type %s requires at least one input of type anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange."
}

// determines says whether an input of family f tells what the result is.
func (f polyFamily) determines(result polyFamily) bool {
	if f == notPoly || f.isCommon() != result.isCommon() {
		return false
	}
	switch result {
	case simpleRange, simpleMultirange:
		return f == simpleRange || f == simpleMultirange
	case commonRange, commonMultirange:
		return f == commonRange || f == commonMultirange
	}
	return true
}

// checkPolymorphic is check_valid_polymorphic_signature for the result and the
// OUT parameters.
func (x *functionBuilder) checkPolymorphic() {
	x.polymorphicResult(x.f, x.f.Result)
	for _, p := range x.f.Outputs() {
		x.polymorphicResult(x.f, p.Type)
	}
}

func (b *binder) polymorphicResult(f *catalog.Function, result types.OID) {
	family := polyFamilies[result]
	if family == notPoly {
		return
	}
	for _, oid := range f.InputTypes() {
		if polyFamilies[oid].determines(family) {
			return
		}
	}
	fail(pgerr.New(pgerr.InvalidFunctionDefinition, "cannot determine result data type").
		WithDetail(polymorphicNeeds(family), b.oidName(result)))
}

// checkPseudo is fmgr_sql_validator's: what SQL functions neither take nor
// return.
func (x *functionBuilder) checkPseudo() {
	if t := x.typ(x.f.Result); t.Kind == 'p' && t.OID != types.RecordOID && t.OID != types.VoidOID && !isPolymorphic(t.OID) {
		failAt(-1, pgerr.InvalidFunctionDefinition, "SQL functions cannot return type %s", x.typeName(t))
	}
	for _, oid := range x.f.InputTypes() {
		if t := x.typ(oid); t.Kind == 'p' && !isPolymorphic(oid) && oid != types.RecordOID {
			failAt(-1, pgerr.InvalidFunctionDefinition, "SQL functions cannot have arguments of type %s", x.typeName(t))
		}
	}
}
