package opclass

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Set are the operator classes and families of a database: the built-in ones and
// those that it defines.
type Set struct{ own *catalog.OpClasses }

// Of returns the classes and families of a database.
func Of(r catalog.Reader) Set {
	if r == nil {
		return Set{&catalog.OpClasses{}}
	}
	return Set{r.Routines().OpClasses()}
}

// Own are what CREATE OPERATOR CLASS and FAMILY made.
func (s Set) Own() *catalog.OpClasses { return s.own }

func ownClass(c *catalog.OpClass) *Class {
	return &Class{OID: c.OID, Method: FindMethod(c.Method), Name: c.Name, Namespace: c.Schema, Family: c.Family, In: c.In,
		Default: c.Default, Key: c.Key}
}

func ownFamily(f *catalog.OpFamily) *Family {
	return &Family{OID: f.OID, Method: FindMethod(f.Method), Name: f.Name, Namespace: f.Schema}
}

// OwnClasses are the classes that the database defines, by oid.
func (s Set) OwnClasses() []*Class {
	out := make([]*Class, len(s.own.Classes))
	for i, c := range s.own.Classes {
		out[i] = ownClass(c)
	}
	return out
}

// OwnFamilies are the families that the database defines, by oid.
func (s Set) OwnFamilies() []*Family {
	out := make([]*Family, len(s.own.Families))
	for i, f := range s.own.Families {
		out[i] = ownFamily(f)
	}
	return out
}

// ByOID finds a class, nil if there is none.
func (s Set) ByOID(oid types.OID) *Class {
	if c := s.own.Class(oid); c != nil {
		return ownClass(c)
	}
	return ByOID(oid)
}

// Family finds a family by its oid, nil if there is none.
func (s Set) Family(oid types.OID) *Family {
	if f := s.own.Family(oid); f != nil {
		return ownFamily(f)
	}
	for _, f := range Families() {
		if f.OID == oid {
			return f
		}
	}
	return nil
}

// Named finds a method's class by its name in the first of some schemas that has
// it, nil if none has.
func (s Set) Named(m *Method, path []string, name string) *Class {
	for _, schema := range path {
		if schema == pgCatalog {
			if c := Named(m, name); c != nil {
				return c
			}
		}
		for _, c := range s.own.Classes {
			if c.Schema == schema && c.Method == m.Name && c.Name == name {
				return ownClass(c)
			}
		}
	}
	return nil
}

const pgCatalog = "pg_catalog"

// FamilyNamed is Named for families.
func (s Set) FamilyNamed(m *Method, path []string, name string) *Family {
	for _, schema := range path {
		if schema == pgCatalog {
			for _, f := range Families() {
				if f.Method == m && f.Name == name {
					return f
				}
			}
		}
		for _, f := range s.own.Families {
			if f.Schema == schema && f.Method == m.Name && f.Name == name {
				return ownFamily(f)
			}
		}
	}
	return nil
}

// Default is GetDefaultOpClass: the class that a type has where none is named, nil
// if it has none.
func (s Set) Default(m *Method, t *types.Type) *Class {
	for _, in := range acceptors(t) {
		if c := s.own.Default(m.Name, in); c != nil {
			return ownClass(c)
		}
		if c := defaultFor(m, in); c != nil {
			return c
		}
	}
	return nil
}

// OwnOperators are the rows of pg_amop that the database adds, by oid.
func (s Set) OwnOperators() []*Operator {
	var out []*Operator
	for _, m := range s.own.Members {
		if m.Function {
			continue
		}
		o := &Operator{OID: m.OID, Family: m.Family, Left: m.Left, Right: m.Right, Strategy: m.Number, Operator: m.Object,
			Purpose: "s", SortFamily: m.SortFamily}
		if m.SortFamily != 0 {
			o.Purpose = "o"
		}
		if f := s.Family(m.Family); f != nil {
			o.Method = f.Method.OID
		}
		out = append(out, o)
	}
	return out
}

// OwnFunctions are the rows of pg_amproc that the database adds, by oid.
func (s Set) OwnFunctions() []*Function {
	var out []*Function
	for _, m := range s.own.Members {
		if m.Function {
			out = append(out, &Function{OID: m.OID, Family: m.Family, Left: m.Left, Right: m.Right, Number: m.Number, Proc: m.Object})
		}
	}
	return out
}

// Support is the support function of a class for its own type, 0 for none.
func (s Set) Support(c *Class, number int16) types.OID {
	if m := s.own.Member(c.Family, true, c.In, c.In, number); m != nil {
		return m.Object
	}
	return BuiltinMember(c.Family, true, c.In, c.In, number)
}
