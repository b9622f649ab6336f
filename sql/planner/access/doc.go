// Package access finds the ways to reach the rows of one table that satisfy a
// predicate (storage.md section 3): it matches the predicate's conjuncts with
// the primary key, the unique indexes and the partitions, and says which paths
// are complete, what they cover, and what they cost.
//
// Whatever a path uses of the predicate, the whole predicate is evaluated again
// on every row: a path may read too much, never too little.
package access
