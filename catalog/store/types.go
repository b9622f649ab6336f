package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// CreateType implements catalog.Tx.
func (t *tx) CreateType(_ context.Context, def *catalog.TypeDef) (*types.Type, error) {
	if err := t.apply(func(st *state) error { return st.createType(def) }); err != nil {
		return nil, err
	}
	return t.Types().ByName(def.Schema, def.Name), nil
}

func (st *state) createType(def *catalog.TypeDef) error {
	key := def.Schema + "." + def.Name
	if def.Kind == 'b' {
		return st.completeBase(def)
	}
	if err := st.freeType(def.Schema, def.Name); err != nil {
		return err
	}
	if err := st.usable(def.Base); err != nil {
		return err
	}
	o := st.assigned()
	t := &ownType{OID: o.of("type", key), Schema: def.Schema, Name: def.Name, Kind: def.Kind,
		Changed: st.own.Changes + 1, Base: def.Base, Typmod: def.Typmod, NotNull: def.NotNull, Default: def.Default, Collation: def.Collation}
	if def.Kind != 'p' {
		t.Array = o.of("array", key)
	}
	t.Labels = newLabels(o, key, def.Labels)
	for _, c := range def.Checks {
		t.Checks = append(t.Checks, ownCheck{OID: o.of("check", key+"/"+c.Name), Name: c.Name, Expr: c.Expr})
	}
	if def.Kind == 'c' {
		t.Relation = o.of("table", key)
	}
	for _, a := range def.Attributes {
		if err := st.usable(a.Type); err != nil {
			return err
		}
		t.addAttribute(ownColumn{Name: a.Name, Type: a.Type, Typmod: a.Typmod, Collation: a.Collation})
	}
	st.own.Types[key] = t
	if def.Kind == 'r' {
		return st.completeRange(t, def)
	}
	return nil
}

// freeType is 42710 if a type of that name exists; a relation's row type counts
// too.
func (st *state) freeType(schema, name string) error {
	if st.own.Types[schema+"."+name] != nil || st.find(schema, name) != "" || st.own.Views[schema+"."+name] != nil {
		return duplicateType(name)
	}
	return nil
}

func duplicateType(name string) error {
	return pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", name)
}

func undefinedType(oid types.OID) error {
	return pgerr.New(pgerr.UndefinedObject, "type with OID %d does not exist", oid)
}

// DropType implements catalog.Tx. Another writer may have made a column of the
// type: that is 2BP01 at commit.
func (t *tx) DropType(_ context.Context, oid types.OID) error {
	return t.apply(func(st *state) error {
		typ := st.typeByOID(oid)
		if typ == nil {
			return undefinedType(oid)
		}
		if user := st.userOf(typ); user != "" {
			return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop type %s because other objects depend on it", typ.Name).
				WithDetail("%s depends on type %s", user, typ.Name).WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
		}
		delete(st.own.Types, typ.Schema+"."+typ.Name)
		st.dropRangeParts(typ)
		return nil
	})
}

// userOf describes something that a type is used by, "" for nothing.
func (st *state) userOf(typ *ownType) string {
	family := st.typeFamily(typ)
	uses := func(c ownColumn) bool { return slices.Contains(family, c.Type) }
	for _, r := range sortedKeys(st.own.Tables) {
		if t := st.own.Tables[r]; slices.ContainsFunc(t.Columns, uses) && st.manifest.Resource(r) != nil {
			return "a column of table " + t.Name
		}
	}
	for _, k := range sortedKeys(st.own.Types) {
		if t := st.own.Types[k]; !slices.Contains(family, t.OID) && (slices.ContainsFunc(t.Attributes, uses) || t.Base != 0 && slices.Contains(family, t.Base)) {
			return "type " + t.Name
		}
	}
	return ""
}

// AlterType implements catalog.Tx.
func (t *tx) AlterType(_ context.Context, oid types.OID, actions []catalog.TypeAction) error {
	return t.apply(func(st *state) error {
		for _, a := range actions {
			typ := st.typeByOID(oid)
			if typ == nil {
				return undefinedType(oid)
			}
			typ.Changed = st.own.Changes + 1
			if err := (&typeChange{st, typ}).apply(a); err != nil {
				return err
			}
		}
		return nil
	})
}

// typeChange is one type being altered.
type typeChange struct {
	st *state
	t  *ownType
}

func (c *typeChange) apply(action catalog.TypeAction) error {
	switch a := action.(type) {
	case catalog.RenameType:
		return c.move(c.t.Schema, a.To)
	case catalog.SetTypeSchema:
		return c.move(a.Schema, c.t.Name)
	case catalog.AddLabel:
		return c.addLabel(a)
	case catalog.RenameLabel:
		return c.renameLabel(a)
	case catalog.SetDomainDefault:
		c.t.Default = a.Default
	case catalog.RewordDomain:
		c.reword(a.Texts)
	case catalog.SetDomainNotNull:
		c.t.NotNull = a.NotNull
	case catalog.SetBaseType:
		c.t.BaseType = &a.BaseType
	case catalog.AddDomainCheck, catalog.DropDomainCheck, catalog.RenameDomainCheck, catalog.ValidateDomainCheck:
		return c.changeCheck(action)
	default:
		return c.changeAttribute(action)
	}
	return nil
}

// newLabels are the labels of a new enum. Their oids ascend with them, which
// clients order by (EnumValuesCreate).
func newLabels(o *oids, key string, names []string) []ownLabel {
	ids := make([]types.OID, len(names))
	for i, name := range names {
		ids[i] = o.of("label", key+"/"+name)
	}
	slices.Sort(ids)
	var labels []ownLabel
	for i, name := range names {
		labels = append(labels, ownLabel{OID: ids[i], Name: name, Order: float32(i + 1)})
	}
	return labels
}

// oidAfter is an oid above those of the labels that are there, for one that comes
// to stand at their end; where there is none left, any.
func oidAfter(o *oids, key string, labels []ownLabel) types.OID {
	last := types.OID(0)
	for _, l := range labels {
		last = max(last, l.OID)
	}
	id := o.of("label", key)
	if id > last || last+1 >= o.first+o.span {
		return id
	}
	delete(o.taken, id)
	for id = last + 1; o.taken[id]; id++ {
	}
	o.use(id)
	return id
}

func (c *typeChange) move(schema, name string) error {
	if err := c.st.freeType(schema, name); err != nil {
		return err
	}
	delete(c.st.own.Types, c.t.Schema+"."+c.t.Name)
	c.t.Schema, c.t.Name = schema, name
	c.st.own.Types[schema+"."+name] = c.t
	return nil
}

// reword replaces the texts of a domain's default and checks.
func (c *typeChange) reword(texts map[string]string) {
	if t, ok := texts[c.t.Default]; ok {
		c.t.Default = t
	}
	for i := range c.t.Checks {
		if t, ok := texts[c.t.Checks[i].Expr]; ok {
			c.t.Checks[i].Expr = t
		}
	}
}

func noLabel(name string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "\"%s\" is not an existing enum label", name)
}

func duplicateLabel(name string) error {
	return pgerr.New(pgerr.DuplicateObject, "enum label \"%s\" already exists", name)
}

// addLabel is AddEnumLabel: orders of labels that are there stay, but for when
// there is no number between two of them.
func (c *typeChange) addLabel(a catalog.AddLabel) error {
	t := c.t
	if t.label(a.Label) != nil {
		if a.IfNotExists {
			return nil
		}
		return duplicateLabel(a.Label)
	}
	at := len(t.Labels)
	if neighbour := a.Before + a.After; neighbour != "" {
		at = slices.IndexFunc(t.Labels, func(l ownLabel) bool { return l.Name == neighbour })
		if at < 0 {
			return noLabel(neighbour)
		}
		if a.After != "" {
			at++
		}
	}
	key := t.Schema + "." + t.Name + "/" + a.Label
	o := c.st.assigned()
	l := ownLabel{Name: a.Label, Order: t.orderAt(at), added: true}
	if at == len(t.Labels) {
		l.OID = oidAfter(o, key, t.Labels)
	} else {
		l.OID = o.of("label", key)
	}
	if s := t.freeStored(a.Label); s != a.Label {
		l.Stored = s
	}
	t.Labels = slices.Insert(t.Labels, at, l)
	return nil
}

// orderAt is the sort order of a label to stand at position at.
func (t *ownType) orderAt(at int) float32 {
	switch {
	case len(t.Labels) == 0:
		return 1
	case at == 0:
		return t.Labels[0].Order - 1
	case at == len(t.Labels):
		return t.Labels[at-1].Order + 1
	}
	before, after := t.Labels[at-1].Order, t.Labels[at].Order
	if mid := (before + after) / 2; mid != before && mid != after {
		return mid
	}
	for i := range t.Labels { // RenumberEnumType
		t.Labels[i].Order = float32(i + 1)
	}
	return (t.Labels[at-1].Order + t.Labels[at].Order) / 2
}

// freeStored is the text at rest of a new label: its name, unless rows keep
// another label by that text.
func (t *ownType) freeStored(name string) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(t.Labels, func(l ownLabel) bool { return l.stored() == s })
	}
	s := name
	for i := 1; taken(s); i++ {
		s = name + "~" + strconv.Itoa(i)
	}
	return s
}

func (c *typeChange) renameLabel(a catalog.RenameLabel) error {
	l := c.t.label(a.From)
	switch {
	case l == nil:
		return noLabel(a.From)
	case c.t.label(a.To) != nil:
		return duplicateLabel(a.To)
	}
	l.Stored = l.stored()
	l.Name = a.To
	return nil
}

func (c *typeChange) changeCheck(action catalog.TypeAction) error {
	t := c.t
	missing := func(name string) error {
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of domain \"%s\" does not exist", name, t.Name)
	}
	duplicate := func(name string) error {
		return pgerr.New(pgerr.DuplicateObject, "constraint \"%s\" for domain \"%s\" already exists", name, t.Name)
	}
	switch a := action.(type) {
	case catalog.AddDomainCheck:
		if t.check(a.Check.Name) != nil {
			return duplicate(a.Check.Name)
		}
		oid := c.st.assigned().of("check", t.Schema+"."+t.Name+"/"+a.Check.Name)
		t.Checks = append(t.Checks, ownCheck{OID: oid, Name: a.Check.Name, Expr: a.Check.Expr, NotValid: a.NotValid})
	case catalog.DropDomainCheck:
		t.Checks = slices.DeleteFunc(t.Checks, func(k ownCheck) bool { return k.Name == a.Name })
	case catalog.RenameDomainCheck:
		if t.check(a.To) != nil {
			return duplicate(a.To)
		}
		k := t.check(a.From)
		if k == nil {
			return missing(a.From)
		}
		k.Name = a.To
	case catalog.ValidateDomainCheck:
		k := t.check(a.Name)
		if k == nil {
			return missing(a.Name)
		}
		k.NotValid = false
	}
	return nil
}

func (c *typeChange) changeAttribute(action catalog.TypeAction) error {
	t := c.t
	find := func(name string) (*ownColumn, error) {
		if a := t.attribute(name); a != nil {
			return a, nil
		}
		return nil, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, t.Name)
	}
	free := func(name string) error {
		if t.attribute(name) == nil {
			return nil
		}
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", name, t.Name)
	}
	switch a := action.(type) {
	case catalog.AddAttribute:
		if err := free(a.Attribute.Name); err != nil {
			return err
		}
		if err := c.st.usableWithin(t.OID, a.Attribute.Type); err != nil {
			return err
		}
		t.addAttribute(ownColumn{Name: a.Attribute.Name, Type: a.Attribute.Type, Typmod: a.Attribute.Typmod,
			Collation: a.Attribute.Collation})
		return nil
	case catalog.DropAttribute:
		_, err := find(a.Name)
		t.Attributes = slices.DeleteFunc(t.Attributes, func(o ownColumn) bool { return o.Name == a.Name })
		return err
	case catalog.RetypeAttribute:
		o, err := find(a.Name)
		if err == nil {
			err = c.st.usableWithin(t.OID, a.Type)
		}
		if err == nil {
			o.Type, o.Typmod, o.Collation = a.Type, a.Typmod, a.Collation
		}
		return err
	case catalog.RenameAttribute:
		if err := free(a.To); err != nil {
			return err
		}
		o, err := find(a.From)
		if err == nil {
			o.Name = a.To
		}
		return err
	}
	return pgerr.Unsupported("this form of ALTER TYPE")
}

// commentType sets the comment of a type, of a domain's constraint, or of a
// composite type's attribute; false if the oid is none of these.
func (st *state) commentType(object types.OID, column int16, comment string) bool {
	for _, t := range st.own.Types {
		switch {
		case column == 0 && t.OID == object:
			t.Comment = comment
			return true
		case t.Relation == object && object != 0:
			for i := range t.Attributes {
				if t.Attributes[i].Num == column {
					t.Attributes[i].Comment = comment
				}
			}
			return true
		}
		for i := range t.Checks {
			if t.Checks[i].OID == object {
				t.Checks[i].Comment = comment
				return true
			}
		}
	}
	return false
}
