package funcs

import (
	"cmp"
	"math/big"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func lsnNumber(v types.LSN) *big.Int { return new(big.Int).SetUint64(uint64(v)) }

// lsnDistance is pg_lsn_mi: bytes from b to a.
func lsnDistance(a, b types.LSN) types.Numeric {
	return types.NumericFromBigInt(new(big.Int).Sub(lsnNumber(a), lsnNumber(b)), 0)
}

// shiftLSN is pg_lsn_pli and, with sign -1, pg_lsn_mii. n is rounded to bytes
// after the sum, as numeric_pg_lsn does.
func shiftLSN(sign int, verb string) func(v types.LSN, n types.Numeric) (types.LSN, error) {
	return func(v types.LSN, n types.Numeric) (types.LSN, error) {
		if n.IsNaN() {
			return 0, pgerr.New(pgerr.FeatureNotSupported, "cannot %s NaN %s pg_lsn", verb, map[int]string{1: "to", -1: "from"}[sign])
		}
		if sign < 0 {
			n = n.Neg()
		}
		sum, err := types.NumericFromBigInt(lsnNumber(v), 0).Add(n)
		if err != nil {
			return 0, err
		}
		return numericToLSN(sum)
	}
}

// numericToLSN is numeric_pg_lsn.
func numericToLSN(n types.Numeric) (types.LSN, error) {
	switch {
	case n.IsNaN():
		return 0, pgerr.New(pgerr.FeatureNotSupported, "cannot convert NaN to pg_lsn")
	case !n.IsFinite():
		return 0, pgerr.New(pgerr.FeatureNotSupported, "cannot convert infinity to pg_lsn")
	}
	whole := n.Round(0).Unscaled()
	if !whole.IsUint64() {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "pg_lsn out of range")
	}
	return types.LSN(whole.Uint64()), nil
}

func init() {
	compare := cmp.Compare[types.LSN]
	bindSix(underNames, "pg_lsn", by(compare))
	bindMinMaxBy("pg_lsn", fixedCompare(compare))
	kernels{
		"pg_lsn_cmp":                        F2(threeWay(compare)),
		"pg_lsn_larger":                     F2(larger(compare)),
		"pg_lsn_smaller":                    F2(smaller(compare)),
		"pg_lsn_mi":                         F2(lsnDistance),
		"pg_wal_lsn_diff":                   F2(lsnDistance),
		"pg_lsn_pli":                        E2(shiftLSN(1, "add")),
		"pg_lsn_mii":                        E2(shiftLSN(-1, "subtract")),
		"numeric_pg_lsn":                    E1(numericToLSN),
		"numeric_pl_pg_lsn(numeric,pg_lsn)": E2(flipped(shiftLSN(1, "add"))),
	}.bind()
}
