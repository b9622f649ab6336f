package parser

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDeparseSubscripts: what comes out is read again as the same.
func TestDeparseSubscripts(t *testing.T) {
	for _, arg := range []string{
		"coalesce(a, b)", "CASE WHEN a THEN b END", "greatest(a, b)", "ARRAY[1, 2]", "a", "f(a)", "a || b", "a::int[]", "(SELECT a)", "a[1]", "$1",
	} {
		text := "SELECT (" + arg + ")[1] FROM t"
		stmts, err := Parse(text)
		require.NoError(t, err)
		once, err := Deparse(stmts[0].Node)
		require.NoError(t, err)
		again, err := Parse(once)
		require.NoError(t, err, once)
		twice, err := Deparse(again[0].Node)
		require.NoError(t, err)
		require.Equal(t, once, twice)
	}
}
