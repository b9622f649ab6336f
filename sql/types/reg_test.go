package types

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// stubNames knows one class.
type stubNames struct{}

func (stubNames) OIDOf(kind RegKind, name string) (OID, error) {
	if kind == RegClass && name == "pg_class" {
		return 1259, nil
	}
	return 0, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
}

func (stubNames) NameOf(kind RegKind, oid OID) (string, bool) {
	return "pg_class", kind == RegClass && oid == 1259
}

func TestRegTypes(t *testing.T) {
	named := DefaultEnv()
	named.Names = stubNames{}
	for _, c := range []struct {
		env      *Env
		typ      *Type
		in, want string
	}{
		{named, RegClassType, "pg_class", "pg_class"},
		{named, RegClassType, "1259", "pg_class"},
		{named, RegClassType, "-", "-"},
		{named, RegClassType, "0", "-"},
		{named, RegClassType, "99", "99"},
		{named, RegClassType, "nope", "!42P01 | relation \"nope\" does not exist"},
		{named, RegTypeType, "1259", "1259"},
		{DefaultEnv(), RegClassType, "1259", "1259"},
		{DefaultEnv(), RegClassType, "pg_class", "!22P02 | invalid input syntax for type regclass: \"pg_class\""},
	} {
		v, err := c.typ.In(c.env, c.in, -1)
		got := ""
		if err == nil {
			got = string(c.typ.Out(c.env, nil, v))
		}
		assert.Equal(t, c.want, ours(got, err), "%s %s", c.typ.Name, c.in)
	}
}

func TestPseudoTypesTakeNoInput(t *testing.T) {
	for _, typ := range builtin.All() {
		if typ.Category != Pseudo || typ == CstringType || typ == VoidType {
			continue
		}
		_, err := typ.In(DefaultEnv(), "x", -1)
		require.Error(t, err, typ.Name)
		if typ.Name != "_record" {
			assert.Equal(t, pgerr.FeatureNotSupported, pgerr.CodeOf(err), typ.Name)
		}
	}
	_, err := ByOID(AnyElementOID).In(nil, "x", -1)
	assert.Equal(t, "!0A000 | cannot accept a value of type anyelement", ours("", err))
}
