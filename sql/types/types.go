package types

import (
	"fmt"
	"sort"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// OID is PostgreSQL's object identifier.
type OID = uint32

// FirstNormalOID is where the oids of objects that users make begin
// (FirstNormalObjectId).
const FirstNormalOID OID = 16384

// Category is pg_type.typcategory: it drives overload resolution
// (PostgreSQL documentation, "Type Conversion").
type Category byte

// Categories, as in pg_type's documentation (table 53.65).
const (
	Array_      Category = 'A'
	Boolean     Category = 'B'
	Composite   Category = 'C'
	DateTime    Category = 'D'
	Enum        Category = 'E'
	Geometric   Category = 'G'
	NetworkAddr Category = 'I'
	NumericCat  Category = 'N'
	Pseudo      Category = 'P'
	RangeCat    Category = 'R'
	String      Category = 'S'
	Timespan    Category = 'T'
	UserDefined Category = 'U'
	BitString   Category = 'V'
	Unknown_    Category = 'X'
	Internal    Category = 'Z'
)

// Rep is the Go representation of a type's values, which picks the vector that
// holds them. A Go type without a Rep of its own is boxed.
type Rep uint8

// The representations.
const (
	RepAny Rep = iota // boxed in an any
	RepBool
	RepInt16
	RepInt32
	RepInt64
	RepUint32
	RepFloat32
	RepFloat64
	RepString
	RepBytes
	RepNumeric
	RepInterval
	RepUUID
	RepJSON
	RepArray
	RepRecord
)

// Type is one entry of the registry. Everything but the functions is what
// pg_type shows. Types are made by Register and never change afterwards, but
// for those that a database defines (enums, domains, composites).
type Type struct {
	OID       OID
	Name      string // pg_type.typname
	Namespace string // pg_catalog for built-in types
	Array     OID    // its array type, 0 if it has none
	Elem      OID    // the element type of an array (or of name, point, …, which can be subscripted)
	Len       int16  // typlen: bytes, -1 variable, -2 cstring
	ByVal     bool
	Align     byte // c s i d
	Storage   byte // p e m x
	Category  Category
	Preferred bool
	Kind      byte // typtype: b base, c composite, d domain, e enum, m multirange, p pseudo, r range
	Delim     byte
	Base      OID // domain's base type
	Relation  OID // composite's relation
	Collation OID // typcollation: 100 for the collatable types, 950 for name
	// Collator orders the values where that is not done by bytes; see
	// Collation.Of.
	Collator *Collation
	Rep      Rep
	Doc      string // one line, for obj_description
	// IOPrefix begins the names of its input and output functions where they are not
	// its own name and an underscore.
	IOPrefix string
	// Shell: it is only declared (typisdefined is false).
	Shell bool
	// Unordered: Compare says which values are equal, not more; the type has a hash
	// operator class and no btree one.
	Unordered bool
	// Unhashable: it has a btree operator class and no hash one, though Hash is there for
	// the server's own use.
	Unhashable bool
	// Labels of an enum in their order, the Domain of a domain, the Columns of a
	// composite type, the RangeDef of a range and its multirange, the BaseDef of a
	// base type that is not built in.
	Labels  []EnumLabel
	Domain  *Domain
	Columns []Column
	Range   *RangeDef
	BaseDef *BaseDef

	// In parses the text form. typmod is -1 where there is none. Errors are
	// *pgerr.Error (22P02, 22007, 22003 …) in PostgreSQL's words.
	In func(env *Env, s string, typmod int32) (any, error)
	// Out appends the text form of a value that is not NULL.
	Out func(env *Env, dst []byte, v any) []byte
	// Recv parses the binary form; 22P03 for what is not one.
	Recv func(env *Env, b []byte, typmod int32) (any, error)
	// Send appends the binary form.
	Send func(env *Env, dst []byte, v any) []byte
	// Compare orders two values as the default btree operator class does; nil
	// where the type has none (json, point).
	Compare func(a, b any) int
	// Hash agrees with Compare: equal values hash alike.
	Hash func(v any) uint64
	// Fixed are the elements of a value that is an array of a fixed length (name,
	// point: raw_array_subscript_handler); nil where the type is no such array.
	Fixed *FixedArray
	// TypmodIn turns the modifiers of numeric(10,2) into a typmod; nil where the
	// type takes none.
	TypmodIn func(mods []int32) (int32, error)
	// TypmodOut renders a typmod as "(10,2)".
	TypmodOut func(typmod int32) string

	impl any   // *Impl[T]
	elem *Type // the element type of a derived array type
	// values is the type whose values a form at rest reads (at_rest.go).
	values *Type
	// uncollated is the type as it is without a collation of its own.
	uncollated *Type
}

// Impl is the typed side of a Type, for code that is generic over T and must
// not box: kernels, sorting, hashing.
type Impl[T any] struct {
	In      func(env *Env, s string, typmod int32) (T, error)
	Out     func(env *Env, dst []byte, v T) []byte
	Recv    func(env *Env, b []byte, typmod int32) (T, error)
	Send    func(env *Env, dst []byte, v T) []byte
	Compare func(a, b T) int
	Hash    func(v T) uint64
}

// ImplOf returns t's typed functions, or nil if its values are not T.
func ImplOf[T any](t *Type) *Impl[T] {
	i, _ := t.impl.(*Impl[T])
	return i
}

// Def declares a type whose values are of Go type T. Array, Collation, Delim,
// Namespace and Kind may be left zero for the usual: no array type, 0, ',',
// pg_catalog, 'b'.
type Def[T any] struct {
	Type // the plain fields; its function fields and Rep are derived from below
	Impl[T]
	TypmodIn  func(mods []int32) (int32, error)
	TypmodOut func(typmod int32) string
}

// Register adds a type, and its array type if Array is set. It panics on a
// duplicate: registration happens in variable initialisers, and Freeze's test
// runs it.
func Register[T any](d Def[T]) *Type {
	t := NewType(d)
	builtin.add(t)
	if t.Array != 0 {
		builtin.add(newArrayType(t))
	}
	return t
}

// NewType makes a Type from a Def without registering it (enums, domains and
// composites of one database).
func NewType[T any](d Def[T]) *Type {
	t := d.Type
	setDefaults(&t)
	impl := d.Impl
	t.impl = &impl
	t.Rep = repOf[T]()
	t.TypmodIn, t.TypmodOut = d.TypmodIn, d.TypmodOut
	if impl.In != nil {
		t.In = func(env *Env, s string, m int32) (any, error) { return box(impl.In(env, s, m)) }
	}
	if impl.Out != nil {
		t.Out = func(env *Env, dst []byte, v any) []byte { return impl.Out(env, dst, v.(T)) }
	}
	if impl.Recv != nil {
		t.Recv = func(env *Env, b []byte, m int32) (any, error) { return box(impl.Recv(env, b, m)) }
	}
	if impl.Send != nil {
		t.Send = func(env *Env, dst []byte, v any) []byte { return impl.Send(env, dst, v.(T)) }
	}
	if impl.Compare != nil {
		t.Compare = func(a, b any) int { return impl.Compare(a.(T), b.(T)) }
	}
	if impl.Hash != nil {
		t.Hash = func(v any) uint64 { return impl.Hash(v.(T)) }
	}
	return &t
}

func box[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func setDefaults(t *Type) {
	if t.Namespace == "" {
		t.Namespace = "pg_catalog"
	}
	if t.Kind == 0 {
		t.Kind = 'b'
	}
	if t.Delim == 0 {
		t.Delim = ','
	}
	if t.Align == 0 {
		t.Align = 'i'
	}
	if t.Storage == 0 {
		t.Storage = 'p'
		if t.Len == -1 {
			t.Storage = 'x'
		}
	}
}

func repOf[T any]() Rep {
	switch any(*new(T)).(type) {
	case bool:
		return RepBool
	case int16:
		return RepInt16
	case int32:
		return RepInt32
	case int64:
		return RepInt64
	case uint32:
		return RepUint32
	case float32:
		return RepFloat32
	case float64:
		return RepFloat64
	case string:
		return RepString
	case []byte:
		return RepBytes
	case Numeric:
		return RepNumeric
	case Interval:
		return RepInterval
	case UUID:
		return RepUUID
	case *JSON:
		return RepJSON
	case *Array:
		return RepArray
	case *Record:
		return RepRecord
	}
	return RepAny
}

// ElemType is the element type of a true array type, nil for any other.
func (t *Type) ElemType() *Type { return t.elem }

// IsArray says whether t is a true array type (T[]), not merely subscriptable.
func (t *Type) IsArray() bool { return t.Rep == RepArray && t.Elem != 0 }

// Registry finds types. The built-in one holds what PostgreSQL ships; a
// database adds its own (enums, domains, composites) on top.
type Registry struct {
	mu     sync.RWMutex
	base   *Registry
	source Source
	byOID  map[OID]*Type
	byName map[string]*Type // namespace.name
}

var builtin = NewRegistry(nil)

// Builtin is the registry of the types that the server ships.
func Builtin() *Registry { return builtin }

// NewRegistry makes a registry over base, which may be nil.
func NewRegistry(base *Registry) *Registry {
	return &Registry{base: base, byOID: map[OID]*Type{}, byName: map[string]*Type{}}
}

func (r *Registry) add(t *Type) {
	if err := r.Add(t); err != nil {
		panic(err)
	}
}

// Source makes the types of a database when they are first asked for. It
// remembers them: the same oid is always the same *Type.
type Source interface {
	TypeByOID(oid OID) *Type
	TypeByName(namespace, name string) *Type
	// OwnTypes lists the types that were created, with their array types; the row
	// types of tables and views are found by oid and name only.
	OwnTypes() []*Type
}

// NewRegistryOf makes a registry of the built-in types and those of a source.
func NewRegistryOf(src Source) *Registry {
	return &Registry{base: builtin, source: src, byOID: map[OID]*Type{}, byName: map[string]*Type{}}
}

// Add registers t; 42710 if its oid or name is taken.
func (r *Registry) Add(t *Type) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := t.Namespace + "." + t.Name
	if r.byOID[t.OID] != nil || r.byName[key] != nil {
		return pgerr.New(pgerr.DuplicateObject, "type %q already exists", t.Name).
			WithDetail("oid %d", t.OID)
	}
	r.byOID[t.OID], r.byName[key] = t, t
	return nil
}

// ByOID returns the type, or nil.
func (r *Registry) ByOID(oid OID) *Type {
	r.mu.RLock()
	t := r.byOID[oid]
	r.mu.RUnlock()
	if t == nil && r.base != nil {
		t = r.base.ByOID(oid)
	}
	if t == nil && r.source != nil {
		t = r.source.TypeByOID(oid)
	}
	return t
}

// ByName returns the type of that namespace and internal name ("int4", "_text"),
// or nil. SQL spellings ("integer", "text[]") are the parser's business.
func (r *Registry) ByName(namespace, name string) *Type {
	r.mu.RLock()
	t := r.byName[namespace+"."+name]
	r.mu.RUnlock()
	if t == nil && r.base != nil {
		t = r.base.ByName(namespace, name)
	}
	if t == nil && r.source != nil {
		t = r.source.TypeByName(namespace, name)
	}
	return t
}

// All returns every type by oid, but for the row types of a database's relations.
func (r *Registry) All() []*Type {
	var ts []*Type
	if r.base != nil {
		ts = r.base.All()
	}
	if r.source != nil {
		ts = append(ts, r.source.OwnTypes()...)
	}
	r.mu.RLock()
	for _, t := range r.byOID {
		ts = append(ts, t)
	}
	r.mu.RUnlock()
	sort.Slice(ts, func(i, j int) bool { return ts[i].OID < ts[j].OID })
	return ts
}

// ByOID returns the built-in type, and panics if there is none: for oids that
// the program itself names.
func ByOID(oid OID) *Type {
	t := builtin.ByOID(oid)
	if t == nil {
		panic(fmt.Sprintf("types: no type with oid %d", oid))
	}
	return t
}

// ArrayOf returns the built-in array type of t, or nil.
func ArrayOf(t *Type) *Type { return builtin.ByOID(t.Array) }
