package parser

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func parseOne(t *testing.T, sql string) Statement {
	t.Helper()
	stmts, err := Parse(sql)
	require.NoError(t, err, sql)
	require.Len(t, stmts, 1, sql)
	return stmts[0]
}

func TestStatementRanges(t *testing.T) {
	source := " ; -- first\n SELECT 'ü' ;;/* a /* b */ */ SELECT\n2 -- end\n ; "
	stmts, err := Parse(source)
	require.NoError(t, err)
	require.Len(t, stmts, 2)
	assert.Equal(t, "SELECT 'ü'", stmts[0].Text())
	assert.Equal(t, "SELECT\n2 -- end", stmts[1].Text())
	assert.Equal(t, source, stmts[1].Source)
	assert.Equal(t, strings.Index(source, "SELECT\n2"), stmts[1].Start)
}

func TestLocationsAreByteOffsets(t *testing.T) {
	s := parseOne(t, "SELECT 'ü', ß")
	column := s.Node.GetSelectStmt().TargetList[1].GetResTarget().GetVal().GetColumnRef()
	assert.Equal(t, "ß", s.Source[column.Location:])
}

func TestNoStatement(t *testing.T) {
	for _, sql := range []string{"", "  ", ";", "-- x", "/* x */ ; ;"} {
		stmts, err := Parse(sql)
		assert.NoError(t, err, sql)
		assert.Empty(t, stmts, sql)
	}
}

// The messages are those of PostgreSQL 15's convert_from.
func TestInvalidText(t *testing.T) {
	for text, bytes := range map[string]string{
		"SELECT '\xff'":     "0xff",
		"\xe2\x82(":         "0xe2 0x82 0x28",
		"\xe2\x82":          "0xe2 0x82",
		"A\xc3":             "0xc3",
		"\xed\xa0\x80":      "0xed 0xa0 0x80",
		"\xf4\x90\x80\x80x": "0xf4 0x90 0x80 0x80",
		"\uFFFD\xff":        "0xff",
		"SELECT 1\x00":      "0x00",
		"\x00\xff":          "0x00",
	} {
		_, err := Parse(text)
		e := pgerr.As(err)
		require.NotNil(t, e, "%q", text)
		assert.Equal(t, pgerr.CharacterNotInRepertoire, e.Code)
		assert.Equal(t, `invalid byte sequence for encoding "UTF8": `+bytes, e.Message)
	}
}

func TestStatementSizeLimit(t *testing.T) {
	_, err := Parse("SELECT '" + strings.Repeat("x", MaxSourceBytes) + "'")
	assert.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err))
	_, err = Parse("SELECT '" + strings.Repeat("x", MaxSourceBytes-9) + "'")
	assert.NoError(t, err)
}

func TestCacheReturnsTheSameTrees(t *testing.T) {
	a, b := parseOne(t, "SELECT 42 AS cached"), parseOne(t, "SELECT 42 AS cached")
	assert.Same(t, a.Node, b.Node)
}

func TestCacheIsBounded(t *testing.T) {
	c := treeCache{byText: make(map[string]*cacheElement)}
	for i := range 2 * cacheTexts {
		c.put(fmt.Sprint(i), nil)
	}
	assert.Equal(t, cacheTexts, c.recent.Len())
	assert.Len(t, c.byText, cacheTexts)
	_, ok := c.get("0")
	assert.False(t, ok, "the oldest is gone")
	for i := range 2 * cacheBytes / cacheTextBytes {
		c.put(fmt.Sprintf("%*d", cacheTextBytes, i), nil)
	}
	assert.LessOrEqual(t, c.bytes, cacheBytes)
	c.put(strings.Repeat(" ", cacheTextBytes+1), nil)
	_, ok = c.get(strings.Repeat(" ", cacheTextBytes+1))
	assert.False(t, ok, "too long a text is not kept")
}

func TestCacheKeepsRecentlyUsed(t *testing.T) {
	c := treeCache{byText: make(map[string]*cacheElement)}
	c.put("used", nil)
	for i := range 2 * cacheTexts {
		c.put(fmt.Sprint(i), nil)
		_, ok := c.get("used")
		require.True(t, ok)
	}
}

func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				sql := fmt.Sprintf("CREATE RESOURCE r%d (a 'string', o (b 'number', c int))", (g+i)%20)
				stmts, err := Parse(sql)
				if !assert.NoError(t, err) || !assert.Equal(t, sql, stmts[0].Text()) {
					return
				}
				_, err = Parse("SELECT 1 +")
				assert.Error(t, err)
			}
		})
	}
	wg.Wait()
}
