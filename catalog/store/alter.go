package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// AlterTable implements catalog.Tx.
func (t *tx) AlterTable(_ context.Context, oid types.OID, actions []catalog.AlterAction) (*catalog.Relation, error) {
	now := t.store.env.Clock.Now()
	err := t.apply(func(st *state) error {
		for _, a := range actions {
			if err := st.alter(oid, a, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	rel := t.RelationByOID(oid)
	if rel.Stored() {
		if _, err := t.Table(oid); err != nil {
			return nil, err
		}
	}
	return rel, nil
}

// alteration is one resource being altered.
type alteration struct {
	st       *state
	resource string
	own      *ownTable
	def      *s3db.Definition // a copy; put back by save
	now      time.Time
}

func (st *state) alter(oid types.OID, action catalog.AlterAction, now time.Time) error {
	if to, ok := action.(catalog.ChangeOwner); ok {
		st.changeOwner(catalog.Object{Class: catalog.ClassRelation, OID: oid}, to.Owner)
		return nil
	}
	if key, s := st.sequenceOf(oid); s != nil {
		return st.alterSequence(key, action)
	}
	if key, v := st.view(oid); v != nil {
		return st.alterView(key, v, action)
	}
	r := st.resourceOf(oid)
	if r == "" {
		return pgerr.New(pgerr.UndefinedTable, "relation with OID %d does not exist", oid)
	}
	if err := st.changeable(r); err != nil {
		return err
	}
	a := &alteration{st: st, resource: r, own: st.adopt(r), def: st.definition(r).Clone(), now: now}
	return a.apply(action)
}

// changeable is 42809 for a resource that a plugin of s3db.js keeps.
func (st *state) changeable(resource string) error {
	if !st.manifest.Resource(resource).Plugin() {
		return nil
	}
	return pgerr.New(pgerr.WrongObjectType, "resource \"%s\" belongs to a plugin of s3db.js and can't be changed here", resource)
}

func (a *alteration) apply(action catalog.AlterAction) error {
	switch c := action.(type) {
	case catalog.AddColumn:
		return a.addColumn(c)
	case catalog.DropColumn:
		return a.dropColumn(c)
	case catalog.RenameColumn:
		return a.renameColumn(c)
	case catalog.Reword:
		a.rewordAll(c.Texts)
		return nil
	case catalog.RenameTable:
		return a.renameTable(c.To)
	case catalog.SetSchema:
		if err := a.st.free(c.Schema, a.own.Name); err != nil {
			return err
		}
		a.own.Schema = c.Schema
		return nil
	case catalog.AlterType:
		return a.alterType(c)
	case catalog.SetDefault:
		return a.withColumn(c.Name, func(o *ownColumn) { o.Default = c.Default })
	case catalog.SetNotNull:
		return a.withColumn(c.Name, func(o *ownColumn) {
			if o.NotNull = c.NotNull; !c.NotNull && a.def.MakeOptional(splitPath(o.attr())) {
				a.save()
			}
		})
	case catalog.SetInheritance:
		return a.setInheritance(c)
	case catalog.SetParents:
		a.own.Parents = slices.Clone(c.Parents)
		return nil
	case catalog.SetOfType:
		a.own.OfType = c.Type
		return nil
	case catalog.SetDefinition:
		a.own.Query = c.Definition
		return nil
	case catalog.SetIdentity:
		return a.withColumn(c.Name, func(o *ownColumn) {
			if o.Identity = c.Identity; c.Identity != 0 {
				o.NotNull = true
			}
		})
	case catalog.DropExpression:
		return a.withColumn(c.Name, func(o *ownColumn) { o.Generated = "" })
	case catalog.AddConstraint:
		return a.addConstraint(c)
	case catalog.DropConstraint:
		return a.dropConstraint(c)
	case catalog.RenameConstraint:
		return a.renameConstraint(c)
	case catalog.ValidateConstraint:
		return a.validateConstraint(c)
	case catalog.AlterConstraint:
		return a.alterConstraint(c)
	case catalog.AddPartition:
		return a.addPartition(c.Partition, a.own.Name+"_"+c.Partition.Name)
	case catalog.DropPartition:
		return a.dropPartition(c)
	case catalog.EnableForeign:
		a.own.ForeignDisabled = !c.Enabled
		return nil
	case catalog.SetBound:
		a.own.Bound = c.Bound
		return nil
	case catalog.SetIndexOptions:
		return a.setIndexOptions(c)
	case catalog.SetPopulated:
		a.own.Populated = c.Populated
		return nil
	case catalog.SetOptions:
		return a.setOptions(c)
	case catalog.PutTrigger:
		a.numberAll()
		return a.st.putTrigger(&a.own.ownTriggers, c, a.resource, a.own.Name)
	case catalog.DropTrigger:
		return a.own.ownTriggers.drop(c.Name, a.own.Name)
	case catalog.PutRule:
		return a.own.ownRules.put(a.st, c.Rule, a.resource, a.own.Name)
	case catalog.DropRule:
		return a.own.ownRules.drop(c.Name, a.own.Name)
	case catalog.SetClustered:
		a.own.Clustered = c.Index
		return nil
	case catalog.SetLogged:
		a.own.Unlogged = c.Unlogged
		return nil
	case catalog.Tune:
		return a.withColumn(c.Name, func(o *ownColumn) { o.Tuning = tuned(o.Tuning, c) })
	case catalog.SetReplicaIdentity:
		a.own.ReplicaIdentity, a.own.ReplicaIndex = c.Kind, c.Index
		return nil
	case catalog.PutPolicy:
		return a.own.ownPolicies.put(a.st, c.Policy, a.resource, a.own.Name)
	case catalog.DropPolicy:
		return a.own.ownPolicies.drop(c.Name, a.own.Name)
	case catalog.SetRowSecurity:
		if c.Enabled != nil {
			a.own.RowSecurity = *c.Enabled
		}
		if c.Forced != nil {
			a.own.ForceRowSecurity = *c.Forced
		}
		return nil
	}
	return pgerr.Unsupported("this form of ALTER TABLE")
}

// save makes the changed definition the resource's: a new version where
// s3db.js would make one.
func (a *alteration) save() {
	a.st.manifest.Resource(a.resource).SetDefinition(a.def, a.now)
}

func (a *alteration) undefinedColumn(name string) error {
	return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, a.own.Name)
}

// withColumn changes our side of a column, storing it if it was derived.
func (a *alteration) withColumn(name string, f func(o *ownColumn)) error {
	o := a.own.column(name)
	if o == nil {
		if !a.has(name) && name != a.own.idName() {
			return a.undefinedColumn(name)
		}
		a.numberAll()
		if o = a.own.column(name); o == nil {
			return a.undefinedColumn(name)
		}
	}
	f(o)
	return nil
}

// numberAll stores the numbers of all columns, as they have been derived so
// far, so that later changes do not move them.
func (a *alteration) numberAll() {
	if a.own.NextNum == 0 {
		a.own.NextNum = 1
	}
	for _, c := range a.own.Columns {
		a.own.NextNum = max(a.own.NextNum, c.Num+1)
	}
	if len(a.own.Key) == 0 && a.own.column(a.own.idName()) == nil {
		a.own.add(ownColumn{Name: a.own.idName()})
	}
	attrs := a.def.Attributes(s3db.EraModern)
	for _, at := range attrs {
		if a.own.byAttr(at.Name) == nil && at.Name != "id" {
			a.own.add(ownColumn{Name: at.Name})
		}
	}
	for _, at := range attrs {
		a.own.addLeaves(at, nil)
	}
}

// has says whether the table has an attribute for a column.
func (a *alteration) has(column string) bool { return a.def.Has(splitPath(a.own.attrName(column))) }

// taken says whether an attribute of that name stands already.
func (a *alteration) taken(attr string) bool { return a.def.Has(splitPath(attr)) }

func (a *alteration) addColumn(c catalog.AddColumn) error {
	a.numberAll()
	if err := a.st.usableWithin(a.own.TypeOID, c.Column.Type); err != nil {
		return err
	}
	name := c.Column.Name
	if c.Parent != "" {
		name = c.Parent + "." + name
	}
	if a.own.column(name) != nil {
		if c.IfNotExists {
			return nil
		}
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", name, a.own.Name)
	}
	col := c.Column
	attr := name
	if a.own.HiddenID || len(a.own.Key) > 0 || a.taken(name) { // made by CREATE TABLE, or of a column that was renamed
		attr = attributeName(name, a.taken)
		col.Name = attr
	}
	exact, err := a.setAttribute(attr, col)
	if err != nil {
		return err
	}
	o := ownColumnOf(c.Column, exact[col.Name], false)
	if o.Name = name; attr != name {
		o.Attr = attr
	}
	a.own.add(o)
	for _, at := range a.def.Attributes(s3db.EraModern) {
		a.own.addLeaves(at, nil)
	}
	if c.Unique {
		u := catalog.UniqueDef{Name: a.own.Name + "_" + name + "_key", Columns: []string{name}}
		if err := a.st.addUnique(a.own, u, a.st.assigned(), a.resource); err != nil {
			return err
		}
	}
	if c.Primary {
		u := catalog.UniqueDef{Name: a.own.Name + "_pkey", Columns: []string{name}, Primary: true}
		if err := a.st.addUnique(a.own, u, a.st.assigned(), a.resource); err != nil {
			return err
		}
	}
	for _, k := range c.Check {
		a.own.Checks = append(a.own.Checks, a.check(k))
	}
	for _, f := range c.Foreign {
		if err := a.foreignOf(f, map[int16]string{0: name}); err != nil {
			return err
		}
	}
	return nil
}

func (a *alteration) check(k catalog.CheckDef) ownCheck {
	return ownCheck{OID: a.st.assigned().of("check", a.resource+"/"+k.Name), Name: k.Name, Expr: k.Expr, NotValid: k.NotValid,
		NoInherit: k.NoInherit, Inheritance: k.Inheritance}
}

// setAttribute declares a column at a dotted name and saves the definition.
func (a *alteration) setAttribute(name string, col catalog.ColumnDef) (map[string]s3db.SQLType, error) {
	one, exact, err := s3db.BuildDefinition(s3db.TableSpec{Columns: []s3db.ColumnSpec{a.st.columnSpec(col)}})
	if err != nil {
		return nil, err
	}
	if !a.def.SetAttribute(splitPath(name), one) {
		return nil, a.undefinedColumn(name)
	}
	a.save()
	return exact, nil
}

func (a *alteration) dropColumn(c catalog.DropColumn) error {
	if a.own.isKey(c.Name) || len(a.own.Key) == 0 && c.Name == a.own.idName() {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot drop column %s of table %s: it is the primary key", c.Name, a.own.Name)
	}
	a.numberAll()
	if !a.has(c.Name) {
		if c.IfExists {
			return nil
		}
		return a.undefinedColumn(c.Name)
	}
	if slices.Contains(a.own.KeyInclude, c.Name) {
		return pgerr.Unsupported("dropping a column that the primary key includes")
	}
	within := func(name string) bool { return name == c.Name || strings.HasPrefix(name, c.Name+".") }
	for _, ix := range slices.Clone(a.own.Indexes) {
		if ix.names(within) {
			a.forgetIndex(ix)
		}
	}
	a.own.Foreign = slices.DeleteFunc(a.own.Foreign, func(f ownFK) bool { return slices.ContainsFunc(f.Columns, within) })
	a.def.DropAttribute(splitPath(a.own.attrName(c.Name)))
	a.own.Columns = slices.DeleteFunc(a.own.Columns, func(o ownColumn) bool { return within(o.Name) })
	a.save()
	return nil
}

// forgetIndex takes an index out of both sides.
func (a *alteration) forgetIndex(ix ownIndex) {
	a.st.retire(a.resource + "/" + ix.Storage)
	if !ix.Unique && !ix.Declared {
		a.def.DropPartition(ix.Storage)
	}
	a.own.Indexes = slices.DeleteFunc(a.own.Indexes, func(o ownIndex) bool { return o.OID == ix.OID })
}

func (a *alteration) renameColumn(c catalog.RenameColumn) error {
	a.numberAll()
	a.reword(c.Texts)
	a.own.renameKeys(c.From, c.To)
	a.own.Partitioning = a.own.Partitioning.Renamed(c.From, c.To, c.Texts)
	if a.own.column(c.To) != nil {
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", c.To, a.own.Name)
	}
	if a.own.isKey(c.From) {
		a.own.renameInIndexes(c.From, c.To)
		a.own.Key[slices.Index(a.own.Key, c.From)] = c.To
		a.own.column(c.From).Name = c.To
		return nil
	}
	if !a.has(c.From) {
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", c.From)
	}
	kept := a.keepsAttribute(a.own.column(c.From), c.To)
	if !kept {
		if err := a.renameAttribute(c.From, c.To); err != nil {
			return err
		}
	}
	for i := range a.own.Columns {
		o := &a.own.Columns[i]
		rest, inside := strings.CutPrefix(o.Name, c.From)
		if !inside || rest != "" && rest[0] != '.' {
			continue
		}
		if kept {
			o.Attr = o.attr()
		}
		o.Name = c.To + rest
	}
	a.own.renameInIndexes(c.From, c.To)
	return nil
}

// keepsAttribute says that a column's attribute stays under its name when the column
// is renamed: one of the two names can't be an attribute's, or a partition has
// the name in the keys of its references.
func (a *alteration) keepsAttribute(o *ownColumn, to string) bool {
	within := func(name string) bool { return name == o.Name || strings.HasPrefix(name, o.Name+".") }
	inPartition := func(ix ownIndex) bool { return !ix.Unique && !ix.Declared && ix.names(within) }
	return o.Attr != "" || attributeName(to, a.taken) != to || slices.ContainsFunc(a.own.Indexes, inPartition)
}

// reword replaces the texts of expressions.
func (a *alteration) reword(texts map[string]string) {
	word := func(text *string) {
		if t, ok := texts[*text]; ok {
			*text = t
		}
	}
	for i := range a.own.Checks {
		word(&a.own.Checks[i].Expr)
	}
	for i := range a.own.Columns {
		word(&a.own.Columns[i].Generated)
	}
	a.own.ownTriggers.reword(texts)
	a.own.ownPolicies.reword(texts)
	for i := range a.own.Indexes {
		a.own.Indexes[i].reword(word)
	}
}

func tuned(t catalog.Tuning, c catalog.Tune) catalog.Tuning {
	if c.Storage != nil {
		t.Storage = *c.Storage
	}
	if c.Compression != nil {
		t.Compression = *c.Compression
	}
	if c.Target != nil {
		t.Target = c.Target
	}
	if c.Options != nil {
		t.AttOptions = *c.Options
	}
	return t
}

// rewordAll is reword of defaults and partition keys too.
func (a *alteration) rewordAll(texts map[string]string) {
	a.reword(texts)
	for i := range a.own.Columns {
		if t, ok := texts[a.own.Columns[i].Default]; ok {
			a.own.Columns[i].Default = t
		}
	}
	a.own.Partitioning = a.own.Partitioning.Renamed("", "", texts)
}

// renameAttribute renames it in the definition, which makes a new version, and
// in the registry, so that it keeps its short key.
func (a *alteration) renameAttribute(from, to string) error {
	if err := a.def.RenameColumn(splitPath(from), to); err != nil {
		return err
	}
	if err := a.st.manifest.Resource(a.resource).RenameAttribute(from, to); err != nil {
		return err
	}
	a.save()
	return nil
}

// renameTable renames the relation; the resource keeps its name, and so its
// keys: s3db.js goes on to know it under that.
func (a *alteration) renameTable(to string) error {
	if err := a.st.free(a.own.Schema, to); err != nil {
		return err
	}
	a.own.Name = to
	return nil
}

func (a *alteration) addConstraint(c catalog.AddConstraint) error {
	switch c.Kind {
	case catalog.UniqueConstraint:
		a.numberAll()
		if c.UsingIndex != 0 {
			return a.constraintUsing(c)
		}
		return a.st.addUnique(a.own, c.Unique, a.st.assigned(), a.resource)
	case catalog.CheckConstraint:
		a.own.Checks = append(a.own.Checks, a.check(c.Check))
		return nil
	case catalog.ForeignConstraint:
		return a.foreignOf(c.Foreign, c.Added)
	}
	return pgerr.Unsupported("adding this kind of constraint")
}

// constraintUsing makes a constraint of a unique index, which takes its name.
func (a *alteration) constraintUsing(c catalog.AddConstraint) error {
	for i := range a.own.Indexes {
		if ix := &a.own.Indexes[i]; ix.OID == c.UsingIndex {
			ix.Name, ix.Primary, ix.Constraint = c.Unique.Name, c.Unique.Primary, a.st.assigned().of("constraint", a.resource+"/"+ix.Storage)
			return nil
		}
	}
	return pgerr.New(pgerr.UndefinedObject, "index with OID %d does not exist", c.UsingIndex)
}

func (a *alteration) dropConstraint(c catalog.DropConstraint) error {
	if c.Key {
		return a.releaseKey(c.Interim)
	}
	for _, ix := range a.own.Indexes {
		if ix.Name == c.Name && ix.Constraint != 0 {
			a.forgetIndex(ix)
			return nil
		}
	}
	before := len(a.own.Checks) + len(a.own.Foreign)
	a.own.Checks = slices.DeleteFunc(a.own.Checks, func(k ownCheck) bool { return k.Name == c.Name })
	a.own.Foreign = slices.DeleteFunc(a.own.Foreign, func(k ownFK) bool { return k.Name == c.Name })
	if len(a.own.Checks)+len(a.own.Foreign) < before || c.IfExists {
		return nil
	}
	return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", c.Name, a.own.Name)
}

func (a *alteration) renameConstraint(c catalog.RenameConstraint) error {
	if a.own.KeyName == c.From && !a.own.HiddenID {
		a.own.KeyName = c.To
		return nil
	}
	for i := range a.own.Checks {
		if a.own.Checks[i].Name == c.From {
			a.own.Checks[i].Name = c.To
			return nil
		}
	}
	for i := range a.own.Foreign {
		if a.own.Foreign[i].Name == c.From {
			a.own.Foreign[i].Name = c.To
			return nil
		}
	}
	for i := range a.own.Indexes {
		if a.own.Indexes[i].Name == c.From {
			a.own.Indexes[i].Name = c.To
			return nil
		}
	}
	return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", c.From, a.own.Name)
}

// addPartition declares a partition; it is complete once it was filled.
func (a *alteration) addPartition(ix catalog.IndexDef, indexName string) error {
	if a.def.Partition(ix.Name) != nil {
		if ix.IfNotExists {
			return nil
		}
		return pgerr.New(pgerr.DuplicateObject, "partition \"%s\" of relation \"%s\" already exists", ix.Name, a.own.Name)
	}
	for _, f := range ix.Fields {
		if !a.has(f.Name) && !strings.HasPrefix(f.Name, "_") {
			return a.undefinedColumn(f.Name)
		}
	}
	if err := a.refusePartition(ix); err != nil {
		return err
	}
	if err := a.declarePartition(ix); err != nil {
		return err
	}
	o := ownIndex{OID: a.st.assigned().of("partition", a.resource+"/"+ix.Name), Name: indexName, Storage: ix.Name, Covering: ix.Covering,
		ownShape: shapeOf(ix.IndexShape)}
	for _, f := range ix.Fields {
		o.Columns = append(o.Columns, f.Name)
	}
	a.own.Indexes = append(a.own.Indexes, o)
	return nil
}

// declarePartition adds a partition to the definition.
func (a *alteration) declarePartition(ix catalog.IndexDef) error {
	rules := map[string]string{}
	for _, at := range a.def.Attributes(s3db.EraModern) {
		fieldRules(at, rules)
	}
	if err := a.def.AddPartition(partitionDef(ix, rules, a.own.attrName)); err != nil {
		return err
	}
	a.save()
	return nil
}

// fieldRules collects the rule a partition field has where none is named: the
// attribute's type word, as s3db.js's list form takes it.
func fieldRules(a *s3db.Attribute, rules map[string]string) {
	rules[a.Name] = a.Base
	for _, c := range a.Children {
		fieldRules(c, rules)
	}
}

func (a *alteration) dropPartition(c catalog.DropPartition) error {
	ix := a.own.index(c.Name)
	if ix == nil || ix.Unique || ix.Declared {
		if c.IfExists {
			return nil
		}
		return pgerr.New(pgerr.UndefinedObject, "partition \"%s\" of relation \"%s\" does not exist", c.Name, a.own.Name)
	}
	a.forgetIndex(*ix)
	a.save()
	return nil
}

func (a *alteration) setOptions(c catalog.SetOptions) error {
	if a.own.Options == nil {
		a.own.Options = map[string]string{}
	}
	for _, name := range c.Reset {
		if lastingOptions[name] {
			return pgerr.Unsupported("changing the option \"%s\" of a resource", name)
		}
		if value, ok := withoutOption[name]; ok {
			if err := a.setOption(name, value); err != nil {
				return err
			}
		}
		delete(a.own.Options, name)
	}
	for _, name := range sortedKeys(c.Options) {
		if err := a.setOption(name, c.Options[name]); err != nil {
			return err
		}
	}
	maps.Copy(a.own.Options, c.Options)
	a.save()
	return nil
}

// lastingOptions are those that decide which attributes a resource has from its first row on.
var lastingOptions = map[string]bool{"timestamps": true}

// withoutOption is what a resource has that is made without an option.
var withoutOption = map[string]string{
	"behavior": "body-overflow", "row_stamps": "true", "paranoid": "false", "id_size": strconv.Itoa(s3db.DefaultIDSize), "id_generator": "",
}

func (a *alteration) setOption(name, value string) error {
	if lastingOptions[name] {
		return pgerr.Unsupported("changing the option \"%s\" of a resource", name)
	}
	switch name {
	case "behavior":
		b, err := s3db.ParseBehavior(value)
		a.def.Behavior = b
		return err
	case "row_stamps":
		b, err := optionBool(name, value)
		a.own.RowStamps = b
		return err
	case "paranoid": // no new version: it is not part of the definition's hash
		b, err := optionBool(name, value)
		a.def.Paranoid = b
		return err
	case "versioning", "versioning_enabled":
		return nil // the partition byVersion, which is an action of its own
	case "id_size":
		n, err := optionIDSize(map[string]string{name: value})
		a.def.IDSize = n
		return err
	case "id_generator":
		a.def.IDGenerator = s3db.GeneratorName(value)
		return nil // checked when the table is opened
	}
	return checkParameter(name, value)
}
