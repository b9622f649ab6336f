package funcs

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// ints is a partition of sorted integers, framed ROWS BETWEEN 1 PRECEDING AND
// 1 FOLLOWING EXCLUDE CURRENT ROW.
type ints struct {
	vals []int32
	args []vec.Vector
}

func (p ints) Rows() int          { return len(p.vals) }
func (p ints) Args() []vec.Vector { return p.args }

func (p ints) PeerStart(i int) int {
	for i > 0 && p.vals[i-1] == p.vals[i] {
		i--
	}
	return i
}

func (p ints) PeerEnd(i int) int {
	for i++; i < len(p.vals) && p.vals[i-1] == p.vals[i]; {
		i++
	}
	return i
}

func (p ints) FrameStart(i int) int   { return max(i-1, 0) }
func (p ints) FrameEnd(i int) int     { return min(i+2, len(p.vals)) }
func (p ints) Excluded(i, j int) bool { return i == j }

var windowCases = []struct {
	signature string
	call      string // over column v of the rows
	extra     []any  // arguments after v
}{
	{"row_number()", "row_number()", nil}, {"rank()", "rank()", nil}, {"dense_rank()", "dense_rank()", nil},
	{"percent_rank()", "percent_rank()", nil}, {"cume_dist()", "cume_dist()", nil},
	{"lag(anyelement)", "lag(v)", nil}, {"lead(anyelement,int4)", "lead(v, 2)", []any{int32(2)}},
	{"lag(anycompatible,int4,anycompatible)", "lag(v, 3, -1)", []any{int32(3), int32(-1)}},
	{"first_value(anyelement)", "first_value(v)", nil}, {"last_value(anyelement)", "last_value(v)", nil},
	{"nth_value(anyelement,int4)", "nth_value(v, 2)", []any{int32(2)}},
}

// TestWindowFunctions compares with testdata/window.tsv, which holds for each
// call what PostgreSQL gives over {1,1,2,3,3,3,7}.
func TestWindowFunctions(t *testing.T) {
	vals := []int32{1, 1, 2, 3, 3, 3, 7}
	if *update {
		recordWindows(t)
	}
	b, err := os.ReadFile("testdata/window.tsv")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	require.Len(t, lines, len(windowCases))
	for i, c := range windowCases {
		f := ByOID(declared.bySignature[c.signature].OID)
		int4 := types.ByOID(types.Int4OID)
		p := ints{vals: vals, args: []vec.Vector{vec.NewVec(int4, vals, nil)}}
		for _, e := range c.extra {
			p.args = append(p.args, vec.Const(int4, e, len(vals)))
		}
		call := &Call{Env: testEnv(t), Func: f, Result: f.ResultType(), Args: []*types.Type{int4}}
		if len(f.Args) > 0 {
			call.Result = int4
		}
		out, err := f.Win(call, p)
		require.NoError(t, err)
		require.Equal(t, lines[i], c.call+"\t"+join(call, out))
	}
}

func join(call *Call, v vec.Vector) string {
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = show(call, call.Result, v.Value(i))
	}
	return strings.Join(parts, " ")
}

func recordWindows(t *testing.T) {
	conn := connect(t)
	var out strings.Builder
	for _, c := range windowCases {
		sql := fmt.Sprintf(`select string_agg(coalesce(x::text, '\N'), ' ' order by n) from (
			select n, %s over (order by v rows between 1 preceding and 1 following exclude current row) as x
			from unnest('{1,1,2,3,3,3,7}'::int[]) with ordinality u(v, n)) s`, c.call)
		res, err := conn.Exec(context.Background(), sql).ReadAll()
		require.NoError(t, err)
		out.WriteString(c.call + "\t" + string(res[0].Rows[0][0]) + "\n")
	}
	require.NoError(t, os.WriteFile("testdata/window.tsv", []byte(out.String()), 0o644))
}

func TestSelectTrue(t *testing.T) {
	boolean := types.ByOID(types.BoolOID)
	v := buildColumn(boolean, true, false, nil, true, nil, true)
	require.Equal(t, []int32{0, 3, 5}, SelectTrue(v, nil, 6, nil))
	require.Equal(t, []int32{9, 3}, SelectTrue(v, []int32{2, 3, 4}, 6, []int32{9}))
	sel := []int32{0, 1, 3}
	require.Equal(t, []int32{0, 3}, SelectTrue(v, sel, 6, sel[:0]))
	require.Equal(t, []int32{1, 4}, SelectTrue(vec.Const(boolean, true, 6), []int32{1, 4}, 6, nil))
	require.Equal(t, []int32{0, 1, 2}, SelectTrue(vec.Const(boolean, true, 3), nil, 3, nil))
	require.Empty(t, SelectTrue(vec.Const(boolean, nil, 6), nil, 6, nil))
	require.Empty(t, SelectTrue(vec.Const(boolean, false, 6), nil, 6, nil))
}

// TestRowsOutsideSelection makes sure that rows that are not alive, or NULL,
// raise nothing.
func TestRowsOutsideSelection(t *testing.T) {
	int4 := types.ByOID(types.Int4OID)
	a := buildColumn(int4, int32(6), int32(-1<<31), nil, int32(1<<31-1), int32(-1<<31))
	b := buildColumn(int4, int32(3), int32(0), int32(-1<<31), int32(1<<31-1), int32(1))
	for name, want := range map[string]int32{"int4div": 2, "int4mi": 3, "int4pl": 9, "int4mul": 18, "int4mod": 0} {
		f := ByOID(declared.bySource[name][0].OID)
		call := &Call{Env: testEnv(t), Func: f, Result: int4, Args: []*types.Type{int4, int4}}
		out, err := f.Kernel(call, []vec.Vector{a, b}, []int32{0, 2}, 5)
		require.NoError(t, err, name)
		require.Equal(t, want, out.Value(0), name)
		require.Nil(t, out.Value(2), name)
		_, err = f.Kernel(call, []vec.Vector{a, b}, nil, 5)
		require.Error(t, err, name)
	}
}
