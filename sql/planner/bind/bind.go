package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Env is what binding needs of the session. It is not changed.
type Env struct {
	Catalog catalog.Reader
	// SearchPath is the effective path without the implicit pg_catalog, which is
	// searched first unless it is listed.
	SearchPath []string
	// TempSchema is the session's temporary schema, which pg_temp stands for; it
	// may not exist yet. "" where there can be none.
	TempSchema string
	// TypesEnv parses the literals; nil means types.DefaultEnv.
	TypesEnv *types.Env
	// Settings looks a parameter (GUC) up; nil means none is set.
	Settings func(name string) (string, bool)
	// ParamTypes are the types that the client declared for $1 …; 0 means to
	// infer it.
	ParamTypes []types.OID
	// User is the current role, SessionUser who has logged in.
	User        string
	SessionUser string
	Database    string
	// Languages are the procedural languages that functions may be written in.
	Languages []string
	// Cursor binds the query of DECLARE: its rows tell which row of a table they
	// are, where they are one's.
	Cursor bool
	// CurrentOf returns the id of the row of a table that a cursor is on, for
	// WHERE CURRENT OF. nil: there are no cursors.
	CurrentOf func(cursor string, rel *catalog.Relation) (id string, err error)
	// LargeObject returns who owns a large object, and who may do what with it; nil
	// where there is none of that oid.
	LargeObject func(oid types.OID) (*catalog.Access, error)
	// Transitions are the transition tables of the trigger whose function is bound.
	Transitions []*funcs.TransitionTable
	// Body is the function whose body is bound; nil for anything else.
	Body *Body
	// Variables are those of the procedural language that the text is of; nil for
	// none.
	Variables Variables
	// NoRules: no rules are applied, since the statement is the session's own.
	NoRules bool
	// references collects what the text refers to; nil: nobody asks.
	references *references
}

// Bind binds one statement. Errors are *pgerr.Error with PostgreSQL's code,
// message and position (byte offset in stmt.Source). Statements that the
// session runs itself (BEGIN, SET, PREPARE …) are 0A000.
func Bind(env *Env, stmt parser.Statement) (out plan.Statement, err error) {
	defer recoverBind(&err)
	return newBinder(env).statement(stmt), nil
}

// Expr binds the text of a DEFAULT or CHECK expression over the columns of a
// relation, given as plan columns with their names. Errors have no position:
// the text is not the client's.
func Expr(env *Env, text string, columns []plan.Col) (out plan.Expr, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	return b.textExpr(text, b.columnsItem("", columns), kindCheck), nil
}

// ExprAs is Expr with an assignment coercion to a type, as a DEFAULT gets.
func ExprAs(env *Env, text string, columns []plan.Col, t *types.Type, typmod int32) (out plan.Expr, err error) {
	defer recoverBind(&err)
	b := newBinder(env)
	e := b.textExpr(text, b.columnsItem("", columns), kindDefault)
	if c := b.coerceToTarget(e, t, typmod, coerceAssignment, plan.DisplayImplicitCast, -1); c != nil {
		return c, nil
	}
	return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot convert %s to %s", b.typeName(e.Type()), b.typeName(t))
}

// bindError carries an error through the package.
type bindError struct{ err error }

func fail(err error) { panic(bindError{err}) }

// failAt raises a new error with the byte offset of its place, -1 unknown.
func failAt(pos int, code pgerr.Code, format string, args ...any) {
	panic(bindError{pgerr.New(code, format, args...).AtByte(pos)})
}

func unsupported(pos int, format string, args ...any) {
	panic(bindError{pgerr.Unsupported(format, args...).AtByte(pos)})
}

func recoverBind(err *error) {
	switch r := recover().(type) {
	case nil:
	case bindError:
		*err = r.err
	default:
		panic(r)
	}
}

// binder binds one statement.
type binder struct {
	env *Env
	reg *types.Registry
	// inlined: the text being bound is a view's or a default's, so that its
	// offsets mean nothing to the client.
	inlined bool
	// viewOwner is the owner of the view or rule whose text is being bound, with whose
	// rights relations are read; nil: the current role's. ownText: a table's default or
	// check is being bound, which needs no rights on its columns.
	viewOwner *catalog.OID
	ownText   bool
	// entries are the relations that the statement names, with what it needs of them.
	entries []*rangeEntry
	// secured add, when the privileges are known that the statement needs, what row-level
	// security asks of it for them; policies are the tables whose policies are being bound.
	secured  []func()
	policies []types.OID
	// locks are those of tables that it needs.
	locks []plan.TableLock
	// freezing: the tree is a copy that becomes a view's text; names in it are
	// made independent of the search path and of later columns.
	freezing bool
	// noPolicies: what is bound is only looked at, so that no row-level security applies.
	noPolicies bool
	params     params
	nextID     plan.ColumnID
	nextWork   int
	columns    map[plan.ColumnID]*columnInfo
	records    map[plan.ColumnID]plan.Expr // of subqueries' columns, the calls and ROW(…)s whose records they are
	relations  map[types.OID]bool
	// userFuncs are the functions of the database's own that were looked at.
	userFuncs map[types.OID]*funcs.Func
	views     []types.OID // being expanded
	writes    bool        // the statement changes rows
	lock      string      // or locks them: FOR UPDATE and its family
	currentOf bool        // or a cursor's current row
	subNames  map[*parser.SubLink]string
	// notices are what names in the text have to be told of.
	notices []*pgerr.Error
	// variableFields are the fields of the record variables that the text names, by
	// parameter.
	variableFields map[int][]types.Column
	// contexts and sources are of the statements that rules made, ruleDefinition says
	// that one is being defined.
	contexts       map[*parser.Node]*ruleContext
	sources        map[*parser.RangeVar]*ruleSource
	ruleDefinition bool
	// recursion is what the current place is within, where a recursive reference
	// must not stand: "a subquery", "an outer join" …; "" where it may.
	recursion string
	// collating: some collation is not "C", or was written down; collations are
	// those of the calls that stand as columns in their expressions.
	collating  bool
	collations map[plan.ColumnID]collateState
	// trees is set where what is bound is to be written as SQL again, else nil.
	trees *treeMaker
}

// columnInfo is what errors and levels need to know of a column.
type columnInfo struct {
	owner *scope
	table string
	name  string
	// made says what the query itself computes; tableColumn for what FROM yields.
	made columnMade
	// rel and num of a column that comes straight from a table.
	rel catalog.OID
	num int16
	// item is the FROM item that yields it.
	item *nsItem
}

type columnMade uint8

const (
	tableColumn columnMade = iota
	aggregateColumn
	groupingColumn
	windowColumn
	setColumn
	groupColumn
)

func newBinder(env *Env) *binder {
	e := *env
	if e.TypesEnv == nil {
		e.TypesEnv = types.DefaultEnv()
	}
	reg := types.Builtin()
	if e.Catalog != nil && e.Catalog.Types() != nil {
		reg = e.Catalog.Types()
	}
	return &binder{
		env: &e, reg: reg, params: newParams(env.ParamTypes),
		columns: map[plan.ColumnID]*columnInfo{}, relations: map[types.OID]bool{}, records: map[plan.ColumnID]plan.Expr{},
		collations: map[plan.ColumnID]collateState{}, collating: !reg.DefaultIsC(),
	}
}

// newColumn makes a column that s owns.
func (b *binder) newColumn(s *scope, name string, t *types.Type, typmod int32, made columnMade) plan.Col {
	b.nextID++
	b.noteCollation(t)
	b.columns[b.nextID] = &columnInfo{owner: s, name: name, made: made}
	return plan.Col{ID: b.nextID, Name: name, Type: t, Mod: typmod}
}

// outputCol makes a column for the output of a node that no scope owns.
func (b *binder) outputCol(name string, t *types.Type, typmod int32) plan.Col {
	b.nextID++
	b.noteCollation(t)
	return plan.Col{ID: b.nextID, Name: name, Type: t, Mod: typmod}
}

func (b *binder) typ(oid types.OID) *types.Type {
	t := b.reg.ByOID(oid)
	if t == nil {
		fail(pgerr.Unsupported("type with OID %d", oid))
	}
	b.noteCollation(t)
	return t
}

// at turns the parser's location into an error's offset.
func (b *binder) at(location int32) int {
	if b.inlined {
		return -1
	}
	return int(location)
}

// colExpr makes the reference to a column.
func colExpr(c plan.Col, pos int) *plan.Column {
	return &plan.Column{Meta: plan.Meta{Typ: c.Type, Mod: c.Mod, At: pos}, ID: c.ID, Name: c.Name}
}

// within binds something inside a construct that recursive references must not
// be in; the result ends it.
func (b *binder) within(construct string) func() {
	saved := b.recursion
	b.recursion = construct
	return func() { b.recursion = saved }
}
