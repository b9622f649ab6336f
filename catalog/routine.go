package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// Function is one pg_proc entry that the database itself defines.
type Function struct {
	OID      OID    `json:"oid"`
	Schema   string `json:"schema"`
	Name     string `json:"name"`
	Kind     byte   `json:"kind"` // pg_proc.prokind: f function, p procedure, a aggregate
	Language string `json:"language"`
	// Params are all parameters, in order.
	Params    []FunctionParam `json:"params,omitempty"`
	Result    OID             `json:"result"`
	ReturnSet bool            `json:"set,omitempty"`
	// Volatility is pg_proc.provolatile, Parallel proparallel.
	Volatility      byte    `json:"volatility"`
	Parallel        byte    `json:"parallel"`
	Strict          bool    `json:"strict,omitempty"`
	LeakProof       bool    `json:"leakproof,omitempty"`
	SecurityDefiner bool    `json:"definer,omitempty"`
	Cost            float32 `json:"cost"`
	Rows            float32 `json:"rows,omitempty"`
	// Source is pg_proc.prosrc; empty where Body is set.
	Source string `json:"source,omitempty"`
	// Library is pg_proc.probin of a function in C: an extension's.
	Library string `json:"library,omitempty"`
	// Body are the statements of an SQL-standard body as SQL text; Return: it was
	// written as RETURN expression.
	Body   []string `json:"body,omitempty"`
	Return bool     `json:"return,omitempty"`
	// Config is pg_proc.proconfig: name=value.
	Config []string `json:"config,omitempty"`
	// Aggregate is set where Kind is a.
	Aggregate *Aggregate `json:"aggregate,omitempty"`
	// Of is the type that the function was made with, and goes with: a constructor
	// of a range type.
	Of      OID    `json:"of,omitempty"`
	Comment string `json:"comment,omitempty"`
}

// FunctionParam is a parameter of a function. Mode is i, o, b (INOUT), v
// (VARIADIC, whose type is the array) or t (column of RETURNS TABLE), as in
// pg_proc.proargmodes.
type FunctionParam struct {
	Name    string `json:"name,omitempty"`
	Mode    byte   `json:"mode"`
	Type    OID    `json:"type"`
	Default string `json:"default,omitempty"` // SQL text
}

// Reworded is the function with other texts of defaults, by how they were written.
func (f *Function) Reworded(texts map[string]string) *Function {
	c := *f
	c.Params = slices.Clone(f.Params)
	for i := range c.Params {
		if t, ok := texts[c.Params[i].Default]; ok {
			c.Params[i].Default = t
		}
	}
	return &c
}

// IsInput says whether a caller gives the parameter.
func (p FunctionParam) IsInput() bool { return p.Mode != 'o' && p.Mode != 't' }

// IsOutput says whether the parameter is a column of the result.
func (p FunctionParam) IsOutput() bool { return p.Mode == 'o' || p.Mode == 'b' || p.Mode == 't' }

// Inputs are the parameters that a caller gives.
func (f *Function) Inputs() []FunctionParam {
	return slices.DeleteFunc(slices.Clone(f.Params), func(p FunctionParam) bool { return !p.IsInput() })
}

// Outputs are the parameters that make the result's columns.
func (f *Function) Outputs() []FunctionParam {
	return slices.DeleteFunc(slices.Clone(f.Params), func(p FunctionParam) bool { return !p.IsOutput() })
}

// InputTypes are pg_proc.proargtypes.
func (f *Function) InputTypes() []OID {
	var out []OID
	for _, p := range f.Inputs() {
		out = append(out, p.Type)
	}
	return out
}

// Defaults are the defaults of the last parameters, those that have one.
func (f *Function) Defaults() []string {
	var out []string
	for _, p := range f.Inputs() {
		if p.Default != "" {
			out = append(out, p.Default)
		}
	}
	return out
}

// HasModes says whether some parameter is not a plain input.
func (f *Function) HasModes() bool {
	return slices.ContainsFunc(f.Params, func(p FunctionParam) bool { return p.Mode != 'i' })
}

// Aggregate is the pg_aggregate side of a function. Functions are given by oid,
// 0 for none; the initial values are text, nil for NULL.
type Aggregate struct {
	Transition  OID     `json:"transition"`
	State       OID     `json:"state"`
	Final       OID     `json:"final,omitempty"`
	FinalExtra  bool    `json:"finalExtra,omitempty"`
	FinalModify byte    `json:"finalModify"`
	Combine     OID     `json:"combine,omitempty"`
	Init        *string `json:"init,omitempty"`
	SortOp      OID     `json:"sortOp,omitempty"`
	Space       int32   `json:"space,omitempty"`
	// The moving-aggregate mode, which is kept and shown but not used.
	MovingTransition  OID     `json:"movingTransition,omitempty"`
	MovingInverse     OID     `json:"movingInverse,omitempty"`
	MovingFinal       OID     `json:"movingFinal,omitempty"`
	MovingFinalExtra  bool    `json:"movingFinalExtra,omitempty"`
	MovingFinalModify byte    `json:"movingFinalModify,omitempty"`
	MovingState       OID     `json:"movingState,omitempty"`
	MovingSpace       int32   `json:"movingSpace,omitempty"`
	MovingInit        *string `json:"movingInit,omitempty"`
}

// Operator is one pg_operator entry that the database itself defines; Left is 0
// for a prefix operator.
type Operator struct {
	OID        OID    `json:"oid"`
	Schema     string `json:"schema"`
	Name       string `json:"name"`
	Left       OID    `json:"left,omitempty"`
	Right      OID    `json:"right"`
	Result     OID    `json:"result"`
	Func       OID    `json:"func"`
	Commutator OID    `json:"commutator,omitempty"`
	Negator    OID    `json:"negator,omitempty"`
	Restrict   OID    `json:"restrict,omitempty"`
	Join       OID    `json:"join,omitempty"`
	Hashes     bool   `json:"hashes,omitempty"`
	Merges     bool   `json:"merges,omitempty"`
	Comment    string `json:"comment,omitempty"`
}

// Cast is one pg_cast entry that the database itself defines.
type Cast struct {
	OID     OID  `json:"oid"`
	From    OID  `json:"from"`
	To      OID  `json:"to"`
	Func    OID  `json:"func,omitempty"` // 0: Method b (WITHOUT FUNCTION) or i (WITH INOUT)
	Context byte `json:"context"`        // pg_cast.castcontext: e, a, i
	Method  byte `json:"method"`         // pg_cast.castmethod: f, b, i
}

// Routines are the functions, operators and casts that a database defines. A
// nil *Routines has none. It is not changed once made.
type Routines struct {
	functions  []*Function
	extensions []*Extension
	byOID      map[OID]*Function
	byName     map[string][]*Function
	operators  map[string][]*Operator
	casts      map[[2]OID]*Cast
	classes    *OpClasses
}

// NewRoutines indexes them.
func NewRoutines(fs []*Function, os []*Operator, cs []*Cast) *Routines {
	r := &Routines{functions: fs, byOID: map[OID]*Function{}, byName: map[string][]*Function{},
		operators: map[string][]*Operator{}, casts: map[[2]OID]*Cast{}}
	slices.SortFunc(fs, func(a, b *Function) int { return int(int64(a.OID) - int64(b.OID)) })
	slices.SortFunc(os, func(a, b *Operator) int { return int(int64(a.OID) - int64(b.OID)) })
	for _, f := range fs {
		r.byOID[f.OID] = f
		r.byName[f.Name] = append(r.byName[f.Name], f)
	}
	for _, o := range os {
		r.operators[o.Name] = append(r.operators[o.Name], o)
	}
	for _, c := range cs {
		r.casts[[2]OID{c.From, c.To}] = c
	}
	return r
}

// With is r with the functions of more besides.
func (r *Routines) With(more *Routines) *Routines {
	if len(more.Functions()) == 0 {
		return r
	}
	return NewRoutines(slices.Concat(r.Functions(), more.Functions()), r.AllOperators(), r.Casts()).
		WithOpClasses(r.OpClasses()).WithExtensions(r.Extensions())
}

// Functions are all functions by oid.
func (r *Routines) Functions() []*Function {
	if r == nil {
		return nil
	}
	return r.functions
}

// Function returns the function with that oid, or nil.
func (r *Routines) Function(oid OID) *Function {
	if r == nil {
		return nil
	}
	return r.byOID[oid]
}

// Named are the functions of that name in any schema.
func (r *Routines) Named(name string) []*Function {
	if r == nil {
		return nil
	}
	return r.byName[name]
}

// Operators are the operators of that name in any schema.
func (r *Routines) Operators(name string) []*Operator {
	if r == nil {
		return nil
	}
	return r.operators[name]
}

// AllOperators are all operators by oid.
func (r *Routines) AllOperators() []*Operator {
	if r == nil {
		return nil
	}
	var out []*Operator
	for _, os := range r.operators {
		out = append(out, os...)
	}
	slices.SortFunc(out, func(a, b *Operator) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
}

// Operator returns the operator with that oid, or nil.
func (r *Routines) Operator(oid OID) *Operator {
	for _, o := range r.AllOperators() {
		if o.OID == oid {
			return o
		}
	}
	return nil
}

// Cast returns the cast between two types, or nil.
func (r *Routines) Cast(from, to OID) *Cast {
	if r == nil {
		return nil
	}
	return r.casts[[2]OID{from, to}]
}

// Casts are all casts by oid.
func (r *Routines) Casts() []*Cast {
	if r == nil {
		return nil
	}
	var out []*Cast
	for _, c := range r.casts {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *Cast) int { return int(int64(a.OID) - int64(b.OID)) })
	return out
}

// Signature is the key of a function: overloads differ in it, whatever their
// results.
func (f *Function) Signature() string {
	return f.Schema + "." + f.Name + "(" + joinOIDs(f.InputTypes()) + ")"
}

// Signature is the key of an operator.
func (o *Operator) Signature() string {
	return o.Schema + "." + o.Name + "(" + joinOIDs([]OID{o.Left, o.Right}) + ")"
}

// Signature is the key of a cast.
func (c *Cast) Signature() string { return joinOIDs([]OID{c.From, c.To}) }

func joinOIDs(oids []OID) string {
	parts := make([]string, len(oids))
	for i, o := range oids {
		parts[i] = strconv.FormatUint(uint64(o), 10)
	}
	return strings.Join(parts, ",")
}
