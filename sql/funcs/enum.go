package funcs

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The support functions of enums (enum.c) take the type from their call site:
// their arguments may be NULL.

// enumType is the enum that a call is about: 22004 where its type is not known.
func enumType(c *Call) (*types.Type, error) {
	t, _ := c.Args[0].BaseType(-1)
	if t.Kind != 'e' {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "could not determine actual enum type")
	}
	return t, nil
}

// enumEndpoint is enum_endpoint: 55000 for an enum without values, 55P04 for one
// that is not committed.
func enumEndpoint(last bool) Kernel {
	return Boxed(false, func(c *Call, _ []any) (any, error) {
		t, err := enumType(c)
		if err != nil {
			return nil, err
		}
		if len(t.Labels) == 0 {
			return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "enum %s contains no values", t.SQLName())
		}
		l := t.Labels[0]
		if last {
			l = t.Labels[len(t.Labels)-1]
		}
		if l.Unsafe {
			return nil, types.UnsafeEnumValue(t.Name, l.Name)
		}
		return l.Name, nil
	})
}

// enumRange is enum_range: a NULL bound is open, one argument none.
func enumRange(c *Call, args []any) (any, error) {
	t, err := enumType(c)
	if err != nil {
		return nil, err
	}
	from, to := 0, len(t.Labels)-1
	at := func(v any) int {
		return slices.IndexFunc(t.Labels, func(l types.EnumLabel) bool { return l.Name == v })
	}
	if len(args) == 2 && args[0] != nil {
		from = at(args[0])
	}
	if len(args) == 2 && args[1] != nil {
		to = at(args[1])
	}
	var out []any
	for i := from; i <= to; i++ {
		if t.Labels[i].Unsafe {
			return nil, types.UnsafeEnumValue(t.Name, t.Labels[i].Name)
		}
		out = append(out, t.Labels[i].Name)
	}
	return types.NewArray(t, out), nil
}

func init() {
	kernels{
		"enum_first":        enumEndpoint(false),
		"enum_last":         enumEndpoint(true),
		"enum_range_bounds": Boxed(false, enumRange),
		"enum_range_all":    Boxed(false, enumRange),
	}.bind()
}
