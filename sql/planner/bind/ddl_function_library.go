package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// libraryBody is interpret_AS_clause's for C: the library, and the symbol, which is
// the function's name where it is left out.
func (x *functionBuilder) libraryBody(parts []*parser.Node) {
	x.f.Library, x.f.Source = parts[0].GetString_().GetSval(), x.f.Name
	if len(parts) == 2 {
		x.f.Source = parts[1].GetString_().GetSval()
	}
}

// checkLibrary is fmgr_c_validator: the libraries are those of package ext.
func (x *functionBuilder) checkLibrary() {
	e := ext.ByLibrary(x.f.Library)
	if e == nil {
		failAt(-1, pgerr.UndefinedFile, "could not access file \"%s\": No such file or directory", x.f.Library)
	}
	if !e.Has(x.f.Source) {
		failAt(-1, pgerr.UndefinedFunction, "could not find function \"%s\" in file \"%s\"", x.f.Source, x.f.Library)
	}
}

// libraryFunction gives a function the code of its library. A library that this
// server does not have is 58P01 when the function is called.
func libraryFunction(f *funcs.Func, r *catalog.Function) *funcs.Func {
	if e := ext.ByLibrary(r.Library); e != nil && e.Has(r.Source) {
		f.Kernel, f.Rows = e.Symbols[r.Source], e.Rows[r.Source]
		return f
	}
	err := pgerr.New(pgerr.UndefinedFile, "could not access file \"%s\": No such file or directory", r.Library)
	if f.ReturnSet {
		f.Rows = func(*funcs.Call, []any) (funcs.RowIter, error) { return nil, err }
		return f
	}
	f.Kernel = funcs.Boxed(false, func(*funcs.Call, []any) (any, error) { return nil, err })
	return f
}
