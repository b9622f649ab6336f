package bind

import (
	"cmp"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What stored text refers to is what recordDependencyOnExpr finds in a tree: the
// relations and columns that it names itself, not those of the views that it reads,
// and the functions, operators and types that are the database's own.

// ViewReferences are the objects that the query of a view uses.
func ViewReferences(env *Env, definition string) ([]catalog.Reference, error) {
	r, tracing := newReferences(env)
	if _, err := Relations(tracing, definition); err != nil {
		return nil, err
	}
	return r.list(), nil
}

// ExprReferences are the objects that a default, generation expression, CHECK, condition
// of a trigger or index expression uses.
func ExprReferences(env *Env, e catalog.KeptExpr) (out []catalog.Reference, err error) {
	defer recoverBind(&err)
	r, tracing := newReferences(env)
	b := newBinder(tracing)
	n := parseText(e.Text)
	switch {
	case e.Trigger:
		s, _ := b.triggerScope(e.Rel)
		s.condition(n, kindTriggerWhen, "WHEN")
	case e.Rel != nil:
		_, _, item := b.newScope(nil).rowOf(e.Rel, e.Rel.Name)
		b.textExpr(e.Text, item, kindCheck)
	default:
		b.textExpr(e.Text, nil, kindCheck)
	}
	if n.GetAConst() != nil {
		b.refersToType(e.As) // which the constant is of
	}
	for _, oid := range parser.RegclassOIDs(e.Text) {
		r.add(catalog.ClassRelation, oid, 0)
	}
	return r.list(), nil
}

// BodyReferences are the objects that an SQL-standard body uses; one that is text
// refers to nothing.
func BodyReferences(env *Env, f *catalog.Function) ([]catalog.Reference, error) {
	r, tracing := newReferences(env)
	if _, err := RoutineUses(tracing, f); err != nil {
		return nil, err
	}
	return r.list(), nil
}

// references collects what is referred to while a text is bound.
type references struct{ found map[catalog.Reference]bool }

// newReferences returns a copy of env that records references.
func newReferences(env *Env) (*references, *Env) {
	r := &references{found: map[catalog.Reference]bool{}}
	tracing := *env
	tracing.references = r
	return r, &tracing
}

func (r *references) add(class, oid types.OID, column int16) {
	r.found[catalog.Reference{Class: class, OID: oid, Column: column}] = true
}

// list drops whole relations of which columns are named
// (eliminate_duplicate_dependencies).
func (r *references) list() []catalog.Reference {
	for ref := range r.found {
		if ref.Column != 0 {
			delete(r.found, catalog.Reference{Class: ref.Class, OID: ref.OID})
		}
	}
	out := make([]catalog.Reference, 0, len(r.found))
	for ref := range r.found {
		out = append(out, ref)
	}
	slices.SortFunc(out, func(a, b catalog.Reference) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.OID, b.OID), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// refers notes an object that the text itself names: what stands in a view that it
// reads is the view's.
func (b *binder) refers(class, oid types.OID, column int16) {
	if r := b.env.references; r != nil && len(b.views) == 0 {
		r.add(class, oid, column)
	}
}

func (b *binder) refersToColumn(c *nsCol) {
	if c.rel != 0 && c.num > 0 {
		b.refers(catalog.ClassRelation, c.rel, c.num)
	}
}

func (b *binder) refersToFunction(f *funcs.Func) {
	if f != nil && f.OID >= types.FirstNormalOID {
		b.refers(catalog.ClassProc, f.OID, 0)
	}
}

// refersToType notes the types of the database's own.
func (b *binder) refersToType(t *types.Type) {
	if t != nil && t.OID >= types.FirstNormalOID {
		b.refers(catalog.ClassType, t.OID, 0)
	}
}
