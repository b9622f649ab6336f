// Package geometry holds the values of the geometric types, and what their
// functions and operators compute: the algebra of PostgreSQL's geo_ops.c, whose
// names its methods carry in comments where they differ. Coordinates are double
// precision; comparisons are fuzzy where PostgreSQL's are, by 1e-6.
//
// Computations that can overflow, underflow or divide by zero are methods of a
// Calc, which keeps the first failure (22003, 22012) and goes on with whatever
// came out; who starts one looks at its Err in the end.
//
// The package is pure: it knows no text forms, no SQL and no registry, and imports
// pgerr only.
package geometry
