package s3db

import (
	"math/big"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// arrayKeyText is an array's text with its elements in one form for all that are
// equal.
func (o *Options) arrayKeyText(t SQLType, a *types.Array) (string, error) {
	base, typmod := a.Elem.BaseType(-1)
	elem := SQLType{base.OID, typmod}
	out := &types.Array{Elem: a.Elem, Dims: a.Dims, Elems: make([]any, len(a.Elems))}
	for i, v := range a.Elems {
		if v == nil {
			continue
		}
		if _, err := o.keyText(elem, v); err != nil {
			return "", err
		}
		out.Elems[i] = oneForm(elem, v)
	}
	return o.out(t, out), nil
}

// oneForm is the same value for all values of a type that are equal.
func oneForm(t SQLType, v any) any {
	switch v := v.(type) {
	case types.Numeric:
		return v.TrimScale()
	case float64:
		return v + 0 // -0 is 0
	case float32:
		return v + 0
	case string:
		if t.OID == types.BpcharOID {
			return strings.TrimRight(v, " ")
		}
	}
	return v
}

// declaredForm is the form that a column's type gives to a value which keyText has
// brought to the one form of all its equals: character(n) is padded, numeric(p,s)
// has s digits. What does not fit (s3db.js wrote it) stays as it is.
func declaredForm(t SQLType, v any) any {
	switch x := v.(type) {
	case string:
		if t.OID != types.BpcharOID {
			return v
		}
		if padded, err := types.CoerceBpchar(x, t.Typmod, false); err == nil {
			return padded
		}
	case types.Numeric:
		if scaled, err := x.ApplyTypmod(t.Typmod); err == nil {
			return scaled
		}
	}
	return v
}

// intervalKeyText is what intervals compare by (interval_cmp_value): a month has 30
// days, a day 24 hours. It does not tell which interval it was.
func intervalKeyText(v types.Interval) string {
	const day = 24 * 60 * 60 * 1000 * 1000
	days := big.NewInt(int64(v.Months)*30 + int64(v.Days))
	span := days.Mul(days, big.NewInt(day))
	return span.Add(span, big.NewInt(v.Micros)).String()
}

// uniqueText is keyText where nobody reads the value back.
func (o *Options) uniqueText(t SQLType, v any) (string, error) {
	if i, ok := v.(types.Interval); ok {
		return intervalKeyText(i), nil
	}
	return o.keyText(t, v)
}

// errNotAKey is 0A000 for a type whose equal values have no one text.
func errNotAKey(what string) error { return pgerr.Unsupported("a key column of %s", what) }
