package types

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// fuzzType feeds text to a type's input: it must not panic, and what it takes
// must come back equal from its own text and binary forms.
func fuzzType(f *testing.F, typ *Type, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if pgerr.CheckText(s) != nil {
			return // no session lets such text in
		}
		env := testEnv(t, "")
		v, err := typ.In(env, s, -1)
		if err != nil {
			return
		}
		text := string(typ.Out(env, nil, v))
		again, err := typ.In(env, text, -1)
		require.NoError(t, err, "%q gives %q", s, text)
		require.Zero(t, typ.Compare(v, again), "%q gives %q", s, text)
		require.Equal(t, typ.Hash(v), typ.Hash(again))
		again, err = typ.Recv(env, typ.Send(env, nil, v), -1)
		require.NoError(t, err)
		require.Zero(t, typ.Compare(v, again), "binary of %q", text)
	})
}

func FuzzNumeric(f *testing.F) {
	fuzzType(f, NumericType, "1.50", "-1e-20", "NaN", " +Infinity ", "123456789012345678901234567890.5")
}

func FuzzJSONB(f *testing.F) {
	fuzzType(f, JSONBType, `{"a": [1.50, "x\u00e9", null], "b": {}}`, `"\ud83d\ude00"`, "[[1e3]]")
}

func FuzzTimestamp(f *testing.F) {
	fuzzType(f, TimestampType, "2024-02-29 12:34:56.789", "Jan-08-99 BC", "20240229T123456-05", "J2451187.5", "infinity")
}

func FuzzTimestamptz(f *testing.F) {
	fuzzType(f, TimestamptzType, "2024-02-29T12:34:56Z", "12/17/1997 07:37 PST", "2024-07-01 1:2 America/New_York", "1990-01-01 0:0 MSK")
}

func FuzzInterval(f *testing.F) {
	fuzzType(f, IntervalType, "1 year -2 mons 3.5 days 04:05:06.789 ago", "P1Y2M3DT4H5M6.5S", "1-2 3 4:05", "PT040506")
}

func FuzzArray(f *testing.F) {
	fuzzType(f, ByOID(TextArrayOID), `{{a,"b c"},{NULL,"\\x"}}`, "[0:1]={1,2}", "{}", `{a\,b}`)
}

// FuzzBinary feeds bytes to every type's binary input, which must not panic.
func FuzzBinary(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7})
	f.Add([]byte{0, 2, 0, 0, 0, 0, 0, 4, 0, 1, 0x13, 0x88})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, typ := range builtin.All() {
			if typ.Recv == nil {
				continue
			}
			if v, err := typ.Recv(DefaultEnv(), b, -1); err == nil {
				typ.Out(DefaultEnv(), nil, v)
			}
		}
	})
}
