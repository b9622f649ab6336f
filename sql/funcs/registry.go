package funcs

import (
	"fmt"
	"slices"
	"sort"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type registry struct {
	funcs     map[OID]*Func
	byName    map[string][]*Func
	operators map[OID]*Operator
	opsByName map[string][]*Operator
	casts     map[[2]OID]*Cast
}

var builtin = registry{
	funcs:     map[OID]*Func{},
	byName:    map[string][]*Func{},
	operators: map[OID]*Operator{},
	opsByName: map[string][]*Operator{},
	casts:     map[[2]OID]*Cast{},
}

// Register adds functions; it panics on a duplicate oid or signature, so that
// the start-up test finds it.
func Register(fs ...*Func) {
	for _, f := range fs {
		if f.Volatility == 0 {
			f.Volatility = Immutable
		}
		if f.Kind == 0 {
			f.Kind = Normal
		}
		if old := builtin.funcs[f.OID]; old != nil {
			panic(fmt.Sprintf("funcs: oid %d is %s and %s", f.OID, old.Name, f.Name))
		}
		builtin.funcs[f.OID] = f
		builtin.byName[f.Name] = insertByOID(builtin.byName[f.Name], f, func(f *Func) OID { return f.OID })
	}
}

func insertByOID[T any](s []T, v T, oid func(T) OID) []T {
	at := sort.Search(len(s), func(i int) bool { return oid(s[i]) > oid(v) })
	return slices.Insert(s, at, v)
}

// RegisterOperators adds operators and, where an operator's Func is not
// registered yet, that function.
func RegisterOperators(os ...*Operator) {
	for _, o := range os {
		if old := builtin.operators[o.OID]; old != nil {
			panic(fmt.Sprintf("funcs: operator oid %d is %s and %s", o.OID, old.Name, o.Name))
		}
		builtin.operators[o.OID] = o
		builtin.opsByName[o.Name] = insertByOID(builtin.opsByName[o.Name], o, func(o *Operator) OID { return o.OID })
		if o.Func != nil && builtin.funcs[o.Func.OID] == nil {
			Register(o.Func)
		}
	}
}

// RegisterCasts adds casts and, where needed, their functions.
func RegisterCasts(cs ...*Cast) {
	for _, c := range cs {
		key := [2]OID{c.From, c.To}
		if builtin.casts[key] != nil {
			panic(fmt.Sprintf("funcs: cast %d to %d registered twice", c.From, c.To))
		}
		builtin.casts[key] = c
		if c.Func != nil && builtin.funcs[c.Func.OID] == nil {
			Register(c.Func)
		}
	}
}

// ByOID returns the function, or nil.
func ByOID(oid OID) *Func { return builtin.funcs[oid] }

// ByName returns the overloads of a name in pg_catalog, by oid.
func ByName(name string) []*Func { return builtin.byName[name] }

// OperatorByOID returns the operator, or nil.
func OperatorByOID(oid OID) *Operator { return builtin.operators[oid] }

// OperatorsByName returns the overloads of an operator's name.
func OperatorsByName(name string) []*Operator { return builtin.opsByName[name] }

// FindOperator returns the operator of exactly these operand types, or nil;
// left is 0 for a prefix operator.
func FindOperator(name string, left, right OID) *Operator {
	for _, o := range builtin.opsByName[name] {
		if o.Left == left && o.Right == right {
			return o
		}
	}
	return nil
}

// FindCast returns the pg_cast entry, or nil. Casts that PostgreSQL derives
// (array element casts, text I/O conversions, domains) are the binder's rules.
func FindCast(from, to OID) *Cast { return builtin.casts[[2]OID{from, to}] }

// All returns every function by oid.
func All() []*Func {
	fs := make([]*Func, 0, len(builtin.funcs))
	for _, f := range builtin.funcs {
		fs = append(fs, f)
	}
	sort.Slice(fs, func(i, j int) bool { return fs[i].OID < fs[j].OID })
	return fs
}

// Operators returns every operator by oid.
func Operators() []*Operator {
	os := make([]*Operator, 0, len(builtin.operators))
	for _, o := range builtin.operators {
		os = append(os, o)
	}
	sort.Slice(os, func(i, j int) bool { return os[i].OID < os[j].OID })
	return os
}

// Casts returns every cast by source and target.
func Casts() []*Cast {
	cs := make([]*Cast, 0, len(builtin.casts))
	for _, c := range builtin.casts {
		cs = append(cs, c)
	}
	sort.Slice(cs, func(i, j int) bool {
		if cs[i].From != cs[j].From {
			return cs[i].From < cs[j].From
		}
		return cs[i].To < cs[j].To
	})
	return cs
}

// ResultType returns f's result type where it is not polymorphic.
func (f *Func) ResultType() *types.Type { return types.Builtin().ByOID(f.Result) }

// Freeze checks the registry once everything is registered: that each function
// has exactly the code its kind asks for, that argument lists are consistent,
// and that operators agree with their functions. Start-up and a test run it.
func Freeze() error {
	for _, f := range All() {
		if err := f.check(); err != nil {
			return err
		}
	}
	for _, o := range Operators() {
		if err := o.check(); err != nil {
			return err
		}
	}
	return nil
}

func (f *Func) check() error {
	got := [4]bool{f.Kernel != nil, f.Rows != nil, f.Agg.New != nil, f.Win != nil}
	want := [4]bool{}
	switch {
	case f.Kind == Aggregate:
		want[2] = true
	case f.Kind == Window:
		want[3] = true
	case f.ReturnSet:
		want[1] = true
	default:
		want[0] = true
	}
	switch {
	case got != want:
		return pgerr.Internal("function %s (oid %d) has the wrong code for its kind", f.Name, f.OID)
	case f.ArgNames != nil && len(f.ArgNames) != len(f.Args):
		return pgerr.Internal("function %s (oid %d) names %d of %d arguments", f.Name, f.OID, len(f.ArgNames), len(f.Args))
	case len(f.Defaults) > len(f.Args):
		return pgerr.Internal("function %s (oid %d) has more defaults than arguments", f.Name, f.OID)
	}
	return nil
}

func (o *Operator) check() error {
	operands := []OID{o.Left, o.Right}
	if o.Left == 0 {
		operands = operands[1:]
	}
	if o.Func == nil || o.Func.Result != o.Result || !slices.Equal(o.Func.Args, operands) {
		return pgerr.Internal("operator %s (oid %d) disagrees with its function", o.Name, o.OID)
	}
	return nil
}
