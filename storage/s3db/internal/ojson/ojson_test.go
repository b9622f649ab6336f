package ojson

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRoundTrip(t *testing.T) {
	for _, text := range []string{`null`, `true`, `-1.50e+3`, `"\u00e9\ud83d\/é"`, `[]`, `{}`, `[1,[2,{"a":null}]]`, `{"b":1,"a":{"":2},"1":3}`} {
		v, err := Parse(" " + text + "\n")
		require.NoError(t, err, text)
		require.Equal(t, text, v.Compact())
		again, err := Parse(string(v.Indent()))
		require.NoError(t, err)
		require.Equal(t, text, again.Compact())
		require.Equal(t, text, v.Clone().Compact())
	}
}

func TestIndentIsStringify(t *testing.T) {
	v, err := Parse(`{"a":{},"b":[],"c":[1,{"d":"x"}]}`)
	require.NoError(t, err)
	require.Equal(t, "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": \"x\"\n    }\n  ]\n}", string(v.Indent()))
}

// TestJavaScriptRules: duplicate keys, the order of integer-like keys, the order
// of UTF-16 units.
func TestJavaScriptRules(t *testing.T) {
	v, err := Parse(`{"b":1,"10":2,"2":3,"b":4,"01":5,"4294967295":6}`)
	require.NoError(t, err)
	var keys []string
	for _, m := range v.InOrder() {
		keys = append(keys, m.Key+"="+m.Value.Text)
	}
	require.Equal(t, []string{"2=3", "10=2", "b=4", "01=5", "4294967295=6"}, keys)
	many := "{"
	for range 40 {
		many += `"x":1,"y":2,"a` + strings.Repeat("b", len(many)%7) + `":3,`
	}
	v, err = Parse(many + `"y":9}`)
	require.NoError(t, err)
	require.Equal(t, "9", v.Get("y").Text)
	require.Less(t, CompareUTF16("\U0001F44B", "\uFFFD"), 0, "a surrogate sorts below")
	require.Equal(t, `{"a":1,"b":2}`, mustParse(t, `{"b":2,"a":1}`).Canonical())
}

func mustParse(t *testing.T, s string) *Value {
	v, err := Parse(s)
	require.NoError(t, err)
	return v
}

func TestMalformed(t *testing.T) {
	for _, text := range []string{"", " ", "{", "[1,]", `{"a"}`, `{"a":1,}`, "01", "1.", "1e", "-", "nul", `"`, `"\x"`, `"\u12"`, "\"\n\"", "1 2", strings.Repeat("[", MaxDepth+2)} {
		_, err := Parse(text)
		require.IsType(t, &SyntaxError{}, err, text)
	}
}

// TestStringsAsStringify: with escapes of JSON.stringify, which are
// encoding/json's but for HTML and two separators.
func TestStringsAsStringify(t *testing.T) {
	s := "a\"\\/\b\f\n\r\t\x01\x1f\x7fé日👋\u2028"
	got := Str(s).Compact()
	require.Equal(t, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé日👋\u2028\"", got)
	var back string
	require.NoError(t, json.Unmarshal([]byte(got), &back))
	require.Equal(t, s, back)
}

func FuzzParse(f *testing.F) {
	f.Add(`{"a":[1,"\u00e9",null]}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if (err == nil) != json.Valid([]byte(text)) && strings.Count(text, "[")+strings.Count(text, "{") < MaxDepth {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil {
			if again, err := Parse(v.Compact()); err != nil || again.Compact() != v.Compact() {
				t.Fatalf("%q becomes %q", text, v.Compact())
			}
		}
	})
}
