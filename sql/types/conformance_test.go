package types

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTypes runs every testdata/types file: inputs of the type it is named
// after (array types by their name in pg_type) under modifiers and settings,
// and the text, binary form and spelling that PostgreSQL gives, or its error.
func TestTypes(t *testing.T) {
	files, err := filepath.Glob("testdata/types/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".txt")
		typ := builtin.ByName("pg_catalog", name)
		require.NotNil(t, typ, name)
		t.Run(name, func(t *testing.T) {
			ask := func(conn *pgx.Conn, in []string) string { return askType(t, conn, typ, in[0], in[1], in[2]) }
			golden(t, filepath.Join("types", filepath.Base(f)), 3, ask, func(t *testing.T, in []string, want string) {
				checkType(t, typ, in[0], in[1], in[2], want)
			})
		})
	}
}

// askType asks the oracle for the text, the binary form and format_type's
// spelling.
func askType(t *testing.T, conn *pgx.Conn, typ *Type, input, mods, settings string) string {
	for _, name := range []string{"datestyle", "intervalstyle", "timezone", "extra_float_digits", "bytea_output"} {
		_, err := conn.Exec(context.Background(), "RESET "+name)
		require.NoError(t, err)
	}
	_, err := conn.Exec(context.Background(), "SET datestyle='ISO, MDY'; SET timezone='UTC'")
	require.NoError(t, err)
	for name, value := range parseSettings(settings) {
		_, err := conn.Exec(context.Background(), "SET "+name+"="+quoteSQL(value))
		require.NoError(t, err)
	}
	procs := typ.IOProcs()
	value, typmod := fmt.Sprintf("%s::pg_catalog.%q", quoteSQL(input), typ.Name), "-1"
	if mods != "" {
		typmod = fmt.Sprintf("%s('{%s}'::cstring[])", procs.TypmodIn, mods)
		value = fmt.Sprintf("%s(%s::cstring, 0::oid, %s)", procs.In, quoteSQL(input), typmod)
	}
	send := "NULL"
	if procs.Send != "" {
		send = "encode(" + procs.Send + "(v" + sendCast[typ.OID] + "), 'hex')"
	}
	return oracleText(t, conn, fmt.Sprintf("SELECT v, %s, format_type(%d, %s) FROM (SELECT %s AS v OFFSET 0) s",
		send, typ.OID, typmod, value))
}

// sendCast casts the types whose send function is another type's.
var sendCast = map[OID]string{RefcursorOID: "::text"}

func checkType(t *testing.T, typ *Type, input, mods, settings, want string) {
	env := testEnv(t, settings)
	typmod := int32(-1)
	if mods != "" {
		var err error
		if typmod, err = typ.TypmodIn(parseMods(t, mods)); err != nil {
			assert.Equal(t, want, ours("", err))
			return
		}
	}
	v, err := typ.In(env, input, typmod)
	if err != nil {
		assert.Equal(t, want, ours("", err))
		return
	}
	text := string(typ.Out(env, nil, v))
	binary := ""
	if typ.Send != nil {
		binary = hex.EncodeToString(typ.Send(env, nil, v))
	}
	require.Equal(t, want, strings.Join([]string{escapeField(text), binary, FormatType(typ, typmod)}, "\t"))
	checkRoundTrip(t, typ, env, v, typmod)
}

// checkRoundTrip reads back what was written, in text and in binary.
func checkRoundTrip(t *testing.T, typ *Type, env *Env, v any, typmod int32) {
	// Other styles are ambiguous: PostgreSQL does not read all that it writes.
	env = &Env{ExtraFloatDigits: 1, Location: env.Location, Now: env.Now}
	text := string(typ.Out(env, nil, v))
	again, err := typ.In(env, text, typmod)
	require.NoError(t, err, "reading back %q", text)
	assertSame(t, typ, v, again, text)
	if typ.Send == nil {
		return
	}
	again, err = typ.Recv(env, typ.Send(env, nil, v), typmod)
	require.NoError(t, err)
	assertSame(t, typ, v, again, "binary of "+text)
}

func assertSame(t *testing.T, typ *Type, v, again any, what string) {
	if typ.Compare == nil {
		assert.Equal(t, typ.Out(DefaultEnv(), nil, v), typ.Out(DefaultEnv(), nil, again), what)
		return
	}
	assert.Zero(t, typ.Compare(v, again), what)
	assert.Equal(t, typ.Hash(v), typ.Hash(again), what)
}

func parseMods(t *testing.T, mods string) []int32 {
	var out []int32
	for _, m := range strings.Split(mods, ",") {
		v, err := strconv.ParseInt(m, 10, 32)
		require.NoError(t, err)
		out = append(out, int32(v))
	}
	return out
}

// parseSettings takes "name=value;name=value" apart.
func parseSettings(s string) map[string]string {
	out := map[string]string{}
	for _, p := range strings.Split(s, ";") {
		if name, value, ok := strings.Cut(p, "="); ok {
			out[name] = value
		}
	}
	return out
}

// testEnv is an Env as a session with these settings has it.
func testEnv(t *testing.T, settings string) *Env {
	env := DefaultEnv()
	env.Now = time.Date(2024, 2, 29, 12, 34, 56, 789012000, time.UTC)
	for name, value := range parseSettings(settings) {
		switch name {
		case "datestyle":
			style, order, _ := strings.Cut(value, ", ")
			env.DateStyle = map[string]DateStyle{"ISO": DateISO, "SQL": DateSQL, "Postgres": DatePostgres, "German": DateGerman}[style]
			env.DateOrder = map[string]DateOrder{"": OrderMDY, "MDY": OrderMDY, "DMY": OrderDMY, "YMD": OrderYMD}[order]
		case "intervalstyle":
			env.IntervalStyle = map[string]IntervalStyle{"postgres": IntervalPostgres,
				"postgres_verbose": IntervalPostgresVerbose, "sql_standard": IntervalSQLStandard, "iso_8601": IntervalISO8601}[value]
		case "timezone":
			loc, err := LoadZone(value)
			require.NoError(t, err)
			env.Location = loc
		case "extra_float_digits":
			n, err := strconv.Atoi(value)
			require.NoError(t, err)
			env.ExtraFloatDigits = n
		case "bytea_output":
			env.ByteaEscape = value == "escape"
		default:
			t.Fatalf("unknown setting %s", name)
		}
	}
	return env
}

// TestPgType compares what pg_type shows with PostgreSQL's.
func TestPgType(t *testing.T) {
	seen := map[OID]bool{}
	for _, line := range readLines(t, "testdata/pg_type.txt") {
		if isComment(line) {
			continue
		}
		f := strings.Fields(line)
		oid, err := strconv.ParseUint(f[0], 10, 32)
		require.NoError(t, err)
		typ := builtin.ByOID(OID(oid))
		if typ == nil {
			continue
		}
		seen[typ.OID] = true
		p := typ.IOProcs()
		assert.Equal(t, line, fmt.Sprintf("%d %s %d %s %c %c %s %c %d %d %c %c %d %s %s %s %s %s %s %d",
			typ.OID, typ.Name, typ.Len, tf(typ.ByVal), typ.Kind, typ.Category, tf(typ.Preferred), typ.Delim, typ.Elem,
			typ.Array, typ.Align, typ.Storage, typ.Collation, p.In, p.Out, dash(p.Recv), dash(p.Send),
			dash(p.TypmodIn), dash(p.TypmodOut), typ.Relation))
	}
	for _, typ := range builtin.All() {
		if typ.Namespace != InformationSchema { // those: catalog/pgcatalog TestBuiltinRowsArePostgreSQLs
			assert.True(t, seen[typ.OID], "%s is not in PostgreSQL's pg_type", typ.Name)
		}
	}
}

// TestPgDescription compares the types' descriptions with PostgreSQL's.
func TestPgDescription(t *testing.T) {
	for _, line := range readLines(t, "testdata/pg_type_doc.txt") {
		number, doc, _ := strings.Cut(line, " ")
		oid, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			continue
		}
		if typ := builtin.ByOID(OID(oid)); typ != nil {
			assert.Equal(t, doc, typ.Doc, typ.Name)
		}
	}
}

func tf(b bool) string {
	if b {
		return "t"
	}
	return "f"
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func TestFreeze(t *testing.T) { require.NoError(t, Freeze(builtin)) }

// shown are the types that the catalog shows and nobody writes.
var shown = map[string]bool{"aclitem": true, "pg_node_tree": true, "pg_ndistinct": true, "pg_dependencies": true, "pg_mcv_list": true}

// TestEveryTypeIsTested wants a data file for each type that can be read and
// written.
func TestEveryTypeIsTested(t *testing.T) {
	for _, typ := range builtin.All() {
		if typ.Kind == 'p' || typ.Kind == 'd' || typ.elem != nil || shown[typ.Name] {
			continue
		}
		if typ.Name[:3] == "reg" && typ != RefcursorType {
			continue // reg_test.go: they depend on Env.Names
		}
		_, err := os.Stat(filepath.Join("testdata/types", typ.Name+".txt"))
		assert.NoError(t, err)
	}
}

// TestSQLName compares the names in messages with format_type's of no typmod.
func TestSQLName(t *testing.T) {
	path := "testdata/sql_names.txt"
	if *update {
		lines := []string{"# oid, format_type(oid, NULL). Rewritten by go test -run TestSQLName -update."}
		conn := oracle(t)
		for _, typ := range builtin.All() {
			name := oracleText(t, conn, fmt.Sprintf("SELECT format_type(%d, NULL)", typ.OID))
			lines = append(lines, fmt.Sprintf("%d\t%s", typ.OID, name))
		}
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	}
	names := map[string]string{}
	for _, line := range readLines(t, path) {
		oid, name, _ := strings.Cut(line, "\t")
		names[oid] = name
	}
	for _, typ := range builtin.All() {
		assert.Equal(t, names[strconv.FormatUint(uint64(typ.OID), 10)], typ.SQLName(), typ.Name)
	}
}
