package pl

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Language is a procedural language. It is shared by all sessions and keeps
// nothing of them but what it puts into SPI.Cache.
type Language interface {
	// Validate checks a function that is being made: lanvalidator. An error's
	// place is one in fn.Source.
	Validate(ctx context.Context, s SPI, fn *catalog.Function) error
	// Call runs a function or procedure with boxed arguments: lanplcallfoid. The
	// rows have one column of type c.Result, as many as there are if the function
	// returns a set, one otherwise.
	Call(s SPI, fn *catalog.Function, c *funcs.Call, args []any) (funcs.RowIter, error)
	// CallTrigger runs a function as a trigger; nil skips the row.
	CallTrigger(s SPI, fn *catalog.Function, c *funcs.Call, d *funcs.TriggerData) (*types.Record, error)
	// Inline runs the text of DO: laninline.
	Inline(ctx context.Context, s SPI, source string) error
}

// Variable is a variable as SQL sees it.
type Variable = bind.Variable

// Target is what an assignment assigns to: the first Names parts of its left
// side are the variable's name.
type Target struct {
	Variable *Variable
	Names    int
}

// ParseMode is how a text is read: RawParseMode.
type ParseMode byte

// The modes.
const (
	Statement  ParseMode = iota // one statement
	Expression                  // what follows SELECT
	Assignment                  // variable[.field or [subscript]…] := expression
)

// SPI is what a session gives a language while one of its functions runs. All
// of it belongs to the goroutine that runs the function.
type SPI interface {
	// Cache keeps a language's compiled functions by key, for as long as the
	// definitions they depend on stay as they are.
	Cache(key any, make func() (any, error)) (any, error)
	// State keeps what a language has beside its functions, for the session and its
	// current role.
	State(key any, make func() any) any
	Types() *types.Env
	Catalog() catalog.Reader
	Setting(name string) (string, bool)
	// Number is a parameter that is a number, in its unit.
	Number(name string) int64
	// Type resolves the name of a type: 42704.
	Type(tn *parser.TypeName) (*types.Type, int32, error)
	// Relation resolves the name of a table, view or composite type: 42P01.
	Relation(names []string) (*catalog.Relation, error)
	// Actual is the type that a parameter declared as oid has in a call with
	// arguments of those types: polymorphic ones are resolved.
	Actual(fn *catalog.Function, oid types.OID, args []*types.Type) (*types.Type, error)
	// Tell says how the function tells where it is: a line of a message's context.
	Tell(where func() string)
	// Context is where the function is and what called it, line by line.
	Context() string
	// Describe is how messages call a function: f(integer).
	Describe(fn *catalog.Function) string
	// Notice sends the client a message that is no error.
	Notice(n *pgerr.Error)

	// Prepare binds a statement in which vars has variables (SPI_prepare).
	// target is the variable that an assignment changes.
	Prepare(text string, mode ParseMode, vars bind.Variables, target *Target) (Plan, error)
	// PrepareWith is Prepare of a statement without variables; its parameters are
	// those of declared, and where there is none, what their use wants.
	PrepareWith(text string, declared []*types.Type) (Plan, error)
	// During adds the text that a language was about to run to an error's context.
	During(err error, text string, mode ParseMode) error
	// Execute runs a text of any number of statements, each bound when its turn
	// comes; args are $1 … .
	Execute(ctx context.Context, text string, args []Value, limit int64) (*Result, error)
	// Query is Execute of a text of one statement whose rows are read one by one.
	Query(ctx context.Context, text string, args []Value) (Rows, error)
	// Convert makes a value of one type one of another, as assignments do, with
	// the types' text forms where there is no cast.
	Convert(ctx context.Context, v any, from *types.Type, fromMod int32, to *types.Type, toMod int32) (any, error)

	// Subtransaction begins one.
	Subtransaction() Subtransaction
	// Atomic says that the function must not end the transaction.
	Atomic() bool
	// EndTransaction commits or rolls back, and begins the next transaction, which
	// has the old one's characteristics if chain. 2D000 where it must not.
	EndTransaction(ctx context.Context, commit, chain bool) error

	// Cursor finds an open cursor: 34000.
	Cursor(name string) (Cursor, error)
	// Open opens a cursor over a plan, with a name of its own if name is "".
	Open(ctx context.Context, name string, p Plan, params []any, o CursorOptions) (Cursor, error)
	// OpenText is Open for a text.
	OpenText(ctx context.Context, name, text string, args []Value, o CursorOptions) (Cursor, error)
}

// Value is a value with its type.
type Value struct {
	Value any
	Type  *types.Type
}

// Plan is a prepared statement: SPIPlanPtr. It belongs to one session.
type Plan interface {
	// Valid says whether the names in it still mean what they meant.
	Valid() bool
	// Columns are those of its rows; nil if it has none.
	Columns() []types.Column
	// Params are the types of the parameters of PrepareWith's.
	Params() []*types.Type
	// Command is the statement's tag without counts: SELECT, INSERT, CREATE TABLE.
	Command() string
	// Writes: it is INSERT, UPDATE, DELETE or MERGE.
	Writes() bool
	// Simple: it is one expression, which Eval evaluates.
	Simple() bool
	Eval(ctx context.Context, params []any) (any, error)
	// Run executes it and keeps up to limit rows, all if 0; one that returns rows
	// stops there.
	Run(ctx context.Context, params []any, limit int64) (*Result, error)
	// Rows executes it and gives its rows one by one. What it reads of tables is
	// what was there when it began.
	Rows(ctx context.Context, params []any) (Rows, error)
	// Procedure is the procedure that CALL calls and its arguments as written,
	// nil of other statements.
	Procedure() (*catalog.Function, []*parser.Node)
}

// Result is what a statement did.
type Result struct {
	// Columns are nil if it returned no rows.
	Columns []types.Column
	Rows    [][]any
	// Processed are the rows returned or changed.
	Processed int64
	Command   string
}

// Rows are the rows of a query; they must be closed.
type Rows interface {
	Columns() []types.Column
	// Next returns nil at the end.
	Next() ([]any, error)
	Close() error
}

// Subtransaction is a part of a transaction that can be undone alone.
type Subtransaction interface {
	Commit()
	Rollback(ctx context.Context) error
}

// CursorOptions are those of OPEN.
type CursorOptions struct{ Scroll, NoScroll bool }

// Cursor is an open cursor: a portal.
type Cursor interface {
	Name() string
	Columns() []types.Column
	// Fetch moves as FETCH does and returns the rows passed, unless move; n is
	// their number.
	Fetch(ctx context.Context, d parser.FetchDirection, count int64, move bool) (rows [][]any, n int64, err error)
	Close() error
}

// AllowedResult says whether a function of a procedural language may return a
// pseudo-type.
func AllowedResult(t *types.Type) bool {
	return t.OID == types.TriggerOID || t.OID == types.RecordOID || t.OID == types.VoidOID || t.IsPolymorphic()
}
