package plan

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Immutable says whether the conversion gives the same whenever it is made: the type's
// input and output functions are immutable.
func (e *Convert) Immutable() bool {
	switch e.Kind {
	case ConvertInOut:
		return !stableIO(e.Type()) && (!stableIO(e.Arg.Type()) || timeOfDay[e.Arg.Type().OID])
	case ConvertArray:
		return immutableElement(e.Elem)
	}
	return true
}

// immutableElement: an array's conversion is what its elements' is.
func immutableElement(e Expr) bool {
	immutable := true
	Walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Convert:
			immutable = immutable && e.Immutable()
		case *Call:
			immutable = immutable && e.Func.Volatility == funcs.Immutable
		}
		return immutable
	})
	return immutable
}

// stableIO says whether pg_proc calls a type's input and output functions stable: they
// depend on settings or on the catalog.
func stableIO(t *types.Type) bool {
	switch t.Category {
	case types.DateTime, types.Timespan, types.Array_, types.Composite, types.Pseudo, types.Enum, types.RangeCat:
		return true
	}
	return registered[t.OID] || t.Kind != 'b'
}

// timeOfDay are the types whose output alone is immutable.
var timeOfDay = map[types.OID]bool{types.TimeOID: true, types.TimetzOID: true}

// registered are the types that print as names.
var registered = map[types.OID]bool{
	types.RegProcOID: true, types.RegProcedureOID: true, types.RegOperOID: true, types.RegOperatorOID: true, types.RegClassOID: true,
	types.RegTypeOID: true, types.RegNamespaceOID: true, types.RegRoleOID: true, types.RegCollationOID: true,
	types.RegConfigOID: true, types.RegDictionaryOID: true,
}
