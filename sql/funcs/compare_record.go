package funcs

import (
	"bytes"
	"cmp"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Records compare column by column, whatever types they are of, and fail where
// two columns can't be compared (rowtypes.c).

// fieldCompare compares two values of one type that are not NULL.
type fieldCompare func(t *types.Type, a, b any) (int, error)

// compareRecords is record_cmp and record_image_cmp: NULLs are equal to each
// other and above everything. equality says that the order does not matter.
// 42804 for records that are not alike as far as they are equal.
func compareRecords(r, s *types.Record, field fieldCompare) (int, error) {
	for i := range min(len(r.Values), len(s.Values)) {
		if r.Types[i].OID != s.Types[i].OID {
			return 0, pgerr.New(pgerr.DatatypeMismatch, "cannot compare dissimilar column types %s and %s at record column %d",
				r.Types[i].SQLName(), s.Types[i].SQLName(), i+1)
		}
		a, b := r.Values[i], s.Values[i]
		if a == nil && b == nil {
			continue
		}
		if a == nil || b == nil {
			return cmp.Compare(nullRank(a), nullRank(b)), nil
		}
		if c, err := field(r.Types[i], a, b); c != 0 || err != nil {
			return c, err
		}
	}
	if len(r.Values) != len(s.Values) {
		return 0, pgerr.New(pgerr.DatatypeMismatch, "cannot compare record types with different numbers of columns")
	}
	return 0, nil
}

func nullRank(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// byOrder compares fields as their type does; what names the missing operation.
func byOrder(what string) fieldCompare {
	return func(t *types.Type, a, b any) (int, error) {
		if t.Compare == nil {
			return 0, pgerr.New(pgerr.UndefinedFunction, "could not identify %s for type %s", what, t.SQLName())
		}
		return sign(t.Compare(a, b)), nil
	}
}

// byImage compares what PostgreSQL has in memory: numbers as unsigned words,
// everything else byte by byte. 0A000 for types that are kept otherwise here.
func byImage(t *types.Type, a, b any) (int, error) {
	x, ok := word(t, a)
	if ok {
		y, _ := word(t, b)
		return cmp.Compare(x, y), nil
	}
	i, ok := image(a)
	if !ok {
		return 0, pgerr.Unsupported("comparing the image of type %s", t.SQLName())
	}
	j, _ := image(b)
	return bytes.Compare(i, j), nil
}

// bySameImage tells only whether images are equal: values with one text have one
// image.
func bySameImage(t *types.Type, a, b any) (int, error) {
	env := types.DefaultEnv()
	return bytes.Compare(t.Out(env, nil, a), t.Out(env, nil, b)), nil
}

// word is the Datum of a value that is passed as such.
func word(t *types.Type, v any) (uint64, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int16:
		return uint64(int64(v)), true
	case int32:
		return uint64(int64(v)), true
	case int64:
		return uint64(v), true
	case uint32:
		return uint64(v), true
	case float32:
		return uint64(int64(int32(math.Float32bits(v)))), true
	case float64:
		return math.Float64bits(v), true
	case string:
		return labelOID(t, v)
	}
	return 0, false
}

// labelOID is the Datum of an enum's value.
func labelOID(t *types.Type, label string) (uint64, bool) {
	base, _ := t.BaseType(-1)
	for _, l := range base.Labels {
		if l.Name == label {
			return uint64(l.OID), true
		}
	}
	return 0, false
}

// image is the contents of a value that is passed by reference.
func image(v any) ([]byte, bool) {
	switch v := v.(type) {
	case string:
		return []byte(v), true
	case []byte:
		return v, true
	case types.UUID:
		return v[:], true
	case interface{ Image() []byte }: // the geometric types
		return v.Image(), true
	}
	return nil, false
}

func recordCompare(field fieldCompare, result func(c int) any) Kernel {
	return Strict(func(_ *Call, args []any) (any, error) {
		c, err := compareRecords(args[0].(*types.Record), args[1].(*types.Record), field)
		if err != nil {
			return nil, err
		}
		return result(c), nil
	})
}

func init() {
	equal, ordered := byOrder("an equality operator"), byOrder("a comparison function")
	for _, family := range []struct {
		prefix, three  string
		equal, ordered fieldCompare
	}{
		{"record", "btrecordcmp", equal, ordered},
		{"record_image", "btrecordimagecmp", bySameImage, byImage},
	} {
		kernels{
			family.prefix + "_eq": recordCompare(family.equal, func(c int) any { return c == 0 }),
			family.prefix + "_ne": recordCompare(family.equal, func(c int) any { return c != 0 }),
			family.prefix + "_lt": recordCompare(family.ordered, func(c int) any { return c < 0 }),
			family.prefix + "_le": recordCompare(family.ordered, func(c int) any { return c <= 0 }),
			family.prefix + "_gt": recordCompare(family.ordered, func(c int) any { return c > 0 }),
			family.prefix + "_ge": recordCompare(family.ordered, func(c int) any { return c >= 0 }),
			family.three:          recordCompare(family.ordered, func(c int) any { return int32(c) }),
		}.bind()
	}
}
