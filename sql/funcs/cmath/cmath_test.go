package cmath

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite testdata from the PostgreSQL at 127.0.0.1:5999")

var one = map[string]func(float64) float64{
	"exp": Exp, "ln": Log, "log10": Log10, "cbrt": Cbrt, "sin": Sin, "cos": Cos, "tan": Tan, "asin": Asin, "acos": Acos,
	"atan": Atan, "sinh": Sinh, "cosh": Cosh, "tanh": Tanh, "asinh": Asinh, "acosh": Acosh, "atanh": Atanh,
}

var two = map[string]func(x, y float64) float64{"power": Pow, "atan2": Atan2}

// TestAgainstC compares with what PostgreSQL's C library computed. That is not
// always the nearest float: a hundredth of the results may differ, by one unit
// in the last place.
func TestAgainstC(t *testing.T) {
	if *update {
		record(t)
	}
	b, err := os.ReadFile("testdata/cases.txt")
	require.NoError(t, err)
	total, off := map[string]int{}, map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Fields(line)
		args := make([]float64, len(f)-1)
		for i, s := range f[1:] {
			args[i], err = strconv.ParseFloat(s, 64)
			require.NoError(t, err)
		}
		want, got := args[len(args)-1], 0.0
		if len(args) == 2 {
			got = one[f[0]](args[0])
		} else {
			got = two[f[0]](args[0], args[1])
		}
		total[f[0]]++
		if got != want {
			off[f[0]]++
			ulp := math.Abs(math.Nextafter(want, math.Inf(1)) - want)
			require.LessOrEqual(t, math.Abs(got-want), 4*ulp, line)
		}
	}
	for name, n := range total {
		t.Logf("%s: %d of %d differ", name, off[name], n)
	}
	for _, name := range []string{"exp", "ln", "sin", "cos", "power", "atan", "asin", "acos", "cbrt", "log10", "cosh"} {
		require.LessOrEqual(t, off[name]*100, total[name], name)
	}
}

func record(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, "postgres://postgres@127.0.0.1:5999/postgres")
	require.NoError(t, err)
	defer conn.Close(ctx)
	r := rand.New(rand.NewPCG(3, 4))
	var out strings.Builder
	ask := func(name string, args ...float64) {
		marks := []string{"$1::float8", "$2::float8"}[:len(args)]
		vals := make([]any, len(args))
		text := name
		for i, a := range args {
			vals[i] = a
			text += " " + strconv.FormatFloat(a, 'g', -1, 64)
		}
		var v float64
		if conn.QueryRow(ctx, fmt.Sprintf("select %s(%s)", name, strings.Join(marks, ",")), vals...).Scan(&v) == nil {
			fmt.Fprintf(&out, "%s %s\n", text, strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	for name := range one {
		for range 300 {
			x := r.NormFloat64() * math.Pow(10, float64(r.IntN(5)-2))
			switch name {
			case "asin", "acos", "atanh":
				x = 2*r.Float64() - 1
			case "ln", "log10":
				x = math.Abs(x)
			case "acosh":
				x = 1 + math.Abs(x)
			}
			ask(name, x)
		}
	}
	for range 600 {
		ask("power", math.Abs(r.NormFloat64()*10), math.Round(r.NormFloat64()*100)/float64(1+r.IntN(10)))
		ask("atan2", r.NormFloat64()*math.Pow(10, float64(r.IntN(5)-2)), r.NormFloat64())
	}
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	require.NoError(t, os.WriteFile("testdata/cases.txt", []byte(out.String()), 0o644))
}

func BenchmarkExp(b *testing.B) {
	for b.Loop() {
		Exp(1.2345)
	}
}
