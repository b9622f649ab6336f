package funcs

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// OID is PostgreSQL's object identifier.
type OID = types.OID

// Volatility is pg_proc.provolatile.
type Volatility byte

// The volatilities.
const (
	Immutable Volatility = 'i'
	Stable    Volatility = 's'
	Volatile  Volatility = 'v'
)

// Kind is pg_proc.prokind.
type Kind byte

// The kinds of function.
const (
	Normal    Kind = 'f'
	Aggregate Kind = 'a'
	Window    Kind = 'w'
	Procedure Kind = 'p'
)

// Func is one pg_proc entry. Args and Result may be polymorphic pseudo-types;
// a Call carries the actual types.
type Func struct {
	OID       OID
	Name      string
	Namespace string // "" means pg_catalog
	Args      []OID
	ArgNames  []string // empty, or one per argument ("" for unnamed)
	// Defaults is the number of trailing arguments that may be left out, and
	// their SQL text.
	Defaults []string
	// Variadic is the element type of a trailing VARIADIC argument (whose type
	// in Args is its array type), or 0.
	Variadic OID
	Result   OID
	// Out names and types the columns of a function with OUT parameters.
	OutNames []string
	OutTypes []OID
	Volatility
	Kind
	// NotStrict: the function sees NULL arguments. The default, strict, is what
	// PostgreSQL calls RETURNS NULL ON NULL INPUT: kernels never see a NULL.
	NotStrict bool
	ReturnSet bool
	LeakProof bool
	Doc       string // one line, as pg_description has it
	// Cost is pg_proc.procost: how many comparisons a call is worth.
	Cost float64
	// Source is pg_proc.prosrc of a built-in function.
	Source string
	// User: a function that a user wrote, which runs in the session's goroutine
	// and may write.
	User bool

	// Trigger is the code of a built-in trigger function, which has no other.
	Trigger TriggerFunc

	// Exactly one of these is set, by Kind and ReturnSet.
	Kernel Kernel
	Rows   RowsFunc
	Agg    AggFunc
	Win    WindowFunc
}

// Call is what a kernel knows of its call site, fixed when the plan is made,
// and of the statement it runs in. One goroutine uses a Call at a time: workers
// have copies.
type Call struct {
	Ctx context.Context
	Env *types.Env
	// Session gives functions that ask for it the facts of the session; see
	// Session.
	Session Session
	Func    *Func
	Args    []*types.Type // actual types of the arguments
	Result  *types.Type
	// Typmod of the result where it is known (length coercions), else -1.
	Typmod int32
	// VariadicExpanded: the trailing arguments were given one by one and stand
	// in Args so; kernels of variadic functions get them unpacked.
	VariadicExpanded bool
	// Columns are those that a function returning record must fill: the query's
	// column definition list, or the columns of its composite type.
	Columns []types.Column
	// WithinGroup is how WITHIN GROUP sorts the aggregated arguments of an
	// ordered-set aggregate; ascending with NULLs last where it is missing.
	WithinGroup []SortOrder
	// State is for the kernel: kept between batches of one execution of one call
	// site (a compiled regular expression, a parsed format).
	State any
}

// SortOrder is the order of one sort key.
type SortOrder struct{ Desc, NullsFirst bool }

// Kernel computes a result vector for n rows. args have n rows each. If sel is
// not nil only its rows are alive: others must not be evaluated and their
// results do not matter. The result has n rows. A strict function's kernel does
// its own null propagation; Lift's kernels do.
type Kernel func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error)

// RowsFunc starts a set-returning function for one set of boxed arguments. The
// batches have one column, or one per OUT parameter.
type RowsFunc func(c *Call, args []any) (RowIter, error)

// RowIter yields batches; nil at the end.
type RowIter interface {
	Next() (*vec.Batch, error)
}

// AggFunc makes the state of an aggregate for one execution: all groups at
// once.
type AggFunc struct {
	New func(c *Call) AggState
	// Empty is the boxed result over no rows (0 for count, NULL otherwise).
	Empty any
	// OrderedSet: 'n' normal, 'o' ordered-set, 'h' hypothetical-set.
	OrderedSet byte
	// NumDirect is the number of direct arguments of an ordered-set aggregate.
	NumDirect int
	// OrderSensitive: the result depends on input order (array_agg, string_agg),
	// so input must not be split among workers.
	OrderSensitive bool
}

// AggState is the state of one aggregate over any number of groups.
type AggState interface {
	// Resize makes groups [0, n) exist.
	Resize(n int)
	// Update adds the rows sel of args; groups[k] is the group of the k-th
	// selected row. A nil sel means all n rows; then groups has n entries. If
	// groups is nil all rows belong to group 0.
	Update(args []vec.Vector, sel []int32, n int, groups []int32) error
	// Merge adds other's group i to group into[i]: parallel and spilled
	// aggregation.
	Merge(other AggState, into []int32) error
	// Result appends groups [from, to) to out.
	Result(out vec.Builder, from, to int) error
	MemSize() int64
}

// WindowFunc computes a pure window function (row_number, rank, lag …) over one
// partition. Aggregates used as window functions need none.
type WindowFunc func(c *Call, p WindowPartition) (vec.Vector, error)

// WindowPartition is what a window function sees: the rows of one partition in
// order.
type WindowPartition interface {
	Rows() int
	Args() []vec.Vector
	// PeerStart and PeerEnd bound row i's peers: [start, end).
	PeerStart(i int) int
	PeerEnd(i int) int
	// FrameStart and FrameEnd bound row i's frame before exclusion.
	FrameStart(i int) int
	FrameEnd(i int) int
	// Excluded says whether row j is excluded from row i's frame.
	Excluded(i, j int) bool
}

// Session is what functions may ask of the session that runs them. Session
// implements it; tests use a stub. A nil Session in a Call makes such functions
// fail with 0A000.
type Session interface {
	CurrentDatabase() string
	CurrentSchemas(implicit bool) []string
	CurrentUser() string
	SessionUser() string
	BackendPID() int32
	Setting(name string) (string, bool)
	SetSetting(name, value string, local bool) error
	// Catalog answers questions about the catalog; see Catalog.
	Catalog() Catalog
	// Notice sends a notice to the client.
	Notice(err error)
}

// Catalog answers the catalog questions of functions such as pg_get_expr,
// format_type and has_table_privilege. Every method returns ok = false for an
// object that does not exist.
type Catalog interface {
	// Lookup is the generic door: kind names a catalog function
	// ("pg_get_indexdef"), args are its boxed arguments. It returns the boxed
	// result (nil for NULL). pgcatalog registers the kinds; funcs only declares
	// the signatures.
	Lookup(c *Call, kind string, args []any) (any, error)
}

// Operator is one pg_operator entry. Left is 0 for a prefix operator.
type Operator struct {
	OID         OID
	Name        string
	Left, Right OID
	Result      OID
	// Func does the work; its oid is pg_operator.oprcode.
	Func       *Func
	Commutator OID
	Negator    OID
	Hashes     bool
	Merges     bool
	// Twin is the built-in operator of the same name that one of a database's own does
	// the same as, over types with the same values; 0 for none.
	Twin OID
	// Doc is pg_description's text.
	Doc string
}

// Known says whether the operator does what a built-in one of its name does: of any
// other operator of a database's own nothing is known but its function.
func (o *Operator) Known() bool { return o.OID < types.FirstNormalOID || o.Twin != 0 }

// CastContext is pg_cast.castcontext.
type CastContext byte

// The contexts, narrowest use first.
const (
	CastExplicit   CastContext = 'e'
	CastAssignment CastContext = 'a'
	CastImplicit   CastContext = 'i'
)

// Cast is one pg_cast entry. Func is nil for a binary-coercible cast (method
// 'b') and for one through text (method 'i', InOut set).
type Cast struct {
	OID      OID
	From, To OID
	Context  CastContext
	Func     *Func
	InOut    bool
}
