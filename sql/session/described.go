package session

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

// Objects as messages describe them (getObjectDescription): the names of relations are
// quoted, and qualified where the search path does not find them; those of their parts
// stand as they are.

// relationText is a relation's name.
func (s *Session) relationText(rel *catalog.Relation) string {
	return bind.ShownName(s.catalog(), s.fullPath(), rel)
}

// described is "table t" of a relation.
func (s *Session) described(rel *catalog.Relation) string {
	return relationNouns[rel.Kind] + " " + s.relationText(rel)
}

// describedIndex is "index i" of an index of rel, of a key too.
func (s *Session) describedIndex(rel *catalog.Relation, name string, oid catalog.OID) string {
	return "index " + bind.ShownIndex(s.catalog(), s.fullPath(), rel, name, oid)
}

// describedColumn is "column c of table t".
func (s *Session) describedColumn(rel *catalog.Relation, column string) string {
	return "column " + column + " of " + s.described(rel)
}

// describedDefault is "default value for column c of table t".
func (s *Session) describedDefault(rel *catalog.Relation, column string) string {
	return "default value for " + s.describedColumn(rel, column)
}

// describedPart is "constraint c on table t", or a trigger, rule or policy: what.
func (s *Session) describedPart(what, name string, rel *catalog.Relation) string {
	return what + " " + name + " on " + s.described(rel)
}
