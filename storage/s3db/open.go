package s3db

import (
	"strconv"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

var timestamptz = SQLType{types.TimestamptzOID, -1}

// Schema is a resource opened for reading and writing. It is immutable and safe
// for concurrent use.
type Schema struct {
	Name       string
	Behavior   Behavior
	Version    string // the current one, which writes carry
	Era        Era
	Columns    []*Column
	Partitions []*Partition
	// Timestamps: s3db.js sets createdAt and updatedAt itself, and so must who
	// writes the resource.
	Timestamps bool

	opt     Options
	current *layout
	layouts map[string]*layout // by version
	before  map[string]*layout // the version before, by version (section 9)
	burned  map[string]bool
	mapJSON string // body-only's _map
	columns map[string]int
	nested  bool // allNestedObjectsOptional is false
	// reopen opens the same resource with other options.
	reopen func(Options) (*Schema, error)
	// checkers are the compiled rules by *Attribute.
	checkers sync.Map
}

// Open compiles a resource. Errors: 42P01 if the manifest has none of that
// name, XX001 for a definition that can't be read, 0A000 for one that loses data
// by itself.
func Open(m *Manifest, name string, opt Options) (*Schema, error) {
	r := m.Resource(name)
	if r == nil {
		return nil, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	def := r.Definition(r.CurrentVersion())
	if _, err := ParseBehavior(string(def.Behavior)); err != nil {
		return nil, damagedManifest("resource \"%s\" has the unknown behavior \"%s\"", name, def.Behavior)
	}
	s := &Schema{
		Name: name, Behavior: def.Behavior, Version: r.CurrentVersion(), Era: opt.Era, Timestamps: def.Timestamps,
		opt: opt, burned: r.burnedKeys(), nested: def.NestedRequired,
		layouts: map[string]*layout{}, before: map[string]*layout{}, columns: map[string]int{},
	}
	s.reopen = func(opt Options) (*Schema, error) { return Open(m, name, opt) }
	if s.Era == EraAuto {
		s.Era = r.Era()
	}
	s.opt.packed, s.opt.seed = m.writer21(), s.Era == EraSeed
	if err := s.compile(r); err != nil {
		return nil, err
	}
	s.mapJSON = r.mapJSON(def, s.Era)
	s.Partitions = s.compilePartitions(def.Partitions)
	return s, nil
}

// WithSecrets is the schema with other passphrases. Errors as Open's.
func (s *Schema) WithSecrets(secrets *Secrets) (*Schema, error) {
	opt := s.opt
	opt.Secrets = secrets
	return s.reopen(opt)
}

// writer21 says that 21 or newer wrote the catalog, and so that its packed
// forms may be written.
func (m *Manifest) writer21() bool {
	major, err := strconv.Atoi(strings.SplitN(m.WriterVersion(), ".", 2)[0])
	return err == nil && major >= 21
}

func (s *Schema) compile(r *Resource) error {
	var last *layout
	for _, v := range r.Versions() {
		l, err := newLayout(r, v, &s.opt, s.Era)
		if err != nil && v == s.Version {
			return err
		}
		if err != nil {
			continue // an old version that can't be read: its rows are read as today's
		}
		s.layouts[v], s.before[v] = l, last
		last = l
	}
	s.current = s.layouts[s.Version]
	if s.Era == EraModern {
		for _, l := range s.layouts {
			l.adopt(s.current)
		}
	}
	s.addColumns(s.current)
	for _, l := range s.layouts {
		for _, f := range l.leaves {
			f.column = s.Column(f.attr.Name)
		}
	}
	return nil
}

// adopt adds today's attributes that an older version does not have, where
// their short keys are free: an attribute that was renamed kept its key, and the
// library may have written a row with a newer map than its _v says.
func (l *layout) adopt(current *layout) {
	for _, f := range current.leaves {
		if l.byName[f.attr.Name] != nil || l.byWire[f.wire] != nil {
			continue
		}
		g := *f
		g.index, g.children = len(l.leaves), nil
		l.leaves = append(l.leaves, &g)
		l.byName[g.attr.Name], l.byWire[g.wire] = &g, &g
		if n := len(g.attr.Path); n > 1 {
			if parent := l.byName[strings.Join(g.attr.Path[:n-1], ".")]; parent != nil {
				parent.children = append(parent.children, &g)
			}
		}
	}
}

func (s *Schema) addColumns(l *layout) {
	for _, f := range l.leaves {
		c := &Column{Path: f.attr.Path, Name: f.attr.Name, Type: f.typ, Parent: -1, Attr: f.attr}
		s.columns[c.Name] = len(s.Columns)
		s.Columns = append(s.Columns, c)
	}
	for _, f := range l.leaves {
		for _, child := range f.children {
			s.Columns[child.index].Parent = f.index
			s.Columns[f.index].Children = append(s.Columns[f.index].Children, child.index)
		}
	}
}

// Column returns the index of the column with that dotted name, or -1.
func (s *Schema) Column(name string) int {
	if i, ok := s.columns[name]; ok {
		return i
	}
	return -1
}

// layoutOf picks the map for a document (section 9): its own version's, but
// in 6.2, where the object has attributes under their own names, the one before,
// which was still in force in the process that changed the definition.
func (s *Schema) layoutOf(md objstore.Metadata) *layout {
	v := md["_v"]
	l := s.layouts[v]
	if l == nil {
		return s.current
	}
	if s.Era == EraSeed && s.before[v] != nil && l.hasOwnNames(md) {
		return s.before[v].with(l)
	}
	return l
}

// hasOwnNames says that the object has attributes of the version under their
// own names although they have short keys.
func (l *layout) hasOwnNames(md objstore.Metadata) bool {
	for _, f := range l.leaves {
		own := flatName(f.attr.Name)
		if own == f.wire || l.byWire[own] != nil {
			continue
		}
		if _, ok := md[own]; ok {
			return true
		}
	}
	return false
}

// with is the layout that a process had which changed the definition: the old
// map, and new attributes under their own names.
func (l *layout) with(next *layout) *layout {
	m := &layout{version: next.version, behavior: next.behavior, byWire: map[string]*leaf{}, byName: map[string]*leaf{}, ignored: l.ignored}
	for _, f := range next.leaves {
		g := *f
		g.wire = flatName(f.attr.Name)
		if old := l.byName[f.attr.Name]; old != nil {
			g.wire = old.wire
		}
		m.leaves = append(m.leaves, &g)
		m.byWire[g.wire], m.byName[g.attr.Name] = &g, &g
	}
	for i, f := range next.leaves {
		m.leaves[i].children = nil
		for _, c := range f.children {
			m.leaves[i].children = append(m.leaves[i].children, m.leaves[c.index])
		}
	}
	return m
}
