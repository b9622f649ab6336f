package types

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestJSONInput compares json and jsonb input with PostgreSQL's: the text that
// comes out, or the error with its detail and context.
func TestJSONInput(t *testing.T) {
	ask := func(conn *pgx.Conn, in []string) string {
		return oracleText(t, conn, fmt.Sprintf("SELECT %s::json", quoteSQL(in[0]))) + "\t" +
			oracleText(t, conn, fmt.Sprintf("SELECT %s::jsonb", quoteSQL(in[0])))
	}
	golden(t, "json_input.txt", 1, ask, func(t *testing.T, in []string, want string) {
		wantJSON, wantJSONB, _ := strings.Cut(want, "\t")
		assert.Equal(t, wantJSON, ours(in[0], ValidateJSON(in[0])))
		j, err := ParseJSONB(in[0])
		if err != nil {
			assert.Equal(t, wantJSONB, ours("", err))
			return
		}
		assert.Equal(t, wantJSONB, escapeField(j.String()))
		again, err := ParseJSONB(j.String())
		require.NoError(t, err)
		assert.True(t, j.Equal(again))
		assert.Equal(t, j.Hash(), again.Hash())
		node, err := ParseJSONNode(in[0])
		require.NoError(t, err)
		assert.Equal(t, strings.Trim(in[0], " \t\r\n"), node.Text)
	})
}

func TestJSONLookup(t *testing.T) {
	j, err := ParseJSONB(`{"a": [10, {"b": null}, "x"], "bb": 1, "a ": 2}`)
	require.NoError(t, err)
	assert.Equal(t, "1", j.Get("bb").String())
	assert.Nil(t, j.Get("c"))
	assert.Equal(t, `"x"`, j.Get("a").Index(-1).String())
	assert.Nil(t, j.Get("a").Index(3))
	assert.Equal(t, "null", j.Path([]string{"a", "1", "b"}).String())
	assert.Equal(t, "10", j.Path([]string{"a", "-3"}).String())
	assert.Nil(t, j.Path([]string{"a", "x"}))
	assert.Nil(t, j.Path([]string{"bb", "x"}))
}

func TestJSONDepthLimit(t *testing.T) {
	deep := strings.Repeat("[", maxJSONDepth) + strings.Repeat("]", maxJSONDepth)
	require.NoError(t, ValidateJSON(deep))
	assert.Equal(t, "!54001 | stack depth limit exceeded", ours("", ValidateJSON("["+deep+"]")))
}
