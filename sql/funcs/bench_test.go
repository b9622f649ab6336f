package funcs

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

const benchRows = 1024

func benchColumn(name string, value func(r *rand.Rand) any) vec.Vector {
	t := types.Builtin().ByName("pg_catalog", name)
	b := vec.NewBuilder(t, benchRows)
	r := rand.New(rand.NewPCG(1, 1))
	for range benchRows {
		b.Append(value(r))
	}
	return b.Build()
}

var (
	benchInt4    = func(r *rand.Rand) any { return int32(r.IntN(1000)) }
	benchInt8    = func(r *rand.Rand) any { return int64(r.IntN(1000)) }
	benchFloat   = func(r *rand.Rand) any { return r.Float64() }
	benchNumeric = func(r *rand.Rand) any { return types.NumericFromScaled(r.Int64N(10_000_000), 2) }
	benchText    = func(r *rand.Rand) any { return strings.Repeat("abc ", 1+r.IntN(8)) + "green" }
)

// BenchmarkKernels measures a batch of rows: divide by its size for a row. What
// filters, joins and TPC-H's expressions do must not allocate by row.
func BenchmarkKernels(b *testing.B) {
	for _, c := range []struct {
		sig   string
		value func(r *rand.Rand) any
		konst any
	}{
		{"int4lt(int4,int4)", benchInt4, int32(500)}, {"int4lt(int4,int4)", benchInt4, nil},
		{"int8eq(int8,int8)", benchInt8, int64(500)}, {"float8lt(float8,float8)", benchFloat, 0.5},
		{"date_le(date,date)", benchInt4, int32(500)}, {"numeric_lt(numeric,numeric)", benchNumeric, types.NumericFromInt64(50000)},
		{"texteq(text,text)", benchText, "abc green"}, {"textlike(text,text)", benchText, "%green%"}, {"textlike(text,text)", benchText, "abc%"},
		{"int4pl(int4,int4)", benchInt4, nil}, {"int8mul(int8,int8)", benchInt8, nil}, {"int4div(int4,int4)", benchInt4, int32(7)},
		{"float8mul(float8,float8)", benchFloat, nil}, {"numeric_mul(numeric,numeric)", benchNumeric, nil},
		{"numeric_sub(numeric,numeric)", benchNumeric, types.NumericFromInt64(1)}, {"numeric_add(numeric,numeric)", benchNumeric, nil},
	} {
		f := ByOID(declared.bySignature[c.sig].OID)
		call := &Call{Env: types.DefaultEnv(), Func: f, Result: f.ResultType()}
		args := make([]vec.Vector, 2)
		name := c.sig[:strings.IndexByte(c.sig, '(')]
		for i, oid := range f.Args {
			call.Args = append(call.Args, types.ByOID(oid))
			args[i] = benchColumn(types.ByOID(oid).Name, c.value)
		}
		if c.konst != nil {
			name += "_const"
			args[1] = vec.Const(call.Args[1], c.konst, benchRows)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Kernel(call, args, nil, benchRows); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAggregates(b *testing.B) {
	groups := make([]int32, benchRows)
	for i := range groups {
		groups[i] = int32(i % 6)
	}
	for sig, value := range map[string]func(r *rand.Rand) any{
		"sum(int4)": benchInt4, "sum(int8)": benchInt8, "sum(float8)": benchFloat, "sum(numeric)": benchNumeric,
		"avg(numeric)": benchNumeric, "avg(float8)": benchFloat, "min(int4)": benchInt4, "max(text)": benchText, "count(any)": benchInt4,
		"min(numeric)": benchNumeric,
	} {
		f := ByOID(declared.bySignature[sig].OID)
		t := types.Builtin().ByName("pg_catalog", strings.TrimSuffix(sig[strings.IndexByte(sig, '(')+1:], ")"))
		if t == nil || t.Kind == 'p' {
			t = types.ByOID(types.Int4OID)
		}
		args := []vec.Vector{benchColumn(t.Name, value)}
		st := f.Agg.New(&Call{Env: types.DefaultEnv(), Func: f, Args: []*types.Type{t}, Result: f.ResultType()})
		st.Resize(6)
		b.Run(sig, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := st.Update(args, nil, benchRows, groups); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSelectTrue(b *testing.B) {
	v := benchColumn("bool", func(r *rand.Rand) any { return r.IntN(2) == 0 })
	out := make([]int32, 0, benchRows)
	for b.Loop() {
		SelectTrue(v, nil, benchRows, out[:0])
	}
}
