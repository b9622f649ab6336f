package jsonpath

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What PostgreSQL answers is held by tests/sqllogic's jsonpath.slt; here stands
// what SQL does not reach.

func TestBinary(t *testing.T) {
	p, err := Parse(`strict $.a[*] ? (@ > 1)`)
	require.NoError(t, err)
	sent := Type.Send(nil, nil, p)
	require.Equal(t, "\x01strict $.\"a\"[*]?(@ > 1)", string(sent))
	back, err := Type.Recv(nil, sent, -1)
	require.NoError(t, err)
	require.Equal(t, p.String(), back.(*Path).String())
	_, err = Type.Recv(nil, []byte("\x02$"), -1)
	require.Equal(t, pgerr.InternalError, pgerr.CodeOf(err))
	_, err = Type.Recv(nil, nil, -1)
	require.Equal(t, pgerr.ProtocolViolation, pgerr.CodeOf(err))
}

func TestDepth(t *testing.T) {
	const deep = 200000
	for _, s := range []string{strings.Repeat("(", deep), strings.Repeat("-", deep), strings.Repeat("!(", deep), strings.Repeat("$[", deep)} {
		_, err := Parse(s)
		require.Equal(t, pgerr.StatementTooComplex, pgerr.CodeOf(err), s[:4])
	}
	p, err := Parse("$" + strings.Repeat(".a", deep))
	require.NoError(t, err, "a chain is no nesting to the parser")
	require.Len(t, p.String(), 1+4*deep)
	doc := types.JSONNullValue()
	for range deep {
		doc = types.JSONFromMembers([]types.JSONMember{{Key: "a", Value: doc}})
	}
	_, _, err = p.Query(doc, Options{})
	require.Equal(t, pgerr.StatementTooComplex, pgerr.CodeOf(err))
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`$.a[1 to last].**{2}`, `strict ($ + 1) ? (@ like_regex "a" flag "i").type()`, `"\u{1F600}\x41"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err != nil || pgerr.CheckText(s) != nil {
			return
		}
		again, err := Parse(p.String())
		require.NoError(t, err, p.String())
		require.Equal(t, p.String(), again.String())
	})
}
