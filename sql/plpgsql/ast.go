package plpgsql

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
)

// stmt is a statement: PLpgSQL_stmt.
type stmt interface {
	// at is the number of its line, from 1.
	at() int
	// kind is plpgsql_stmt_typename.
	kind() string
	exec(f *frame) (result, error)
}

// line is the line that a statement begins in.
type line int

func (l line) at() int { return int(l) }

// expr is an SQL expression or statement: PLpgSQL_expr. It keeps its plan.
type expr struct {
	text string
	mode pl.ParseMode
	// target is the variable that an assignment assigns to, nil in others; the
	// text begins with names parts of its name.
	target datum
	names  int
	ns     *nsItem
	plan   pl.Plan
	// params are the datums that the plan refers to, with the types that they had
	// when it was made.
	params []usedDatum
}

type block struct {
	line
	label    string
	vars     []*variable // declared in it, in order
	body     []stmt
	handlers []handler
	// sqlstate and sqlerrm are the handlers' variables.
	sqlstate, sqlerrm *variable
}

// handler is WHEN conditions THEN body.
type handler struct {
	line       int
	conditions []condition
	body       []stmt
}

// condition is one condition of a handler: a code, or all of a class where it
// ends with 000; "" is OTHERS.
type condition pgerr.Code

type assignStmt struct {
	line
	target datum
	expr   *expr
}

type branch struct {
	line int
	cond *expr
	body []stmt
}

type ifStmt struct {
	line
	branches  []branch // IF and each ELSIF
	otherwise []stmt
}

type caseStmt struct {
	line
	test      *expr
	testVar   *variable // takes test's value; conditions compare with it
	whens     []branch
	hasElse   bool
	otherwise []stmt
}

// loop is what the loops share.
type loop struct {
	line
	label string
	body  []stmt
}

type loopStmt struct{ loop }

type whileStmt struct {
	loop
	cond *expr
}

type forIntegerStmt struct {
	loop
	v                  *variable
	lower, upper, step *expr
	reverse            bool
}

type forQueryStmt struct {
	loop
	target datum
	query  *expr
}

type forExecuteStmt struct {
	loop
	target datum
	query  *expr
	using  []*expr
}

type forCursorStmt struct {
	loop
	target *variable
	cursor *variable
	args   *expr
}

type foreachStmt struct {
	loop
	target datum
	slice  int
	array  *expr
}

// exitStmt is EXIT or CONTINUE.
type exitStmt struct {
	line
	exit  bool
	label string
	cond  *expr
}

type returnStmt struct {
	line
	expr *expr
	v    datum
}

type returnNextStmt struct {
	line
	expr *expr
	v    datum
}

type returnQueryStmt struct {
	line
	query   *expr
	dynamic bool
	using   []*expr
}

type raiseStmt struct {
	line
	level     pgerr.Severity
	condition string // name or SQLSTATE
	message   *string
	params    []*expr
	options   []raiseOption
}

type raiseOption struct {
	name string // errcode, message, detail …
	expr *expr
}

type assertStmt struct {
	line
	cond, message *expr
}

type sqlStmt struct {
	line
	query  *expr
	into   datum
	strict bool
}

type executeStmt struct {
	line
	query  *expr
	into   datum
	strict bool
	using  []*expr
}

type diagnosticsStmt struct {
	line
	stacked bool
	items   []diagnostic
}

type diagnostic struct {
	item   string
	target datum
}

type openStmt struct {
	line
	cursor  *variable
	scroll  scrollOption
	args    *expr
	query   *expr
	dynamic bool
	using   []*expr
}

type fetchStmt struct {
	line
	target    datum
	cursor    *variable
	direction parser.FetchDirection
	count     int64
	expr      *expr
	move      bool
}

type closeStmt struct {
	line
	cursor *variable
}

type performStmt struct {
	line
	expr *expr
}

type callStmt struct {
	line
	expr *expr
	call bool // not DO
}

type endTransactionStmt struct {
	line
	commit, chain bool
}
