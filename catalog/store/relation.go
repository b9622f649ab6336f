package store

import (
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// leafNums is where the numbers of nested leaves begin that are not stored:
// above any visible column's, so that a new top-level attribute does not move
// them.
const leafNums = 1000

// built is a resource made usable: its descriptor, and what opens its rows.
type built struct {
	rel *catalog.Relation
	def *rows.Definition
}

// builder makes the descriptor of one resource.
type builder struct {
	env    *Env
	reader catalog.Reader // that the relation belongs to
	types  *types.Registry
	atRest *types.Registry
	t      *ownTable
	schema *s3db.Schema
	jsDef  *s3db.Definition
	rel    *catalog.Relation
	rows   *rows.Definition
	used   map[int16]bool
}

// build opens a resource. The manifest's errors (an unknown type, a damaged
// definition) stay with the resource: they are raised when it is used.
func (s *snapshot) build(resource string, t *ownTable) (*built, error) {
	st, env := s.state, s.env
	opt := s3db.Options{
		Types: st.exactTypes(t), Registry: s.atRest, Secrets: env.Secrets, EscapeKeys: t.Made, RowStamps: t.RowStamps,
		Capabilities: env.Objects.Capabilities(), Rand: env.Rand, Era: env.Era,
	}
	schema, err := s3db.Open(st.manifest, resource, opt)
	if err != nil {
		return nil, err
	}
	r := st.manifest.Resource(resource)
	b := &builder{env: env, reader: s, types: s.types, atRest: s.atRest, t: t, schema: schema, jsDef: st.definition(resource), used: map[int16]bool{}}
	b.relation(r)
	if err := b.checkTypes(); err != nil {
		return nil, err
	}
	b.columns()
	if err := b.key(); err != nil {
		return nil, err
	}
	b.partitions()
	b.unique()
	b.constraints()
	st.own.commentConstraints(b.rel)
	t.showTriggers(b.rel)
	b.rel.Rules = t.Rules
	t.ownPolicies.show(b.rel)
	b.rel.ClusteredOn, b.rel.ReplicaIdentity, b.rel.ReplicaIndex = t.Clustered, t.ReplicaIdentity, t.ReplicaIndex
	return &built{rel: b.rel, def: b.rows}, nil
}

func (b *builder) relation(r *s3db.Resource) {
	t := b.t
	namespace := catalog.PublicOID
	b.rel = &catalog.Relation{
		OID: t.OID, Namespace: namespace, Schema: t.Schema, Name: t.Name, Kind: t.kind(),
		Type: t.TypeOID, TypeArray: t.TypeArray, OnCommit: t.OnCommit, Unlogged: t.Unlogged, Parents: t.Parents, Partitioning: t.Partitioning, Bound: t.Bound, OfType: t.OfType, Definition: t.Query, Populated: t.Populated, Comment: t.Comment, Version: t.Changed,
		Resource: &catalog.Resource{
			Name: r.Name(), Behavior: string(b.schema.Behavior), CurrentVersion: r.CurrentVersion(),
			Timestamps: b.schema.Timestamps || t.Timestamps, RowStamps: t.RowStamps, IDSize: b.jsDef.IDSize,
			IDGenerator: b.jsDef.IDGenerator, ReadOnly: r.Plugin(), Options: t.Options, EstimatedRows: -1,
			Events: t.events(),
		},
	}
	b.rows = &rows.Definition{
		OID: t.OID, Name: t.Name, Schema: b.schema, KeyName: t.KeyName, Stamps: t.RowStamps,
		ReadOnly: r.Plugin(), Rows: -1, CreatedAt: -1, UpdatedAt: -1,
	}
	if b.rel.Resource.Timestamps {
		b.rows.CreatedAt, b.rows.UpdatedAt = b.schema.Column("createdAt"), b.schema.Column("updatedAt")
	}
}

// columns adds the key's columns, then the top-level attributes, the hidden
// leaves, and the system columns.
func (b *builder) columns() {
	for _, c := range b.t.Columns {
		b.used[c.Num] = true
	}
	if len(b.t.Key) == 0 {
		b.implicitID()
	} else {
		for _, name := range b.t.Key {
			b.keyColumn(name)
		}
	}
	var leaves []int
	for i, c := range b.schema.Columns {
		if b.t.byAttr(c.Name) == nil && (b.t.isKey(c.Name) || c.Name == "id") {
			continue // s3db.js shows the id under its own name whatever is declared
		}
		if c.Parent >= 0 {
			leaves = append(leaves, i)
			continue
		}
		b.attribute(i, false)
	}
	for _, i := range leaves {
		b.attribute(i, true)
	}
	slices.SortStableFunc(b.rel.Columns, func(x, y *catalog.Column) int {
		if x.Hidden != y.Hidden {
			return order(!x.Hidden)
		}
		return int(x.Num) - int(y.Num)
	})
	b.rel.Columns = append(b.rel.Columns, systemColumns...)
}

func order(first bool) int {
	if first {
		return -1
	}
	return 1
}

func (b *builder) implicitID() {
	text := collated(b.types, types.ByOID(types.TextOID), 0)
	name := b.t.idName()
	num := b.num(name, 1)
	c := &catalog.Column{Num: num, Name: name, Type: text, Typmod: -1, NotNull: true, Hidden: b.t.HiddenID,
		Collation: catalog.CollationDefault}
	if o := b.t.column(name); o != nil {
		c.Default, c.Comment = o.Default, o.Comment
	}
	b.rel.Columns = append(b.rel.Columns, c)
	b.rows.Columns = append(b.rows.Columns, rows.Column{Num: num, Attr: -1, Key: 0, Type: text, Typmod: -1, Name: name})
	b.rows.Key = []rows.KeyColumn{{Num: num, Name: name, Type: text, Typmod: -1}}
}

// hiddenID is the name of an implicit id that SELECT * does not show.
const hiddenID = "_id"

// idName is the name of the implicit id.
func (t *ownTable) idName() string {
	if t.HiddenID {
		return hiddenID
	}
	return "id"
}

// num is a column's stored number, or the next free one from start on.
func (b *builder) num(name string, start int16) int16 {
	if c := b.t.column(name); c != nil {
		return c.Num
	}
	for b.used[start] {
		start++
	}
	b.used[start] = true
	return start
}

func (b *builder) keyColumn(name string) {
	o := b.t.column(name)
	t := collated(b.types, b.types.ByOID(o.Type), o.Collation)
	base, mod := t.BaseType(o.Typmod) // the form in which the key has it
	c := &catalog.Column{
		Num: o.Num, Name: name, Type: t, Typmod: o.Typmod, NotNull: true,
		Default: o.Default, Identity: o.Identity, Comment: o.Comment, Collation: t.Collation, Inheritance: o.Inheritance, Tuning: o.Tuning,
	}
	if o.Generated != "" {
		c.Generated, c.Default = 's', o.Generated
	}
	k := len(b.rows.Key)
	b.rel.Columns = append(b.rel.Columns, c)
	b.rows.Columns = append(b.rows.Columns, rows.Column{Num: o.Num, Attr: -1, Key: k, Type: t, Typmod: o.Typmod, Name: name})
	b.rows.Key = append(b.rows.Key, rows.KeyColumn{Num: o.Num, Name: name, Type: b.atRest.ByOID(base.OID), Typmod: mod})
}

// checkTypes is 42704 for a column whose type is gone.
func (b *builder) checkTypes() error {
	for _, c := range b.t.Columns {
		if c.Type != 0 && b.types.ByOID(c.Type) == nil {
			return undefinedType(c.Type)
		}
	}
	return nil
}

func (b *builder) attribute(i int, hidden bool) {
	sc := b.schema.Columns[i]
	start := int16(1)
	if hidden {
		start = leafNums
	}
	t, typmod := b.types.ByOID(sc.Type.OID), sc.Type.Typmod
	if o := b.t.byAttr(sc.Name); o != nil && o.Type != 0 {
		t, typmod = b.types.ByOID(o.Type), o.Typmod
	}
	if t == nil {
		t = types.ByOID(types.TextOID)
	}
	if o := b.t.byAttr(sc.Name); o != nil {
		t = collated(b.types, t, o.Collation)
	} else {
		t = collated(b.types, t, 0)
	}
	c := &catalog.Column{
		Num: b.num(b.t.columnName(sc.Name), start), Name: b.t.columnName(sc.Name), Type: t, Typmod: typmod, Hidden: hidden,
		Rule: sc.Attr.Declared(), Secret: sc.Secret() || sc.Attr.Password(), HoldsSecret: sc.Children != nil && b.hasSecret(i), Collation: t.Collation,
		NotNull: sc.Attr.Required && !hidden && b.t.Made,
	}
	if hidden {
		c.Path = sc.Path
	}
	if o := b.t.byAttr(sc.Name); o != nil {
		c.NotNull = c.NotNull || o.NotNull
		c.Default, c.Identity, c.Comment, c.Inheritance, c.Dims, c.Tuning = o.Default, o.Identity, o.Comment, o.Inheritance, o.Dims, o.Tuning
		if o.Generated != "" {
			c.Generated, c.Default = 's', o.Generated
		}
	}
	b.rel.Columns = append(b.rel.Columns, c)
	b.rows.Columns = append(b.rows.Columns, rows.Column{
		Num: c.Num, Attr: i, Key: -1, Type: t, Typmod: c.Typmod, Name: c.Name,
	})
}

// hasSecret says that a column is, or is around, a secret or a password.
func (b *builder) hasSecret(i int) bool {
	c := b.schema.Columns[i]
	return c.Secret() || c.Attr.Password() || slices.ContainsFunc(c.Children, b.hasSecret)
}

// key adds the primary index and the id generator.
func (b *builder) key() error {
	ix := &catalog.Index{OID: b.t.KeyOID, Name: b.t.KeyName, Kind: catalog.PrimaryIndex, Method: "btree", Unique: true, Primary: true, Complete: true}
	for _, k := range b.rows.Key {
		// EncodeKey keeps the order of plain text only.
		ordered := len(b.rows.Key) == 1 && k.Type.OID == types.TextOID
		ix.Columns = append(ix.Columns, catalog.IndexColumn{Num: k.Num, Name: k.Name, Lossless: true, Ordered: ordered})
		ix.Declared = append(ix.Declared, k.Num)
	}
	ix.Keys, ix.Include = catalog.PlainKeys(b.rel, ix.Declared...), b.numbers(b.t.KeyInclude)
	b.rel.Indexes = append(b.rel.Indexes, ix)
	b.rel.Constraints = append(b.rel.Constraints, &catalog.Constraint{
		OID: b.t.KeyConstraint, Name: b.t.KeyName, Kind: catalog.PrimaryConstraint, Columns: ix.Declared, Index: ix.OID,
	})
	if len(b.t.Key) > 0 {
		return nil
	}
	name := b.t.Options["id_generator"]
	if name == "" && b.t.HiddenID {
		// Nobody names the ids of a table without a key, and its rows are expected in
		// the order in which they came.
		b.rows.NewID = b.env.ordered
		return nil
	}
	if name == "" {
		name = generatorOf(b.jsDef.IDGenerator)
	}
	inc, counts, err := s3db.ParseIncremental(name)
	if counts {
		b.rows.Incremental, b.rel.Resource.CountsIDs = inc, true
		return err
	}
	b.rows.NewID, err = s3db.NewIDGenerator(name, b.jsDef.IDSize, b.env.Rand, b.env.Clock)
	return err
}

// generatorOf maps s3db.js's own names. All but incremental are nanoid to it, with
// functions that we can't know.
func generatorOf(js string) string {
	if js == s3db.IncrementalIDs {
		return js
	}
	return ""
}

func (b *builder) partitions() {
	for _, p := range b.schema.Partitions {
		o := b.t.index(p.Name)
		if o == nil {
			continue
		}
		ix := b.indexOf(o)
		ix.Kind = catalog.PartitionIndex
		for _, f := range p.Fields {
			ix.Columns = append(ix.Columns, catalog.IndexColumn{
				Num: b.numOf(f), Name: f.Name, Rule: f.Rule, Lossless: f.Lossless, Ordered: f.Ordered, Opaque: !f.Usable,
			})
		}
		b.rel.Indexes = append(b.rel.Indexes, ix)
		b.rows.Indexes = append(b.rows.Indexes, rows.Index{Name: p.Name, Partition: p, Covering: o.Covering})
	}
}

// numOf is the column of a partition's field.
func (b *builder) numOf(f *s3db.PartitionField) int16 {
	if f.Column < 0 {
		return catalog.ColVersion
	}
	if c := b.rel.ColumnByName(b.t.columnName(b.schema.Columns[f.Column].Name)); c != nil {
		return c.Num
	}
	return 0
}

func (b *builder) unique() {
	for i := range b.t.Indexes {
		o := &b.t.Indexes[i]
		switch {
		case o.Declared:
			ix := b.indexOf(o)
			ix.Kind = catalog.DeclaredIndex
			b.rel.Indexes = append(b.rel.Indexes, ix)
		case o.Unique:
			b.uniqueIndex(o)
		}
	}
}

func (b *builder) uniqueIndex(o *ownIndex) {
	ix := b.indexOf(o)
	ix.Kind = catalog.UniqueIndex
	for _, num := range ix.Declared {
		ix.Columns = append(ix.Columns, catalog.IndexColumn{Num: num, Name: b.rel.Column(num).Name})
	}
	b.rel.Indexes = append(b.rel.Indexes, ix)
	b.rows.Indexes = append(b.rows.Indexes, b.uniqueRows(o, ix))
	if o.Constraint != 0 {
		b.rel.Constraints = append(b.rel.Constraints, &catalog.Constraint{
			OID: o.Constraint, Name: o.Name, Kind: o.constraintKind(), Columns: ix.Declared, Index: o.OID,
			Deferrable: o.Deferrable, Deferred: o.Deferred,
		})
	}
}

func (b *builder) constraints() {
	for _, c := range b.t.Checks {
		b.rel.Constraints = append(b.rel.Constraints, &catalog.Constraint{OID: c.OID, Name: c.Name, Kind: catalog.CheckConstraint, Expr: c.Expr,
			NotValid: c.NotValid, NoInherit: c.NoInherit, Inheritance: c.Inheritance})
	}
	for _, f := range b.t.Foreign {
		fk := &catalog.Constraint{OID: f.OID, Name: f.Name, Kind: catalog.ForeignConstraint,
			RefRelation: f.Ref, RefColumns: f.RefColumns, OnUpdate: f.OnUpdate, OnDelete: f.OnDelete,
			MatchFull: f.MatchFull, Deferrable: f.Deferrable, Deferred: f.Deferred, NotValid: f.NotValid}
		fk.Columns, fk.DeleteColumns = b.numbers(f.Columns), b.numbers(f.DeleteColumns)
		b.rel.Constraints = append(b.rel.Constraints, fk)
	}
}

// numbers are the numbers of columns.
func (b *builder) numbers(names []string) []int16 {
	var out []int16
	for _, name := range names {
		if c := b.rel.ColumnByName(name); c != nil {
			out = append(out, c.Num)
		}
	}
	return out
}

// collated is t with the collation of a column; 0 is the type's own, which may be
// the database's default.
func collated(reg *types.Registry, t *types.Type, oid types.OID) *types.Type {
	if oid == 0 {
		if t.Collation != types.DefaultCollationOID || reg.DefaultIsC() {
			return t
		}
		oid = t.Collation
	}
	if c := reg.CollationByOID(oid); c != nil && t.Collatable() {
		return c.Of(t)
	}
	return t // dropped by a writer that did not know the column
}

func systemColumn(num int16, name string, oid types.OID) *catalog.Column {
	t := types.ByOID(oid)
	return &catalog.Column{Num: num, Name: name, Type: t, Typmod: -1, Hidden: true, Collation: t.Collation}
}

// systemColumns of every resource (sql-surface.md, "Hidden columns").
var systemColumns = []*catalog.Column{
	systemColumn(catalog.ColVersion, "_v", types.Int4OID),
	systemColumn(catalog.ColETag, "_etag", types.TextOID),
	systemColumn(catalog.ColLastModified, "_last_modified", types.TimestamptzOID),
	systemColumn(catalog.ColContentLength, "_content_length", types.Int8OID),
	systemColumn(catalog.ColHasContent, "_has_content", types.BoolOID),
	systemColumn(catalog.ColContent, "_content", types.ByteaOID),
	systemColumn(catalog.ColContentType, "_content_type", types.TextOID),
	systemColumn(catalog.ColTableOID, "tableoid", types.OidOID),
}

// viewRelation is the descriptor of a view.
func (s *snapshot) viewRelation(v *ownView) *catalog.Relation {
	rel := &catalog.Relation{OID: v.OID, Namespace: s.namespace(v.Schema), Schema: v.Schema, Name: v.Name, Kind: catalog.View,
		Type: v.TypeOID, TypeArray: v.TypeArray, Definition: v.Definition, Options: v.Options, Comment: v.Comment, Version: v.Changed,
		Temporary: s.env.Temporary != ""}
	for _, c := range v.Columns {
		t := s.types.ByOID(c.Type)
		if t == nil { // dropped by a writer that did not know the view
			t = types.ByOID(types.TextOID)
		}
		t = collated(s.types, t, c.Collation)
		rel.Columns = append(rel.Columns, &catalog.Column{Num: c.Num, Name: c.Name, Type: t, Typmod: c.Typmod, Collation: t.Collation,
			Default: c.Default, Comment: c.Comment})
	}
	v.showTriggers(rel)
	rel.Rules = v.Rules
	return rel
}

// optionInt reads an integer option: 22023 if it is none.
func optionInt(options map[string]string, name string, fallback int) (int, error) {
	v, ok := options[name]
	if !ok {
		return fallback, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, badOption(name, v)
	}
	return n, nil
}

func badOption(name, value string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for option \"%s\": \"%s\"", name, value)
}
