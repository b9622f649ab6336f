package s3db_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// differences are the verdicts that are ours, each with its reason: expressions
// for the definition and the document.
var differences = []struct{ reason, attributes, document string }{
	{"SQL has one NULL: what may be null may be missing", `nullable`, `^{}$`},
	{"an inet column takes addresses only", `^{"v":"ip[46]`, `"v":"`},
	{"an array is no number and no text", `number|money|crypto|decimal|geo|string\|convert`, `"v":[\[{]`},
	{"a bigint column: s3db.js would store a fraction cut off, and 1e21 wrong", `number\|integer`, `1\.5|-2\.5|1e\+21`},
	{"SQL's own texts of times, spans and networks", `datetime|timeonly|cidr|duration`, `"(12|1\.5|tomorrow|24:00|10\.0\.0\.0|PT)"`},
	{"a uuid is stored with its dashes however it is written", `"uuid`, `"550e8400e29b41d4a716446655440000"`},
	{"a span is shorter than 1e21 ms, and 1e+21 are no digits of a barcode", `duration|ean`, `1e\+21`},
	{"a default is checked as any value", `min:3\|default:x`, `null`},
	{"a text column has no numbers and booleans", `"enum"`, `"v":("true"|true|7)`},
	{"a limit that is no number is none", `min:x`, `.`},
}

func difference(attributes, document string) (reason string) {
	for _, d := range differences {
		if regexp.MustCompile(d.attributes).MatchString(attributes) && regexp.MustCompile(d.document).MatchString(document) {
			return d.reason
		}
	}
	return ""
}

// failing are the attributes that an error of fastest-validator, or a violation
// of ours, names. It names the array for an element that is missing, we the
// element.
func failing(attribute, kind string) string {
	attribute = strings.TrimPrefix(attribute, "obj.")
	if at := strings.LastIndexByte(attribute, '['); kind == "required" && at >= 0 && strings.HasSuffix(attribute, "]") {
		return attribute[:at]
	}
	return attribute
}

// TestValidationsAgainstJavaScript: for 6,800 pairs of a definition and a
// document, the attributes that s3db.js's validator refuses (19.5.10 and 21.6.2
// agree where both know the type; testdata/validations.mjs) are those that we
// refuse, and own messages say the same.
func TestValidationsAgainstJavaScript(t *testing.T) {
	data, err := os.ReadFile("testdata/validations.tsv")
	require.NoError(t, err)
	var s *s3db.Schema
	last, differ := "", map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		p := strings.Split(line, "\t")
		if p[0] != last {
			s, last = openAttributes(t, p[0]), p[0]
		}
		theirs := p[3]
		if theirs == "=" {
			theirs = p[2]
		}
		var errs [][3]string
		require.NoError(t, json.Unmarshal([]byte(theirs), &errs))
		var want, wantTexts []string
		for _, e := range errs {
			want, wantTexts = append(want, failing(e[0], e[1])), append(wantTexts, e[2])
		}
		ours := verdict(t, s, p[1])
		var got, gotTexts []string
		for _, v := range ours {
			got, gotTexts = append(got, failing(v.Attribute, v.Rule)), append(gotTexts, strings.ReplaceAll(v.Message, "obj.", ""))
		}
		slices.Sort(want)
		slices.Sort(got)
		same := slices.Equal(slices.Compact(want), slices.Compact(got))
		if reason := difference(p[0], p[1]); reason != "" {
			differ[reason] = differ[reason] || !same
			continue
		}
		require.True(t, same, "%s: %s\nwant %s\ngot  %+v", p[0], p[1], theirs, ours)
		if strings.Contains(p[0], "messages") && !strings.Contains(p[1], ",null") {
			require.ElementsMatch(t, slices.Compact(wantTexts), slices.Compact(gotTexts), "%s: %s", p[0], p[1])
		}
	}
	for _, d := range differences {
		require.True(t, differ[d.reason], "no longer a difference: %s", d.reason)
	}
}

// openAttributes is a resource with one attribute, obj, an object of those given.
func openAttributes(t *testing.T, attributes string) *s3db.Schema {
	t.Helper()
	m, err := s3db.ParseManifest([]byte(`{"version":"1","s3dbVersion":"21.6.2","resources":{"t":{"currentVersion":"v1",
		"versions":{"v1":{"behavior":"body-only","attributes":{"obj":` + attributes + `}}}}}}`))
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", s3db.Options{})
	require.NoError(t, err)
	return s
}

// verdict is what a write of the document meets.
func verdict(t *testing.T, s *s3db.Schema, document string) []s3db.Violation {
	t.Helper()
	row := s.NewRow("x")
	row.Values[s.Column("obj")] = jsonb(t, document)
	require.NoError(t, s.ApplyDefaults(row))
	require.NoError(t, s.Sanitize(row, nil))
	vs, err := s.Validate(row, nil)
	require.NoError(t, err)
	return vs
}
