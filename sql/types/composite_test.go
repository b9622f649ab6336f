package types

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ownTypes are types as a database defines them, beside the statements that
// define them in PostgreSQL.
var ownTypes = map[string]*Type{
	"comp": NewCompositeType(Type{OID: 90001, Namespace: "public", Name: "comp"}, []Column{
		{Name: "a", Type: Int4Type, Typmod: -1}, {Name: "b", Type: TextType, Typmod: -1}, {Name: "c", Type: NumericType, Typmod: NumericTypmod(5, 2)},
	}),
	"mood": NewEnumType(Type{OID: 90002, Namespace: "public", Name: "mood"}, Labels("sad", "ok", "happy")),
	"dom":  NewDomainType(Type{OID: 90003, Namespace: "public", Name: "dom"}, Domain{Base: VarcharType, Typmod: 3 + typmodHeader}),
}

const defineOwnTypes = `DROP TYPE IF EXISTS pg_temp.comp, pg_temp.mood; DROP DOMAIN IF EXISTS pg_temp.dom;
	CREATE TYPE pg_temp.comp AS (a int, b text, c numeric(5,2)); CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok', 'happy');
	CREATE DOMAIN pg_temp.dom AS varchar(3);`

// TestOwnTypes compares input and output of a composite, an enum and a domain
// with PostgreSQL's.
func TestOwnTypes(t *testing.T) {
	ask := func(conn *pgx.Conn, in []string) string {
		_, err := conn.Exec(context.Background(), defineOwnTypes)
		require.NoError(t, err)
		send := map[string]string{"comp": "record_send", "mood": "enum_send", "dom": "textsend"}[in[0]]
		return oracleText(t, conn, fmt.Sprintf("SELECT v, encode(%s(v), 'hex') FROM (SELECT %s::pg_temp.%s AS v) s",
			send, quoteSQL(in[1]), in[0]))
	}
	golden(t, "own_types.txt", 2, ask, func(t *testing.T, in []string, want string) {
		typ := ownTypes[in[0]]
		v, err := typ.In(DefaultEnv(), in[1], -1)
		if err != nil {
			assert.Equal(t, want, ours("", err))
			return
		}
		text, binary := typ.Out(DefaultEnv(), nil, v), typ.Send(DefaultEnv(), nil, v)
		assert.Equal(t, want, escapeField(string(text))+"\t"+hex.EncodeToString(binary))
		checkRoundTrip(t, typ, DefaultEnv(), v, -1)
	})
}

func TestOwnTypesOrderAndProcs(t *testing.T) {
	mood := ownTypes["mood"]
	assert.Negative(t, mood.Compare("ok", "happy"))
	assert.Positive(t, mood.Compare("ok", "sad"))
	assert.Equal(t, IOProcs{In: "domain_in", Out: "varcharout", Recv: "domain_recv", Send: "varcharsend"},
		ownTypes["dom"].IOProcs())
	assert.Equal(t, IOProcs{In: "enum_in", Out: "enum_out", Recv: "enum_recv", Send: "enum_send"}, mood.IOProcs())
	assert.Equal(t, "comp", ownTypes["comp"].SQLName())
	comp := func(s string) any {
		v, err := ownTypes["comp"].In(nil, s, -1)
		require.NoError(t, err)
		return v
	}
	// record_cmp: NULLs last, and equal to each other.
	ascending := strings.Fields("(1,a,) (1,b,1) (1,b,) (2,,0) (,,) ")
	for i := range ascending[1:] {
		assert.Negative(t, ownTypes["comp"].Compare(comp(ascending[i]), comp(ascending[i+1])), ascending[i])
	}
	assert.Zero(t, ownTypes["comp"].Compare(comp("(,,1.5)"), comp("(,,1.50)")))
}

// TestOwnArray makes the array type of a type that is not built in.
func TestOwnArray(t *testing.T) {
	own := NewRegistry(builtin)
	mood := NewEnumType(Type{OID: 90002, Array: 90012, Namespace: "public", Name: "mood"}, Labels("sad", "ok"))
	require.NoError(t, own.Add(mood))
	require.NoError(t, own.Add(NewArrayType(mood)))
	require.NoError(t, Freeze(own))
	moods := own.ByOID(90012)
	assert.Equal(t, "mood[]", moods.SQLName())
	v, err := moods.In(nil, "{ok,sad,NULL}", -1)
	require.NoError(t, err)
	assert.Equal(t, "{ok,sad,NULL}", string(moods.Out(nil, nil, v)))
}
