package types

import "github.com/s3db-sql/s3db-sql/pgerr"

// NumericType is numeric.
var NumericType = Register(Def[Numeric]{
	Type: Type{OID: NumericOID, Name: "numeric", Array: NumericArrayOID, Len: -1, Storage: 'm',
		Category: NumericCat, Doc: "numeric(precision, decimal), arbitrary precision number"},
	Impl: Impl[Numeric]{
		In: func(_ *Env, s string, typmod int32) (Numeric, error) {
			n, err := ParseNumeric(s)
			if err != nil {
				return n, err
			}
			return n.ApplyTypmod(typmod)
		},
		Out: func(_ *Env, dst []byte, v Numeric) []byte { return v.AppendText(dst) },
		Recv: func(_ *Env, b []byte, typmod int32) (Numeric, error) {
			n, err := NumericFromBinary(b)
			if err != nil {
				return n, err
			}
			return n.ApplyTypmod(typmod)
		},
		Send:    func(_ *Env, dst []byte, v Numeric) []byte { return v.AppendBinary(dst) },
		Compare: Numeric.Cmp,
		Hash:    Numeric.Hash,
	},
	TypmodIn: numericTypmodIn,
	TypmodOut: func(typmod int32) string {
		p, s, ok := NumericPrecisionScale(typmod)
		if !ok {
			return ""
		}
		return typmodText(p, s)
	},
})

func numericTypmodIn(mods []int32) (int32, error) {
	if len(mods) != 1 && len(mods) != 2 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid NUMERIC type modifier")
	}
	if mods[0] < 1 || mods[0] > numericMaxPrecision {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "NUMERIC precision %d must be between 1 and %d",
			mods[0], numericMaxPrecision)
	}
	if len(mods) == 1 {
		return NumericTypmod(mods[0], 0), nil
	}
	if mods[1] < -numericMaxScale || mods[1] > numericMaxScale {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "NUMERIC scale %d must be between %d and %d",
			mods[1], -numericMaxScale, numericMaxScale)
	}
	return NumericTypmod(mods[0], mods[1]), nil
}
