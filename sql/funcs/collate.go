package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// The collation of a call is that of its first argument's type, which the binder
// has given to all arguments that have one. Where it is nil text is compared by
// bytes, in the loops of compare_loops.go.

// collatable makes comparisons of text by bytes follow the call's collation.
// Equal text is the same text but under a nondeterministic one.
func collatable(bytes [6]Kernel) [6]Kernel {
	collated := byImpl[string]()
	var out [6]Kernel
	for op := range out {
		plain, slow := bytes[op], collated[op]
		out[op] = func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
			t := c.Args[0]
			if t.Collator == nil || op <= opNe && t.Bytewise() {
				return plain(c, args, sel, n)
			}
			return slow(c, args, sel, n)
		}
	}
	return out
}

// collatedDiff is a comparison function for B-trees.
func collatedDiff(bytes func(a, b string) int32) Kernel {
	return Lift2(func(c *Call, a, b string) (int32, error) {
		if c.Args[0].Collator == nil {
			return bytes(a, b), nil
		}
		return int32(sign(types.ImplOf[string](c.Args[0]).Compare(a, b))), nil
	})
}

// collatedPick is the larger (want 1) or smaller (want -1) of two; of equal
// ones the first.
func collatedPick(want int, bytes func(a, b string) int) Kernel {
	return Lift2(func(c *Call, a, b string) (string, error) {
		compare := bytes
		if c.Args[0].Collator != nil {
			compare = types.ImplOf[string](c.Args[0]).Compare
		}
		return orFirst(a, b, compare(a, b)*want >= 0), nil
	})
}

func compareBlank(a, b string) int { return strings.Compare(trimBlanks(a), trimBlanks(b)) }

// bindCollatedMinMax binds min and max, which by bytes are least and greatest.
func bindCollatedMinMax(name string, least, greatest AggFunc) {
	choose := func(bytes, collated AggFunc) AggFunc {
		out := bytes
		out.New = func(c *Call) AggState {
			if c.Args[0].Collator == nil {
				return bytes.New(c)
			}
			return collated.New(c)
		}
		return out
	}
	aggregates{
		"min(" + name + ")": choose(least, minMaxBy(-1, implCompare[string])),
		"max(" + name + ")": choose(greatest, minMaxBy(1, implCompare[string])),
	}.bind()
}

// mapped is lower() and its kin: ascii's letters, or those of the collation.
func mapped(ascii func(string) string, all func(*types.Collation, string) string) Kernel {
	return Lift1(func(c *Call, s string) (string, error) {
		if c.Args[0].Collator == nil {
			return ascii(s), nil
		}
		return all(c.Args[0].Collator, s), nil
	})
}

// ilikeKernel folds the case of both sides as lower() does.
func ilikeKernel(want bool) Kernel {
	ascii := likeKernel[string](want, lowerASCII)
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		t := c.Args[0]
		switch {
		case t.Collator == nil:
			return ascii(c, args, sel, n)
		case !t.Bytewise():
			return nil, nondeterministic("ILIKE")
		}
		return likeKernel[string](want, t.Collator.Lower)(c, args, sel, n)
	}
}

// bytewise refuses nondeterministic collations to what looks into text.
func bytewise(what string, k Kernel) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		if !c.Args[0].Bytewise() {
			return nil, nondeterministic(what)
		}
		return k(c, args, sel, n)
	}
}

func nondeterministic(what string) error {
	return pgerr.New(pgerr.FeatureNotSupported, "nondeterministic collations are not supported for %s", what)
}
