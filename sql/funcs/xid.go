package funcs

import (
	"cmp"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() {
	compare := cmp.Compare[types.XID8]
	bindSix(plainNames, "xid8", by(compare))
	bindMinMaxBy("xid8", fixedCompare(compare))
	kernels{
		"xid8cmp":      F2(threeWay(compare)),
		"xid8_larger":  F2(larger(compare)),
		"xid8_smaller": F2(smaller(compare)),
		"xid8toxid":    F1(func(v types.XID8) uint32 { return uint32(v) }),
	}.bind()
}
