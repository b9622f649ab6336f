package s3db

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// layout is how documents of one version are laid out: the leaves of its
// definition and the metadata names that they have.
type layout struct {
	version string
	// behavior is the version's: a row is read by the one that it was written with.
	behavior Behavior
	leaves   []*leaf // depth first, an object before what is in it
	byWire   map[string]*leaf
	byName   map[string]*leaf
	// ignored are the names on the wire of what is no column: the id, and the
	// inner names of attributes given as objects.
	ignored map[string]bool
}

// leaf is an attribute in a layout: a value, or a nested object.
type leaf struct {
	attr   *Attribute
	wire   string // the short key, or the flattened name where there is none
	codec  codec
	typ    SQLType
	object bool
	// column in Schema.Columns, -1 if today's definition has none.
	column   int
	index    int // in layout.leaves
	children []*leaf
}

// idAttribute is the name that is never a column of its own: every row has its
// id in the key.
const idAttribute = "id"

// newLayout lays out one version. It fails where two attributes would share a
// name on the wire.
func newLayout(r *Resource, version string, o *Options, era Era) (*layout, error) {
	def := r.Definition(version)
	if def == nil {
		return nil, damagedManifest("version \"%s\" of resource \"%s\" has no attributes", version, r.name)
	}
	keys, err := r.shortKeys(def, era)
	if err != nil {
		return nil, err
	}
	l := &layout{version: version, behavior: def.Behavior, byWire: map[string]*leaf{}, byName: map[string]*leaf{}, ignored: map[string]bool{}}
	b := layoutBuilder{l: l, keys: keys, o: o, era: era, timestamps: def.Timestamps}
	for _, a := range def.Attributes(era) {
		if a.Name != idAttribute {
			b.add(a)
		}
	}
	for name, key := range keys {
		if l.byName[name] == nil {
			l.ignored[key] = true
		}
	}
	return l, b.err
}

type layoutBuilder struct {
	l          *layout
	keys       map[string]string
	o          *Options
	era        Era
	timestamps bool
	err        error
}

func (b *layoutBuilder) add(a *Attribute) *leaf {
	f := &leaf{attr: a, typ: b.typeOf(a), column: -1, index: len(b.l.leaves), object: a.Children != nil || a.Form == NestedForm}
	f.wire = b.keys[a.Name]
	if f.wire == "" {
		f.wire = flatName(a.Name)
	}
	if other := b.l.byWire[f.wire]; other != nil && b.err == nil {
		b.err = pgerr.Unsupported("a resource whose attributes \"%s\" and \"%s\" have the same metadata name \"%s\"", other.attr.Name, a.Name, f.wire)
	}
	b.l.leaves = append(b.l.leaves, f)
	b.l.byWire[f.wire], b.l.byName[a.Name] = f, f
	if !f.object {
		f.codec = codecFor(a, f.typ, b.o, b.era)
	}
	for _, c := range a.Children {
		f.children = append(f.children, b.add(c))
	}
	return f
}

// Had says that some version of the resource has one of the behaviors: rows may stand
// where it puts them.
func (s *Schema) Had(behaviors ...Behavior) bool {
	for _, l := range s.layouts {
		if slices.Contains(behaviors, l.behavior) {
			return true
		}
	}
	return false
}

// typeOf is the column's SQL type: the exact one if our own catalog has one.
// Timestamps that the library sets itself are times, whatever their rule says.
func (b *layoutBuilder) typeOf(a *Attribute) SQLType {
	if t, ok := b.o.Types[a.Name]; ok {
		return t
	}
	if b.timestamps && (a.Name == "createdAt" || a.Name == "updatedAt") && a.Hook == HookNone {
		return timestamptz
	}
	return a.Type
}

// inBody says that a document with this metadata has fields in its body.
func (l *layout) inBody(md objstore.Metadata) bool {
	return l.behavior == BodyOnly || l.behavior == BodyOverflow && md["_overflow"] == "true"
}

// sameCodec says whether text stored by the leaf means the same to the other.
func (f *leaf) sameCodec(g *leaf) bool {
	return f.object == g.object && f.typ == g.typ && f.attr.Hook == g.attr.Hook && f.attr.Form == g.attr.Form &&
		f.attr.Integer == g.attr.Integer && f.attr.Scale == g.attr.Scale && f.attr.Fixed == g.attr.Fixed
}
