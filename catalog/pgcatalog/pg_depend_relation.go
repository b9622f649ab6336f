package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// relation yields what a relation and its parts depend on.
func (c *dependencies) relation(rel *catalog.Relation) {
	of := columnObject(rel.OID, 0)
	if rel.Kind == catalog.CompositeType {
		c.add(of, typeObject(rel.Type), internal)
		c.columns(rel)
		return
	}
	c.namespace(of, rel.Schema)
	if rel.Type != 0 {
		c.add(typeObject(rel.Type), of, internal)
		if rel.TypeArray != 0 {
			c.add(typeObject(rel.TypeArray), typeObject(rel.Type), internal)
		}
	}
	c.add(of, typeObject(rel.OfType), normal)
	for _, parent := range rel.Parents {
		c.add(of, columnObject(parent, 0), kindOf(rel.Bound != nil, auto, normal))
	}
	if q := rel.Sequence; q != nil && q.Owner != 0 {
		c.add(of, columnObject(q.Owner, q.OwnerColumn), kindOf(q.Identity, internal, auto))
	}
	c.columns(rel)
	c.partitioning(rel)
	for _, con := range Constraints(rel) {
		c.constraint(rel, con)
	}
	for _, ix := range Indexes(rel) {
		c.index(rel, ix)
	}
	for _, t := range rel.Triggers {
		c.trigger(rel, t)
	}
	c.rules(rel)
	for _, p := range rel.Policies {
		c.policy(rel, p)
	}
}

// policy keeps what its expressions name, as far as these are no subqueries: of their
// relations it keeps the whole.
func (c *dependencies) policy(rel *catalog.Relation, p *catalog.Policy) {
	of := object{classPolicy, p.OID, 0}
	c.add(of, columnObject(rel.OID, 0), auto)
	for _, text := range []string{p.Using, p.Check} {
		if text != "" {
			c.uses(of, normal, c.v.ExprReferences(catalog.KeptExpr{Text: text, Rel: rel}))
		}
	}
	for _, oid := range p.Reads {
		c.add(of, c.objectOf(oid), normal)
	}
}

func kindOf(is bool, then, otherwise byte) byte {
	if is {
		return then
	}
	return otherwise
}

func (c *dependencies) columns(rel *catalog.Relation) {
	for _, col := range rel.VisibleColumns() {
		of := columnObject(rel.OID, col.Num)
		c.add(of, typeObject(col.Type.OID), normal)
		if col.Collation != col.Type.Collation {
			c.add(of, object{classCollation, col.Collation, 0}, normal)
		}
		if col.Default == "" {
			continue
		}
		def := object{classAttrdef, derivedOID(classAttrdef, rel.OID, col.Num), 0}
		c.add(def, of, kindOf(col.Generated != 0, internal, auto))
		c.uses(def, normal, c.v.ExprReferences(catalog.KeptExpr{Text: col.Default, Rel: rel, As: col.Type}))
	}
}

// partitioning: the columns of the key can't go without the table.
func (c *dependencies) partitioning(rel *catalog.Relation) {
	if rel.Partitioning == nil {
		return
	}
	for _, k := range rel.Partitioning.Keys {
		if col := rel.ColumnByName(k.Column); col != nil {
			c.add(columnObject(rel.OID, col.Num), columnObject(rel.OID, 0), internal)
		}
	}
}

func (c *dependencies) constraint(rel *catalog.Relation, con *catalog.Constraint) {
	of := object{classConstraint, con.OID, 0}
	for _, num := range ConstraintColumns(rel, con) {
		c.add(of, columnObject(rel.OID, num), auto)
	}
	switch con.Kind {
	case catalog.CheckConstraint:
		c.uses(of, normal, c.v.ExprReferences(catalog.KeptExpr{Text: con.Expr, Rel: rel}))
	case catalog.ForeignConstraint:
		for _, num := range con.RefColumns {
			c.add(of, columnObject(con.RefRelation, num), normal)
		}
		if key := (constraint{v: c.v, rel: rel, con: con}).index(); key != 0 {
			c.add(of, columnObject(key, 0), normal)
		}
	}
}

func (c *dependencies) index(rel *catalog.Relation, ix *catalog.Index) {
	of := columnObject(ix.OID, 0)
	above := catalog.IndexAbove(c.v.Catalog(), rel, ix)
	if above != nil {
		c.partition(rel, of, columnObject(above.OID, 0))
	}
	if con := (index{rel: rel, ix: ix}).constraint(); con != nil {
		c.add(of, object{classConstraint, con.OID, 0}, internal)
		c.constraintPartition(rel, con, above)
		return
	}
	plain := false
	for i := range ix.Keys {
		k := &ix.Keys[i]
		if col := (index{rel: rel, ix: ix}).column(k); col != nil {
			c.add(of, columnObject(rel.OID, col.Num), auto)
			plain = true
		} else {
			c.indexExpr(of, rel, k.Expr)
		}
	}
	for _, num := range ix.Include {
		c.add(of, columnObject(rel.OID, num), auto)
		plain = true
	}
	c.indexExpr(of, rel, ix.Predicate)
	if !plain {
		c.add(of, columnObject(rel.OID, 0), auto)
	}
}

// partition: a part of a partition is one of its like above.
func (c *dependencies) partition(rel *catalog.Relation, of, above object) {
	c.add(of, above, partitionPrimary)
	c.add(of, columnObject(rel.OID, 0), partitionSecondary)
}

// constraintPartition: the constraint of an index whose index above has one, too.
func (c *dependencies) constraintPartition(rel *catalog.Relation, con *catalog.Constraint, above *catalog.Index) {
	if above == nil {
		return
	}
	parent := c.v.Catalog().RelationByOID(rel.Parents[0])
	if up := (index{rel: parent, ix: above}).constraint(); up != nil {
		c.partition(rel, object{classConstraint, con.OID, 0}, object{classConstraint, up.OID, 0})
	}
}

// indexExpr: an index goes with the columns of its expressions, but keeps the functions
// that they call.
func (c *dependencies) indexExpr(of object, rel *catalog.Relation, text string) {
	if text == "" {
		return
	}
	for _, r := range c.v.ExprReferences(catalog.KeptExpr{Text: text, Rel: rel}) {
		own := r.Class == classClass && r.OID == rel.OID
		c.add(of, object{r.Class, r.OID, int32(r.Column)}, kindOf(own, auto, normal))
	}
}

func (c *dependencies) trigger(rel *catalog.Relation, t *catalog.Trigger) {
	of := object{classTrigger, t.OID, 0}
	c.add(of, procObject(t.Function), normal)
	for _, num := range t.Columns {
		c.add(of, columnObject(rel.OID, num), normal)
	}
	if t.Constraint != 0 {
		c.add(object{classConstraint, t.Constraint, 0}, of, internal)
		c.add(object{classConstraint, t.Constraint, 0}, columnObject(rel.OID, 0), auto)
	}
	c.add(of, columnObject(rel.OID, 0), auto)
	if t.When != "" {
		c.uses(of, normal, c.v.ExprReferences(catalog.KeptExpr{Text: t.When, Rel: rel, Trigger: true}))
	}
	if t.From != 0 {
		c.add(of, columnObject(t.From, 0), auto)
	}
	if t.Inherited {
		c.add(of, object{classTrigger, parentTrigger(c.v, rel, t), 0}, partitionPrimary)
		c.add(of, columnObject(rel.OID, 0), partitionSecondary)
	}
}

func (c *dependencies) rules(rel *catalog.Relation) {
	whole := columnObject(rel.OID, 0)
	rulesOf(c.v, rel, func(r rewriteRule) {
		of := object{classRewrite, r.rule.OID, 0}
		if r.rule.Event == catalog.RuleSelect {
			c.add(of, whole, internal)
			c.add(of, whole, normal)
			c.uses(of, normal, c.v.ViewReferences(rel))
			return
		}
		c.add(of, whole, auto)
		c.add(of, whole, normal)
		for _, oid := range r.rule.Reads {
			c.add(of, c.objectOf(oid), normal)
		}
	})
}

// objectOf is a relation or function by its oid.
func (c *dependencies) objectOf(oid types.OID) object {
	if outline(c.v, oid) != nil {
		return columnObject(oid, 0)
	}
	return procObject(oid)
}
