package columns

import (
	"bytes"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// repOps are the loops for one representation.
type repOps struct {
	assembler  func(t *types.Type, n int) Assembler
	gatherNull func(v vec.Vector, idx []int32) vec.Vector
	hasher     func(t *types.Type) Hasher
	keys       func(t *types.Type) KeyColumn
	comparer   func(t *types.Type) Comparer
	rowOrder   func(o *keyOrder, v vec.Vector) func(i, j int32) int
}

func opsFor[T any]() repOps {
	return repOps{
		assembler:  newAssembler[T],
		gatherNull: gatherNull[T],
		hasher:     boxedImplHasher[T],
		keys:       newKeys[T],
		comparer:   func(t *types.Type) Comparer { return comparer[T]{compareOf[T](t)} },
		rowOrder:   rowOrder[T],
	}
}

func comparableOps[T comparable](hash func(T) uint64) repOps {
	o := opsFor[T]()
	o.hasher = func(*types.Type) Hasher { return hashLoop(hash) }
	o.keys = newComparableKeys[T]
	return o
}

var reps = [...]repOps{
	types.RepAny:      opsFor[any](),
	types.RepBool:     comparableOps(func(b bool) uint64 { return mix(uint64(boolBit(b))) }),
	types.RepInt16:    comparableOps(func(i int16) uint64 { return mix(uint64(int64(i))) }),
	types.RepInt32:    comparableOps(func(i int32) uint64 { return mix(uint64(int64(i))) }),
	types.RepInt64:    comparableOps(func(i int64) uint64 { return mix(uint64(i)) }),
	types.RepUint32:   comparableOps(func(i uint32) uint64 { return mix(uint64(i)) }),
	types.RepFloat32:  floatOps[float32](),
	types.RepFloat64:  floatOps[float64](),
	types.RepString:   stringOps(),
	types.RepBytes:    opsFor[[]byte](),
	types.RepNumeric:  opsFor[types.Numeric](),
	types.RepInterval: opsFor[types.Interval](),
	types.RepUUID:     comparableOps(func(u types.UUID) uint64 { return hashBytes(u[:]) }),
	types.RepJSON:     opsFor[*types.JSON](),
	types.RepArray:    opsFor[*types.Array](),
	types.RepRecord:   opsFor[*types.Record](),
}

func opsOf(t *types.Type) *repOps { return &reps[t.Rep] }

func boolBit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// blankPadded types compare without their trailing blanks.
func blankPadded(t *types.Type) bool {
	base, _ := t.BaseType(-1)
	return base.OID == types.BpcharOID
}

// isEnum: the values are labels, which have an order of their own.
func isEnum(t *types.Type) bool {
	base, _ := t.BaseType(-1)
	return base.Kind == 'e'
}

func trimBlanks(s string) string { return strings.TrimRight(s, " ") }

func stringOps() repOps {
	o := opsFor[string]()
	o.hasher = func(t *types.Type) Hasher {
		if !t.Bytewise() {
			return boxedImplHasher[string](t)
		}
		if blankPadded(t) {
			return hashLoop(func(s string) uint64 { return hashString(trimBlanks(s)) })
		}
		return hashLoop(hashString)
	}
	o.keys = func(t *types.Type) KeyColumn {
		if !t.Bytewise() {
			return newKeys[string](t)
		}
		if blankPadded(t) {
			return &keys[string]{eq: func(a, b string) bool { return trimBlanks(a) == trimBlanks(b) }}
		}
		return newComparableKeys[string](t)
	}
	o.comparer = func(t *types.Type) Comparer {
		if t.Collator != nil {
			return comparer[string]{compareOf[string](t)}
		}
		if blankPadded(t) {
			return comparer[string]{func(a, b string) int { return strings.Compare(trimBlanks(a), trimBlanks(b)) }}
		}
		if isEnum(t) {
			return comparer[string]{compareOf[string](t)}
		}
		return comparer[string]{strings.Compare}
	}
	return o
}

func floatOps[T float32 | float64]() repOps {
	o := opsFor[T]()
	o.hasher = func(*types.Type) Hasher {
		return hashLoop(func(f T) uint64 { return mix(uint64(FloatKey(float64(f)))) })
	}
	o.keys = func(*types.Type) KeyColumn {
		return &keys[T]{eq: func(a, b T) bool { return a == b || a != a && b != b }}
	}
	o.comparer = func(*types.Type) Comparer {
		return comparer[T]{func(a, b T) int { return compareInt(FloatKey(float64(a)), FloatKey(float64(b))) }}
	}
	return o
}

// compareOf is the type's own comparison of T; bytes for a type without one, so
// that spilling and partitioning still have an order.
func compareOf[T any](t *types.Type) func(a, b T) int {
	if impl := types.ImplOf[T](t); impl != nil && impl.Compare != nil {
		return impl.Compare
	}
	if t.Compare != nil {
		return func(a, b T) int { return t.Compare(a, b) }
	}
	return func(a, b T) int {
		env := types.DefaultEnv()
		return bytes.Compare(t.Out(env, nil, a), t.Out(env, nil, b))
	}
}
