package funcs

import (
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// ContentSlice is substring(bytea …) or substr over content of which the scan has read the
// wanted part only: it checks the other arguments and gives what it is given.
func ContentSlice(substring *Func) *Func {
	out := *substring
	out.Kernel = func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		return contentSlice(c, args, sel, n)
	}
	return &out
}

var contentSlice = Boxed(true, func(_ *Call, args []any) (any, error) {
	length := int32(0)
	if len(args) > 2 {
		length = args[2].(int32)
	}
	_, _, err := sliceBounds(args[1].(int32), length, len(args) > 2)
	return args[0], err
})

// SliceBounds is the part of a value that substring(value from start for length) gives:
// from its byte or character from to before to. bounded: there is a length. 22011 for a
// negative one.
func SliceBounds(start, length int32, bounded bool) (from, to int64, err error) {
	return sliceBounds(start, length, bounded)
}
