package session

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// CallFunction calls one function by oid, as a statement of its own
// (HandleFunctionRequest). arguments decodes them once their types are known. It returns
// the value, nil for NULL, and its type.
func (s *Session) CallFunction(ctx context.Context, oid types.OID, out Output, arguments func(*types.Env, []*types.Type) ([]any, error)) (*types.Type, any, error) {
	ctx = objstore.WithMeter(ctx, s.meter)
	s.message = s.db.Clock.Now()
	s.running("<FASTPATH> function call")
	defer s.rested()
	s.listen(out, "")
	defer s.unlisten()
	t, value, err := s.callFunction(ctx, oid, out, arguments)
	if err != nil {
		s.fail(ctx)
		return nil, nil, err
	}
	return t, value, s.Sync(ctx)
}

func (s *Session) callFunction(ctx context.Context, oid types.OID, out Output, arguments func(*types.Env, []*types.Type) ([]any, error)) (*types.Type, any, error) {
	if err := s.allowed(false); err != nil {
		return nil, nil, err
	}
	s.begin(false)
	p, err := s.prepareFunction(oid)
	if err != nil {
		return nil, nil, err
	}
	args, err := arguments(s.clientEnv(), p.params)
	if err != nil {
		return nil, nil, err
	}
	r, err := s.open(ctx, p, args)
	if err != nil {
		return nil, nil, err
	}
	got := &functionOutput{client: out}
	if err := giveAll(ctx, r, checked{got, s, ctx}); err != nil {
		return nil, nil, err
	}
	if len(got.rows) != 1 {
		return nil, nil, pgerr.Internal("a function call gave %d rows", len(got.rows))
	}
	return p.fields[0].Type, got.rows[0][0], nil
}

// functionOutput collects the function's value; notices go to the client.
type functionOutput struct {
	collected
	client Output
}

// Notice implements Output.
func (o *functionOutput) Notice(n *pgerr.Error) error { return o.client.Notice(n) }

// maxFastpath bounds the functions that a session keeps prepared for calls by oid.
const maxFastpath = 64

// prepareFunction makes the query that calls a function: it is bound, and privileges are
// checked, as in any other.
func (s *Session) prepareFunction(oid types.OID) (*prepared, error) {
	if p := s.fastpath[oid]; p != nil && s.rebind(p) == nil {
		return p, nil
	}
	f, err := s.fastpathFunction(oid)
	if err != nil {
		return nil, err
	}
	call := &parser.FuncCall{Funcname: []*parser.Node{stringNode(f.schema), stringNode(f.name)}, FuncVariadic: f.variadic, Funcformat: parser.CoercionForm_COERCE_EXPLICIT_CALL}
	for i := range f.args {
		call.Args = append(call.Args, &parser.Node{Node: &parser.Node_ParamRef{ParamRef: &parser.ParamRef{Number: int32(i + 1)}}})
	}
	target := &parser.ResTarget{Val: &parser.Node{Node: &parser.Node_FuncCall{FuncCall: call}}}
	query := &parser.SelectStmt{Op: parser.SetOperation_SETOP_NONE, LimitOption: parser.LimitOption_LIMIT_OPTION_DEFAULT, TargetList: []*parser.Node{{Node: &parser.Node_ResTarget{ResTarget: target}}}}
	p, err := s.prepare(parser.Statement{Node: &parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: query}}}, f.args)
	if err != nil {
		return nil, err
	}
	if s.fastpath == nil || len(s.fastpath) >= maxFastpath {
		s.fastpath = map[types.OID]*prepared{}
	}
	s.fastpath[oid] = p
	return p, nil
}

func stringNode(text string) *parser.Node {
	return &parser.Node{Node: &parser.Node_String_{String_: &parser.String{Sval: text}}}
}

// fastpathFunction finds a function by oid: 42883, and 0A000 for what is no plain function
// (fetch_fp_info).
func (s *Session) fastpathFunction(oid types.OID) (f fastpathFunction, err error) {
	kind, set := funcs.Normal, false
	if b := funcs.ByOID(oid); b != nil {
		f, kind, set = fastpathFunction{"pg_catalog", b.Name, b.Args, b.Variadic != 0 && b.Variadic != types.AnyOID}, b.Kind, b.ReturnSet
	} else if u := s.catalog().Routines().Function(oid); u != nil {
		variadic := slices.ContainsFunc(u.Params, func(p catalog.FunctionParam) bool { return p.Mode == 'v' })
		f, kind, set = fastpathFunction{u.Schema, u.Name, u.InputTypes(), variadic}, funcs.Kind(u.Kind), u.ReturnSet
	} else {
		return f, pgerr.New(pgerr.UndefinedFunction, "function with OID %d does not exist", oid)
	}
	if kind != funcs.Normal || set {
		return f, pgerr.New(pgerr.FeatureNotSupported, "cannot call function \"%s\" via fastpath interface", f.name)
	}
	return f, nil
}

type fastpathFunction struct {
	schema, name string
	args         []types.OID
	variadic     bool // the last argument is its array
}
