// Package partition knows which partition of a partitioned table a row belongs to,
// and what bounds partitions can have beside each other: PostgreSQL's partbounds.c
// and partdesc.c over the descriptors of package catalog.
//
// A Desc is one partitioned table's partitions in the order of their bounds; a Tree
// adds the partitions of those that are partitioned themselves. Both are made from a
// catalog snapshot when they are needed and never changed. Errors carry PostgreSQL's
// codes: 42P17 for bounds that can't be.
package partition
