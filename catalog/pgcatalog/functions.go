package pgcatalog

import (
	"maps"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Functions answers the functions that ask the catalog, for one session. A
// function that it does not know is 0A000.
func Functions(v View) funcs.Catalog { return door{v} }

type door struct{ v View }

// call is one call of a catalog function. Functions that are strict in pg_proc
// never get NULL arguments.
type call struct {
	View
	*funcs.Call
	args []any
}

// answer returns the boxed result, nil for NULL; set-returning functions return
// [][]any.
type answer func(q *call) (any, error)

// answers by the function's name.
var answers = map[string]answer{}

func init() {
	for _, family := range []map[string]answer{
		definitionAnswers, partitionAnswers, functionAnswers, commentAnswers, visibilityAnswers, privilegeAnswers(), sizeAnswers, serverAnswers,
	} {
		maps.Copy(answers, family)
	}
}

// answersOf adds a family of functions; it is called from init functions.
func answersOf(family map[string]answer) { maps.Copy(answers, family) }

// Lookup implements funcs.Catalog.
func (d door) Lookup(c *funcs.Call, kind string, args []any) (any, error) {
	f := answers[kind]
	if f == nil {
		return nil, pgerr.Unsupported("function %s()", kind)
	}
	return f(&call{View: d.v, Call: c, args: args})
}

// oid is an argument of type oid or of a reg* type.
func (q *call) oid(i int) types.OID { return q.args[i].(types.OID) }

func (q *call) text(i int) string { return q.args[i].(string) }

// flag is an optional boolean argument.
func (q *call) flag(i int) bool {
	if i >= len(q.args) {
		return false
	}
	b, _ := q.args[i].(bool)
	return b
}

// named resolves a name as the reg* types do.
func (q *call) named(kind types.RegKind, name string) (types.OID, error) {
	if q.Env == nil || q.Env.Names == nil {
		return 0, pgerr.Unsupported("looking up names without a session")
	}
	return q.Env.Names.OIDOf(kind, name)
}

// object is an argument that names an object by oid or by text.
func (q *call) object(i int, kind types.RegKind) (types.OID, error) {
	if name, ok := q.args[i].(string); ok {
		return q.named(kind, name)
	}
	return q.oid(i), nil
}

// always answers the same.
func always(v any) answer { return func(*call) (any, error) { return v, nil } }

// noRows answers a set-returning function that has nothing to show.
func noRows(*call) (any, error) { return [][]any(nil), nil }

// rowsOf answers with all rows of a relation that shows the same.
func rowsOf(name string) answer {
	return func(q *call) (any, error) { return Set().Rows(name, q.View), nil }
}
