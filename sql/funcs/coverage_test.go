package funcs

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// callable says whether a declared function is one that a query may call:
// without internal, cstring, trigger and handler types.
func callable(p *catalog.Proc) bool {
	for _, oid := range append(slices.Clone(p.Args), p.Result) {
		switch oid {
		case types.InternalOID, types.CstringOID, types.TriggerOID, 2280, 3838, 325, 269, 3310, 3115, 32:
			return false
		}
	}
	return true
}

// reachable says whether all types of a function are registered.
func reachable(p *catalog.Proc) bool {
	for _, oid := range append(slices.Clone(p.Args), p.Result) {
		if types.Builtin().ByOID(oid) == nil {
			return false
		}
	}
	return true
}

// TestCoverage prints which part of PostgreSQL's functions, operators and casts
// there is (-v), and what is missing for types that are registered. It fails
// where coverage falls below what was reached.
func TestCoverage(t *testing.T) {
	var have, all int
	var missing []string
	for _, p := range catalog.Procs() {
		if !callable(p) {
			continue
		}
		all++
		if ByOID(p.OID) != nil {
			have++
		} else if reachable(p) {
			missing = append(missing, p.Signature)
		}
	}
	t.Logf("functions: %d of %d callable", have, all)
	t.Logf("operators: %d of %d", len(Operators()), len(catalog.Operators()))
	t.Logf("casts: %d of %d", len(Casts()), len(catalog.Casts()))
	t.Logf("missing though the types are there:\n%s", strings.Join(missing, "\n"))
	require.Greater(t, have, 1500)
}

// TestRegistryAgreesWithPostgreSQL compares what we registered with what
// PostgreSQL's catalogs say.
func TestRegistryAgreesWithPostgreSQL(t *testing.T) {
	procs := map[OID]*catalog.Proc{}
	for _, p := range catalog.Procs() {
		procs[p.OID] = p
	}
	for _, f := range All() {
		if f.Namespace == S3DBSchema {
			continue
		}
		p := procs[f.OID]
		require.NotNil(t, p, "%s has an oid that PostgreSQL does not know: %d", f.Name, f.OID)
		require.Equal(t, p.Name, f.Name)
		require.Equal(t, p.Args, f.Args, f.Name)
		require.Equal(t, p.Result, f.Result, f.Name)
		require.Equal(t, p.Strict, !f.NotStrict, f.Name)
		require.Equal(t, Volatility(p.Volatility), f.Volatility, f.Name)
		require.Equal(t, Kind(p.Kind), f.Kind, f.Name)
		require.Equal(t, p.ReturnSet, f.ReturnSet, f.Name)
	}
	for _, d := range catalog.Operators() {
		o := OperatorByOID(d.OID)
		if o == nil {
			continue
		}
		require.Equal(t, d.Code, o.Func.OID, d.Name)
		require.Equal(t, []OID{d.Commutator, d.Negator}, []OID{o.Commutator, o.Negator}, d.Name)
		require.Equal(t, []bool{d.Hashes, d.Merges}, []bool{o.Hashes, o.Merges}, d.Name)
		require.Same(t, o, FindOperator(d.Name, d.Left, d.Right))
	}
	for _, d := range catalog.Casts() {
		if c := FindCast(d.From, d.To); c != nil {
			require.Equal(t, CastContext(d.Context), c.Context)
			require.Equal(t, d.Method == 'i', c.InOut)
			require.Equal(t, d.Func != 0, c.Func != nil)
		}
	}
}
