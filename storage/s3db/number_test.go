package s3db

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNumbersAgainstJavaScript holds our number texts against those that the
// library and Node make of the same doubles.
func TestNumbersAgainstJavaScript(t *testing.T) {
	data, err := os.ReadFile("testdata/numbers.tsv")
	require.NoError(t, err)
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		p := strings.Split(line, "\t")
		f, err := strconv.ParseFloat(p[0], 64)
		require.NoError(t, err)
		require.Equal(t, p[0], jsNumber(f))
		require.Equal(t, p[1], decimal62(f), p[0])
		require.Equal(t, p[2], format36(f), p[0])
		if back, ok := parse36(p[2]); ok && !math.IsInf(back, 0) && math.Abs(f) > 1e-290 {
			require.InEpsilon(t, 1+math.Abs(f), 1+math.Abs(back), 1e-15, p[2])
		}
		n++
	}
	require.Greater(t, n, 300)
}

// TestDecimal62ComesBack: what we write reads back as the same double, with the
// library's own reading.
func TestDecimal62ComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	check := func(f float64) {
		s := formatDecimal62(f)
		back, ok := parseDecimal62(s)
		require.True(t, ok && back == f, "%v is written %q and read %v", f, s, back)
	}
	for range 20000 {
		if f := math.Float64frombits(r.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
			check(f)
		}
		check(float64(int64(r.Uint64()) >> (r.Uint64() % 64)))
	}
	for _, f := range []float64{0, 1e-7, 1.5e-7, 1e21, 1e22, math.MaxFloat64, math.SmallestNonzeroFloat64, -1e-7} {
		check(f)
	}
	require.Equal(t, "1.0e-7", formatDecimal62(1e-7))
}

func TestSafeIntegersComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		n := int64(r.Uint64()>>11) >> (r.Uint64() % 53)
		back, ok := parse62Int(base62Int(-n))
		require.True(t, ok)
		require.Equal(t, float64(-n), back)
	}
}

func TestMalformedNumbers(t *testing.T) {
	for _, s := range []string{"", "-", "a b", "1_", "é", "--1", ".5"} {
		_, ok := parseDecimal62(s)
		require.False(t, ok && s != "--1", "%q", s)
		_, ok = parse36(s)
		require.False(t, ok, "%q", s)
	}
	_, ok := parse36("A")
	require.False(t, ok)
}

func TestStamps(t *testing.T) {
	for _, body := range []string{"", `{"0":"x"}`} {
		for _, stamp := range []uint64{0, 1, math.MaxUint64, 0x0123456789ABCDEF} {
			b := AppendStamp([]byte(body), stamp)
			require.Len(t, b, len(body)+StampLen)
			require.Equal(t, body, strings.TrimRight(string(b), " \t\n\r"))
			rest, got, ok := SplitStamp(b)
			require.True(t, ok)
			require.Equal(t, stamp, got)
			require.Equal(t, body, string(rest))
		}
	}
	for _, b := range []string{"", "x", strings.Repeat(" ", 31), "x" + strings.Repeat(" ", 31), strings.Repeat("\v", 32)} {
		_, _, ok := SplitStamp([]byte(b))
		require.False(t, ok, "%q", b)
	}
}

func TestTextLayer(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "completed": "d:c", "failed": "d:f", "font/woff2": "font/woff2", "image/png": "d:P",
		"https://www.example.org": "d:@Wexample.org", "/api/v1/users": "d:@1users", "/v1/x": "/v1/x",
		"null": "b:bnVsbA==", "undefined": "b:dW5kZWZpbmVk", " x ": "b:IHgg", "d:x": "b:ZDp4", "u:": "b:dTo=", "z85:x": "b:ejg1Ong=",
		"https://example.org/日本": "u:https%3A%2F%2Fexample.org%2F%E6%97%A5%E6%9C%AC", "日本": "b:5pel5pys", "café au lait": "u:caf%C3%A9%20au%20lait",
		"éèêë": "b:w6nDqMOqw6s=", "tab\there": "u:tab%09here", "x:y": "x:y", "=?utf-8?q?x?=": "b:PT91dGYtOD9xP3g/PQ==",
	} {
		require.Equal(t, want, encodeText(text), text)
		back, state := decodeText(want)
		require.Equal(t, present, state)
		require.Equal(t, text, back)
	}
	for stored, want := range map[string]textState{"null": null, "undefined": absent} {
		_, state := decodeText(stored)
		require.Equal(t, want, state)
	}
	for _, stays := range []string{"u:%zz", "u:%E6%97", "u:", "b:", "b:*", "d:", "d:unknown", "z:abc", "z85:abcde", "q:x", "u:%4"} {
		back, _ := decodeText(stays)
		require.Equal(t, stays, back)
	}
	z, _ := decodeText("z:y0jNyclXKM8vyklRBAA=")
	require.Equal(t, "hello world!", z)
}
