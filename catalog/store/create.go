package store

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// CreateSchema implements catalog.Tx.
func (t *tx) CreateSchema(_ context.Context, name string, ifNotExists bool) error {
	return t.apply(func(st *state) error {
		if st.hasSchema(name) {
			if ifNotExists {
				return nil
			}
			return pgerr.New(pgerr.DuplicateSchema, "schema \"%s\" already exists", name)
		}
		if strings.HasPrefix(name, "pg_") {
			return pgerr.New(pgerr.ReservedName, "unacceptable schema name \"%s\"", name).
				WithDetail("The prefix \"pg_\" is reserved for system schemas.")
		}
		st.own.Schemas[name] = &ownNames{OID: st.assigned().of("schema", name)}
		return nil
	})
}

// hasSchema says whether there is a schema of that name, of the server's own or the database's.
func (st *state) hasSchema(name string) bool {
	return st.own.Schemas[name] != nil || name == publicSchema && st.firstPublic() ||
		slices.ContainsFunc(st.env.VirtualSchemas, func(v *catalog.Schema) bool { return v.Name == name })
}

// DropSchema implements catalog.Tx; the schema must be empty.
func (t *tx) DropSchema(_ context.Context, name string) error {
	return t.apply(func(st *state) error {
		switch {
		case st.own.Schemas[name] != nil:
			delete(st.own.Schemas, name)
		case name == publicSchema && st.firstPublic():
			st.own.dropFirstPublic()
		default:
			return pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
		}
		return nil
	})
}

// dropFirstPublic drops the schema public that every database begins with, and who may do what
// in it.
func (w *own) dropFirstPublic() {
	w.PublicDropped = true
	delete(w.Comments, catalog.PublicOID)
	delete(w.Access[catalog.ClassSchema], catalog.PublicOID)
	w.Defaults = slices.DeleteFunc(slices.Clone(w.Defaults), func(d catalog.DefaultACL) bool { return d.Schema == catalog.PublicOID })
}

// CreateTable implements catalog.Tx.
func (t *tx) CreateTable(_ context.Context, def *catalog.TableDef) (*catalog.Relation, error) {
	now := t.store.env.Clock.Now()
	var resource string // the same one when the change is repeated: rows were written to it
	if err := t.apply(func(st *state) (err error) { resource, err = st.createTable(def, resource, now); return err }); err != nil {
		return nil, err
	}
	rel := t.Relation(def.Schema, def.Name)
	if _, err := t.Table(rel.OID); err != nil {
		return nil, err // the definition can't be opened: say why now, not at the first use
	}
	return rel, nil
}

// createTable makes a table over a resource, and returns its name; "" is for one that
// is free.
func (st *state) createTable(def *catalog.TableDef, resource string, now time.Time) (string, error) {
	if err := st.free(def.Schema, def.Name); err != nil {
		return resource, err
	}
	if resource == "" {
		if resource = st.resourceName(def.Schema, def.Name); def.Resource {
			if err := s3db.CheckResourceName(def.Name); err != nil {
				return resource, err
			}
		}
	}
	for _, col := range def.Columns {
		if err := st.usable(col.Type); err != nil {
			return resource, err
		}
	}
	c := &creation{st: st, def: def, resource: resource, oids: st.assigned(), attrs: map[string]string{}}
	if err := c.table(); err != nil {
		return resource, err
	}
	jsDef, exact, err := s3db.BuildDefinition(c.spec)
	if err != nil {
		return resource, err
	}
	if _, err := st.manifest.Create(resource, jsDef, now); err != nil {
		return resource, err
	}
	c.number(jsDef, exact)
	if err := c.indexes(); err != nil {
		return resource, err
	}
	c.own.Changed = st.own.Changes + 1
	st.own.Tables[resource] = c.own
	return resource, nil
}

// free is 42P07 if a relation of that name exists.
func (st *state) free(schema, name string) error {
	if st.find(schema, name) != "" || st.own.Views[schema+"."+name] != nil || st.own.Sequences[schema+"."+name] != nil {
		return pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists", name)
	}
	switch t := st.own.Types[schema+"."+name]; {
	case t == nil:
		return nil
	case t.Kind == 'c':
		return pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists", name)
	}
	return pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", name).
		WithHint("A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.")
}

// creation makes both sides of a new table.
type creation struct {
	st       *state
	def      *catalog.TableDef
	resource string
	oids     *oids
	own      *ownTable
	spec     s3db.TableSpec
	attrs    map[string]string // attribute by column
}

// createOptions are the options of WITH (…), checked as they are read.
var createOptions = map[string]bool{
	"behavior": true, "timestamps": true, "versioning": true, "versioning_enabled": true, "id_size": true,
	"id_generator": true, "paranoid": true, "row_stamps": true,
}

func (c *creation) table() error {
	def := c.def
	for _, name := range sortedKeys(def.Options) {
		if createOptions[name] {
			continue
		}
		if err := checkParameter(name, def.Options[name]); err != nil {
			return err
		}
	}
	c.own = &ownTable{
		OID: c.oids.of("table", c.resource), TypeOID: c.oids.of("type", c.resource), TypeArray: c.oids.of("array", c.resource), Schema: def.Schema, Name: def.Name,
		KeyName: def.PrimaryName, KeyInclude: def.PrimaryInclude, KeyOID: c.oids.of("key", c.resource), KeyConstraint: c.oids.of("constraint", c.resource),
		Made: true, ByResource: def.Resource, RowStamps: true, Options: maps.Clone(def.Options), OnCommit: def.OnCommit, Unlogged: def.Unlogged, Parents: slices.Clone(def.Parents), Partitioning: def.Partitioning.Clone(), Bound: def.Bound, OfType: def.OfType, Query: def.Query, Populated: def.Populated, Comment: def.Comment, NextNum: 1,
	}
	if c.own.KeyName == "" {
		c.own.KeyName = def.Name + "_pkey"
	}
	if err := c.options(); err != nil {
		return err
	}
	if err := c.key(); err != nil {
		return err
	}
	c.attributes()
	c.partitions()
	return nil
}

func (c *creation) options() error {
	o := c.def.Options
	behavior := s3db.BodyOverflow
	if b, ok := o["behavior"]; ok {
		var err error
		if behavior, err = s3db.ParseBehavior(b); err != nil {
			return err
		}
	}
	size, err := optionIDSize(o)
	if err != nil {
		return err
	}
	flags := map[string]bool{"row_stamps": true}
	for _, name := range []string{"timestamps", "versioning", "versioning_enabled", "paranoid", "row_stamps"} {
		if v, ok := o[name]; ok {
			b, err := optionBool(name, v)
			if err != nil {
				return err
			}
			flags[name] = b
		}
	}
	c.own.Timestamps, c.own.RowStamps = flags["timestamps"], flags["row_stamps"]
	c.spec = s3db.TableSpec{
		Behavior: behavior, Timestamps: flags["timestamps"], Versioning: flags["versioning"] || flags["versioning_enabled"],
		Paranoid: flags["paranoid"], IDSize: size, IDGenerator: s3db.GeneratorName(o["id_generator"]),
	}
	return nil
}

// optionIDSize reads the length of ids; without one, or with 0, it is s3db.js's.
func optionIDSize(options map[string]string) (int, error) {
	size, err := optionInt(options, "id_size", s3db.DefaultIDSize)
	if err != nil {
		return 0, err
	}
	return s3db.IDSize(size)
}

// optionBool reads a boolean option; an option without a value is true.
func optionBool(name, v string) (bool, error) {
	switch strings.ToLower(v) {
	case "", "true", "on", "1", "yes":
		return true, nil
	case "false", "off", "0", "no":
		return false, nil
	}
	return false, badOption(name, v)
}

// key decides what the id is: the implicit text column, or the declared key.
func (c *creation) key() error {
	def := c.def
	if len(def.PrimaryKey) == 0 {
		c.own.HiddenID = !def.Resource
		return nil
	}
	for _, name := range def.PrimaryKey {
		if err := refuseKeyRule(c.columnDef(name)); err != nil {
			return err
		}
	}
	if len(def.PrimaryKey) == 1 && def.PrimaryKey[0] == "id" && def.Resource {
		col := c.columnDef("id")
		if col.Type == 0 || col.Type == types.TextOID {
			return nil // CREATE RESOURCE (id … PRIMARY KEY) says what is so anyway
		}
	}
	c.own.Key = slices.Clone(def.PrimaryKey)
	return nil
}

func (c *creation) columnDef(name string) catalog.ColumnDef {
	for _, col := range c.def.Columns {
		if col.Name == name {
			return col
		}
	}
	return catalog.ColumnDef{}
}

func (st *state) columnSpec(col catalog.ColumnDef) s3db.ColumnSpec {
	spec := s3db.ColumnSpec{Name: col.Name, Rule: col.Rule, NotNull: col.NotNull}
	if col.Type != 0 {
		oid, typmod := st.atRest(col.Type, col.Typmod)
		spec.Type, spec.Array = s3db.SQLType{OID: oid, Typmod: typmod}, st.isArray(oid)
	}
	for _, child := range col.Children {
		spec.Children = append(spec.Children, st.columnSpec(child))
	}
	return spec
}

// attributes gives every column that is no part of the key its attribute.
func (c *creation) attributes() {
	for _, col := range c.def.Columns {
		if c.own.isKey(col.Name) {
			continue
		}
		spec := c.st.columnSpec(col)
		if !c.def.Resource {
			spec.Name = attributeName(col.Name, c.taken)
		}
		c.spec.Columns = append(c.spec.Columns, spec)
		c.attrs[col.Name] = spec.Name
	}
}

// taken says whether an attribute of that name stands already.
func (c *creation) taken(attr string) bool {
	return slices.ContainsFunc(c.spec.Columns, func(s s3db.ColumnSpec) bool { return s.Name == attr })
}

func (c *creation) partitions() {
	for _, p := range c.def.Partitions {
		c.spec.Partitions = append(c.spec.Partitions, partitionDef(p, nil, func(column string) string {
			if attr := c.attrs[column]; attr != "" {
				return attr
			}
			return column
		}))
	}
}

// partitionDef declares a partition over attributes; rules gives the rule of a
// field that names none.
func partitionDef(ix catalog.IndexDef, rules map[string]string, attr func(column string) string) s3db.PartitionDef {
	p := s3db.PartitionDef{Name: ix.Name}
	for _, f := range ix.Fields {
		rule := f.Rule
		if rule == "" {
			rule = rules[attr(f.Name)]
		}
		p.Fields = append(p.Fields, s3db.PartitionFieldDef{Name: attr(f.Name), Rule: rule})
	}
	return p
}

// number gives every column its number: those declared in their order, then
// the attributes that options added, then the leaves.
func (c *creation) number(def *s3db.Definition, exact map[string]s3db.SQLType) {
	named := slices.ContainsFunc(c.def.Columns, func(d catalog.ColumnDef) bool { return d.Name == "id" })
	if len(c.own.Key) == 0 && !c.own.HiddenID && !named {
		c.own.add(ownColumn{Name: "id"})
	}
	for _, col := range c.def.Columns {
		o := ownColumnOf(col, exact[c.attrs[col.Name]], c.own.isKey(col.Name))
		if attr := c.attrs[col.Name]; attr != col.Name {
			o.Attr = attr
		}
		c.own.add(o)
	}
	for _, a := range def.Attributes(s3db.EraModern) {
		if c.own.byAttr(a.Name) == nil {
			c.own.add(c.added(a.Name))
		}
	}
	if c.own.HiddenID {
		c.own.add(ownColumn{Name: hiddenID})
	}
	for _, a := range def.Attributes(s3db.EraModern) {
		c.own.addLeaves(a, exact)
	}
}

// added is a column that an option made. The timestamps are ISO text in s3db.js's
// definition, and timestamptz here.
func (c *creation) added(name string) ownColumn {
	if c.spec.Timestamps && (name == "createdAt" || name == "updatedAt") {
		return ownColumn{Name: name, Type: types.TimestamptzOID, Typmod: -1}
	}
	return ownColumn{Name: name}
}

// ownColumnOf keeps what the attribute can't say.
func ownColumnOf(col catalog.ColumnDef, exact s3db.SQLType, key bool) ownColumn {
	o := ownColumn{Name: col.Name, Type: exact.OID, Typmod: exact.Typmod, Dims: col.Dims, NotNull: col.NotNull || key, Default: col.Default,
		Identity: col.Identity, Generated: col.Generated, Comment: col.Comment, Collation: col.Collation, Inheritance: col.Inheritance, Tuning: col.Tuning}
	if key || col.Type != 0 && !builtIn(col.Type) {
		o.Type, o.Typmod = col.Type, col.Typmod
		if o.Type == 0 {
			o.Type, o.Typmod = types.TextOID, -1
		}
	}
	return o
}

// add appends a column with the next number.
func (t *ownTable) add(c ownColumn) {
	c.Num = t.NextNum
	t.NextNum++
	t.Columns = append(t.Columns, c)
}

func (t *ownTable) addLeaves(a *s3db.Attribute, exact map[string]s3db.SQLType) {
	for _, child := range a.Children {
		if t.byAttr(child.Name) == nil {
			e := exact[child.Name]
			t.add(ownColumn{Name: child.Name, Type: e.OID, Typmod: e.Typmod})
		}
		t.addLeaves(child, exact)
	}
}

// indexes records partitions (complete: the table is empty), unique keys,
// checks and foreign keys.
func (c *creation) indexes() error {
	c.st.own.Tables[c.resource] = c.own
	c.st.partitions(c.resource, c.own, c.oids)
	for i := range c.own.Indexes {
		c.own.Indexes[i].Complete = true
		if err := refuseSecrets(c.st.definition(c.resource), c.own, "a partition", c.own.Indexes[i].Columns); err != nil {
			return err
		}
	}
	for _, u := range c.def.Unique {
		if err := c.st.addUnique(c.own, u, c.oids, c.resource); err != nil {
			return err
		}
	}
	for _, k := range c.def.Checks {
		c.own.Checks = append(c.own.Checks, ownCheck{OID: c.oids.of("check", c.resource+"/"+k.Name), Name: k.Name, Expr: k.Expr,
			NoInherit: k.NoInherit, Inheritance: k.Inheritance})
	}
	for _, f := range c.def.Foreign {
		c.own.addForeign(f, c.oids, c.resource, func(n int16) string { return c.def.Columns[n-1].Name })
	}
	return c.triggers()
}

// triggers files those that a partition has from its parent.
func (c *creation) triggers() error {
	for _, p := range c.def.Triggers {
		p.Trigger.Columns = slices.Clone(p.Trigger.Columns)
		for i, n := range p.Trigger.Columns {
			p.Trigger.Columns[i] = c.own.column(c.def.Columns[n-1].Name).Num
		}
		if err := c.st.putTrigger(&c.own.ownTriggers, p, c.resource, c.own.Name); err != nil {
			return err
		}
	}
	return nil
}

func (st *state) addUnique(t *ownTable, u catalog.UniqueDef, o *oids, resource string) error {
	if slices.ContainsFunc(t.Indexes, func(ix ownIndex) bool { return ix.Name == u.Name }) {
		return pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists", u.Name)
	}
	if err := st.refuseUniqueSecrets(resource, t, u); err != nil {
		return err
	}
	storage := st.freeStorage(t, resource, u.Name)
	t.Indexes = append(t.Indexes, ownIndex{
		OID: o.of("unique", resource+"/"+storage), Name: u.Name, Storage: storage, Unique: true, Primary: u.Primary, Deferrable: u.Deferrable, Deferred: u.Deferred,
		Columns: slices.Clone(u.Columns), Complete: true, Constraint: o.of("constraint", resource+"/"+storage), ownShape: shapeOf(u.IndexShape),
	})
	return nil
}

// DropRelation implements catalog.Tx.
func (t *tx) DropRelation(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		if key, v := st.view(oid); v != nil {
			delete(st.own.Views, key)
			return nil
		}
		if key, s := st.sequenceOf(oid); s != nil {
			delete(st.own.Sequences, key)
			return nil
		}
		r := st.resourceOf(oid)
		if r == "" {
			return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", oid)
		}
		if err := st.changeable(r); err != nil {
			return err
		}
		st.manifest.Drop(r)
		st.retire(r)
		st.own.leave(r, st.env.Clock.Now())
		delete(st.own.Tables, r)
		return nil
	})
}

// names of a map in order, so that changes are the same when replayed.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
