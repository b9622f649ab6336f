package wire

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// stub makes a type whose text form is fmt's and whose binary form is that in
// angle brackets.
func stub[T any](name string) *types.Type {
	text := func(_ *types.Env, dst []byte, v T) []byte { return fmt.Append(dst, v) }
	return types.NewType(types.Def[T]{
		Type: types.Type{OID: 90000, Name: name},
		Impl: types.Impl[T]{
			Out:  text,
			Send: func(env *types.Env, dst []byte, v T) []byte { return append(text(env, append(dst, '<'), v), '>') },
			In: func(_ *types.Env, s string, _ int32) (v T, err error) {
				_, err = fmt.Sscan(s, &v)
				return v, err
			},
		},
	})
}

type boxed struct{ a, b int }

func column1[T any](name string, vals ...T) vec.Vector { return vec.NewVec(stub[T](name), vals, nil) }

func encodeAll(t *testing.T, b *vec.Batch, f Format) []string {
	t.Helper()
	var cols []column
	for _, v := range b.Cols {
		c, err := newColumn(Field{Type: v.Type(), Format: f}, types.DefaultEnv())
		require.NoError(t, err)
		c.bind(v)
		cols = append(cols, c)
	}
	var rows []string
	var buf []byte
	for k := range b.Rows() {
		var err error
		buf, err = appendRow(buf[:0], cols, b.Row(k))
		require.NoError(t, err)
		rows = append(rows, decodeRow(t, buf))
	}
	return rows
}

// decodeRow reads a DataRow message independently of the writer's code.
func decodeRow(t *testing.T, b []byte) string {
	t.Helper()
	m := message{rest: b}
	require.EqualValues(t, 'D', m.byte())
	require.EqualValues(t, len(b)-1, m.int32())
	var out []string
	for range m.int16() {
		if v := m.value(); v == nil {
			out = append(out, "NULL")
		} else {
			out = append(out, string(v))
		}
	}
	require.NoError(t, m.done())
	return strings.Join(out, "|")
}

func TestEveryRepresentation(t *testing.T) {
	b := vec.NewBatch([]vec.Vector{
		column1("bool", true, false),
		column1("int2", int16(1), 2), column1("int4", int32(1), 2), column1("int8", int64(1), 2),
		column1("oid", uint32(1), 2), column1("float4", float32(1), 2.5), column1("float8", 1.0, 2.5),
		column1("text", "a", ""), column1("bytea", []byte("x"), nil),
		column1("interval", types.Interval{Days: 1}, types.Interval{}),
		column1("uuid", types.UUID{15: 1}, types.UUID{}),
	}, 2)
	text := encodeAll(t, b, Text)
	require.Equal(t, "true|1|1|1|1|1|1|a|[120]|{0 1 0}|00000000-0000-0000-0000-000000000001", text[0])
	require.Equal(t, "false|2|2|2|2|2.5|2.5||[]|{0 0 0}|00000000-0000-0000-0000-000000000000", text[1])
	require.Equal(t, "<"+strings.ReplaceAll(text[0], "|", ">|<")+">", encodeAll(t, b, Binary)[0])
}

// TestRealTypes has values whose text form is PostgreSQL's canonical one, so
// that they must come out as they went in.
func TestRealTypes(t *testing.T) {
	env := types.DefaultEnv()
	for _, c := range []struct {
		oid  types.OID
		text string
	}{
		{types.BoolOID, "t"}, {types.Int2OID, "-7"}, {types.Int8OID, "9007199254740993"}, {types.Float8OID, "0.1"},
		{types.NumericOID, "12.50"}, {types.ByteaOID, `\x00ff`}, {types.UUIDOID, "00112233-4455-6677-8899-aabbccddeeff"},
		{types.JSONBOID, `{"a": [1, null]}`}, {types.Int4ArrayOID, "{1,NULL,3}"}, {types.TextArrayOID, `{"a b",c}`},
	} {
		typ := types.ByOID(c.oid)
		v, err := DecodeParam(env, typ, Text, []byte(c.text))
		require.NoError(t, err, typ.Name)
		b := vec.NewBatch([]vec.Vector{vec.Const(typ, v, 1)}, 1)
		require.Equal(t, c.text, encodeAll(t, b, Text)[0], typ.Name)
		back, err := DecodeParam(env, typ, Binary, []byte(encodeAll(t, b, Binary)[0]))
		require.NoError(t, err, typ.Name)
		b = vec.NewBatch([]vec.Vector{vec.Const(typ, back, 1)}, 1)
		require.Equal(t, c.text, encodeAll(t, b, Text)[0], typ.Name)
	}
}

func TestBoxedColumn(t *testing.T) {
	typ := stub[boxed]("boxed")
	require.Equal(t, types.RepAny, typ.Rep)
	bd := vec.NewBuilder(typ, 2)
	bd.Append(boxed{1, 2})
	bd.AppendNull()
	b := vec.NewBatch([]vec.Vector{bd.Build()}, 2)
	require.Equal(t, []string{"{1 2}", "NULL"}, encodeAll(t, b, Text))
	require.Equal(t, []string{"<{1 2}>", "NULL"}, encodeAll(t, b, Binary))
}

func TestSelectionNullsAndConstants(t *testing.T) {
	bd := vec.NewBuilder(stub[int32]("int4"), 4)
	for _, v := range []any{int32(10), nil, int32(30), int32(40)} {
		bd.Append(v)
	}
	b := vec.NewBatch([]vec.Vector{bd.Build(), vec.Const(stub[string]("text"), "c", 4), vec.Const(stub[bool]("bool"), nil, 4)}, 4)
	require.Equal(t, []string{"10|c|NULL", "NULL|c|NULL", "30|c|NULL", "40|c|NULL"}, encodeAll(t, b, Text))
	require.Equal(t, []string{"40|c|NULL", "NULL|c|NULL"}, encodeAll(t, b.WithSel([]int32{3, 1}), Text))
	require.Empty(t, encodeAll(t, b.WithSel([]int32{}), Text))
}

func TestColumnRefusals(t *testing.T) {
	mute := types.NewType(types.Def[int32]{Type: types.Type{OID: 90001, Name: "mute"}})
	for _, c := range []struct {
		f       Field
		code    pgerr.Code
		message string
	}{
		{Field{Type: mute, Format: Text}, pgerr.FeatureNotSupported, "cannot display a value of type mute"},
		{Field{Type: mute, Format: Binary}, pgerr.UndefinedFunction, "no binary output function available for type mute"},
		{Field{Type: mute, Format: 7}, pgerr.InvalidParameterValue, "unsupported format code: 7"},
	} {
		_, err := newColumn(c.f, nil)
		require.EqualError(t, err, c.message)
		require.Equal(t, c.code, pgerr.CodeOf(err))
	}
}

// TestRowsDoNotAllocate: encoding costs nothing per row.
func TestRowsDoNotAllocate(t *testing.T) {
	typ := types.NewType(types.Def[int32]{
		Type: types.Type{OID: 90002, Name: "n"},
		Impl: types.Impl[int32]{Out: func(_ *types.Env, dst []byte, v int32) []byte { return append(dst, byte(v)) }},
	})
	c, err := newColumn(Field{Type: typ}, nil)
	require.NoError(t, err)
	c.bind(vec.NewVec(typ, make([]int32, 1024), nil))
	cols, buf := []column{c}, make([]byte, 0, 64<<10)
	allocs := testing.AllocsPerRun(10, func() {
		buf = buf[:0]
		for i := range 1024 {
			buf, _ = appendRow(buf, cols, i)
		}
	})
	require.Zero(t, allocs)
}

func TestDomainIsSeenAsItsBase(t *testing.T) {
	reg := types.NewRegistry(nil)
	base := types.NewType(types.Def[int32]{Type: types.Type{OID: 90003, Name: "base", Len: 4}})
	inner := types.NewType(types.Def[int32]{Type: types.Type{OID: 90004, Name: "inner", Len: 4, Base: base.OID}})
	outer := types.NewType(types.Def[int32]{Type: types.Type{OID: 90005, Name: "outer", Len: 4, Base: inner.OID}})
	for _, x := range []*types.Type{base, inner, outer} {
		require.NoError(t, reg.Add(x))
	}
	m, err := rowDescription([]Field{{Name: "x", Type: outer, Typmod: -1}}, reg)
	require.NoError(t, err)
	require.Equal(t, base.OID, m.Fields[0].DataTypeOID)
}

// TestInvalidText has PostgreSQL 15's messages.
func TestInvalidText(t *testing.T) {
	for in, want := range map[string]string{
		"\xe4\xf6x": "0xe4 0xf6 0x78", "a\x00b": "0x00", "ok\xff": "0xff", "\xc3": "0xc3", "\xf0\x9f\x98": "0xf0 0x9f 0x98", "\xed\xa0\x80": "0xed 0xa0 0x80",
	} {
		err := pgerr.CheckText(in)
		require.EqualError(t, err, `invalid byte sequence for encoding "UTF8": `+want, hex.EncodeToString([]byte(in)))
		require.Equal(t, pgerr.CharacterNotInRepertoire, pgerr.CodeOf(err))
	}
	require.NoError(t, pgerr.CheckText("äöü \uFFFD 😀"))
}

func TestReadBodyFollowsWhatArrives(t *testing.T) {
	// A header that claims a gigabyte is not worth a gigabyte.
	body, err := readBody(strings.NewReader(strings.Repeat("x", 1000)), nil, maxLargeBody)
	require.Error(t, err)
	require.Less(t, cap(body), 1<<20)
	body, err = readBody(strings.NewReader(strings.Repeat("x", 300_000)), make([]byte, 10), 300_000)
	require.NoError(t, err)
	require.Len(t, body, 300_000)
}
