package parser

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConforming(t *testing.T) {
	for _, tc := range []struct{ text, want, warning string }{
		{`SELECT 'a', 1`, `SELECT 'a', 1`, ""},
		{`SELECT 'a\\b'::text`, `SELECT 'a\b' ::text`, `nonstandard use of \\ in a string literal`},
		{`SELECT 'a\'b', x`, `SELECT 'a''b', x`, `nonstandard use of \' in a string literal`},
		{`SELECT '\101\v' x`, `SELECT 'Av'     x`, "nonstandard use of escape in a string literal"},
		{"SELECT 'a'\n'\\\\'", "SELECT 'a\\'    ", `nonstandard use of \\ in a string literal`},
		{`SELECT E'\\', $a$'\'$a$, "\" /* '\ */ -- '\`, `SELECT E'\\', $a$'\'$a$, "\" /* '\ */ -- '\`, ""},
		{`SELECT $1, a$b, X'0', 1e5, '\\'`, `SELECT $1, a$b, X'0', 1e5, '\' `, `nonstandard use of \\ in a string literal`},
	} {
		got, warnings, err := Conforming(tc.text)
		require.NoError(t, err, tc.text)
		require.Equal(t, tc.want, got)
		require.Len(t, got, len(tc.text))
		if tc.warning == "" {
			require.Empty(t, warnings, tc.text)
			continue
		}
		require.Len(t, warnings, 1, tc.text)
		require.Equal(t, tc.warning, warnings[0].Message)
	}
}

func TestConformingRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`SELECT U&'a'`:  "unsafe use of string constant with Unicode escapes",
		`SELECT 'abc\'`: `unterminated quoted string at or near "'abc\'"`,
		`SELECT '\u00'`: "invalid Unicode escape",
	} {
		_, _, err := Conforming(text)
		require.EqualError(t, err, want)
	}
}
