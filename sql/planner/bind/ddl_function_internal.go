package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// checkInternal is fmgr_internal_validator: 42883 for a name that is no function
// of the server's.
func (x *functionBuilder) checkInternal() {
	if funcs.Declared(x.f.Source) == nil {
		failAt(-1, pgerr.UndefinedFunction, "there is no built-in function named \"%s\"", x.f.Source)
	}
}

// internalFunction gives a function the server's own code. Where PostgreSQL would
// read values of one form as those of another, and where the code is not here,
// calling it is 0A000. constructor: the server made it with its type.
func (b *binder) internalFunction(f *funcs.Func, constructor bool) *funcs.Func {
	code := funcs.BySource(f.Source)
	if code == nil || code.Kernel == nil && code.Rows == nil || f.ReturnSet != (code.Rows != nil) || !constructor && !b.sameForms(f, code) {
		f.Kernel, f.Rows = nil, nil
		err := pgerr.Unsupported("calling function %s, which is \"%s\"", f.Name, f.Source)
		if f.ReturnSet {
			f.Rows = func(*funcs.Call, []any) (funcs.RowIter, error) { return nil, err }
		} else {
			f.Kernel = funcs.Boxed(false, func(*funcs.Call, []any) (any, error) { return nil, err })
		}
		return f
	}
	f.Kernel, f.Rows = code.Kernel, code.Rows
	return f
}

// sameForms says whether arguments and result have the forms that the code takes
// and gives.
func (b *binder) sameForms(f, code *funcs.Func) bool {
	if len(f.Args) != len(code.Args) || !b.sameForm(f.Result, code.Result) {
		return false
	}
	for i, oid := range f.Args {
		if !b.sameForm(oid, code.Args[i]) {
			return false
		}
	}
	return true
}

// sameForm says whether values of a type can be taken for those of a built-in one.
func (b *binder) sameForm(oid, builtin types.OID) bool {
	have, want := b.reg.ByOID(oid), types.Builtin().ByOID(builtin)
	if have == nil || want == nil {
		return false
	}
	if want.Kind == 'p' && want.OID != types.CstringOID {
		return true
	}
	have, _ = have.BaseType(-1)
	if have.BaseDef != nil {
		have = have.BaseDef.Like
	}
	return have.OID == want.OID || have.Rep == want.Rep && have.Rep != types.RepAny
}

// declareShell is what compute_return_type does about a type that is not there: an
// input function is declared before its type.
func (x *functionBuilder) declareShell(tn *parser.TypeName) {
	name := typeNameText(tn)
	if x.f.Language != internalLanguage && x.f.Language != cLanguage {
		failAt(-1, pgerr.UndefinedObject, "type \"%s\" does not exist", name)
	}
	if len(tn.Typmods) > 0 {
		failAt(-1, pgerr.SyntaxError, "type modifier cannot be specified for shell type \"%s\"", name)
	}
	x.notices = append(x.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.UndefinedObject, "type \"%s\" is not yet defined", name).
		WithDetail("Creating a shell type definition."))
	x.shell = &catalog.TypeDef{Kind: 'p'}
	x.shell.Schema, x.shell.Name = x.newTypeName(tn.Names)
	x.f.Result = 0
}

// checkShellResult is compute_return_type's notice, or 42P13, about a shell type.
func (x *functionBuilder) checkShellResult(t *types.Type) {
	if !t.Shell {
		return
	}
	if x.f.Language == "sql" {
		failAt(-1, pgerr.InvalidFunctionDefinition, "SQL function cannot return shell type %s", x.typeName(t))
	}
	x.notices = append(x.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.WrongObjectType, "return type %s is only a shell", x.typeName(t)))
}

// checkShellParameter is interpret_function_parameter_list's.
func (x *functionBuilder) checkShellParameter(t *types.Type) {
	switch {
	case !t.Shell:
	case x.f.Kind == 'a':
		failAt(-1, pgerr.InvalidFunctionDefinition, "aggregate cannot accept shell type %s", x.typeName(t))
	case x.f.Language == "sql":
		failAt(-1, pgerr.InvalidFunctionDefinition, "SQL function cannot accept shell type %s", x.typeName(t))
	default:
		x.notices = append(x.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.WrongObjectType, "argument type %s is only a shell", x.typeName(t)))
	}
}
