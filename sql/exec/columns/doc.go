// Package columns holds the typed loops over vectors that operators share:
// hashing, equality, order, gathering with NULLs, assembling a vector from
// parts. Each loop is written once over T and picked by the vector's Rep, so
// that no row is boxed.
//
// Equality and order are those of the types' default operator classes: NULL
// equals NULL here, because grouping, DISTINCT and sorting treat it so; joins
// drop NULL keys before they ask.
//
// The package knows vectors and types. It must not know plans, expressions or
// memory limits.
package columns
