package parser

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func TestScan(t *testing.T) {
	const text = "SELECT /* é */ \"É\"::int, E'\\n', $1 -- end\n<> 1.5 FROM naïve"
	toks, err := Scan(text)
	require.NoError(t, err)
	var words []string
	for _, tok := range toks {
		words = append(words, text[tok.Start:tok.End])
	}
	assert.Equal(t, []string{"SELECT", `"É"`, "::", "int", ",", `E'\n'`, ",", "$1", "<>", "1.5", "FROM", "naïve"}, words)
	assert.Equal(t, Reserved, toks[0].Category)
	assert.Equal(t, ColumnName, toks[3].Category)
	assert.Equal(t, []TokenKind{TokenIdent, TokenString, TokenParam, TokenFloat}, []TokenKind{toks[1].Kind, toks[5].Kind, toks[7].Kind, toks[9].Kind})
	assert.Zero(t, toks[1].Category)
}

func TestScanError(t *testing.T) {
	_, err := Scan("ü 'x")
	e := pgerr.As(err)
	require.NotNil(t, e)
	assert.Equal(t, 3, e.Position)
	assert.Equal(t, pgerr.SyntaxError, e.Code)
}

func TestKeywords(t *testing.T) {
	assert.True(t, slices.IsSortedFunc(Keywords(), func(a, b Keyword) int {
		if a.Word < b.Word {
			return -1
		}
		return 1
	}))
	for word, category := range map[string]KeywordCategory{"select": Reserved, "between": ColumnName, "left": TypeOrFunctionName, "zone": Unreserved} {
		k, ok := LookupKeyword(word)
		assert.True(t, ok, word)
		assert.Equal(t, category, k.Category, word)
		toks, err := Scan(word)
		require.NoError(t, err)
		assert.Equal(t, category, toks[0].Category, word)
	}
	_, ok := LookupKeyword("resource")
	assert.False(t, ok)
}

// The answers are PostgreSQL 15's quote_ident.
func TestQuoteIdent(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "A": `"A"`, "select": `"select"`, "values": `"values"`, "left": `"left"`, "name": "name", "a b": `"a b"`,
		`a"b`: `"a""b"`, "1a": `"1a"`, "_a1": "_a1", "é": `"é"`, "": `""`, "between": `"between"`, "resource": "resource",
		"partition": "partition", "a$": `"a$"`,
	} {
		assert.Equal(t, want, QuoteIdent(name))
	}
}
