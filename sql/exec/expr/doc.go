// Package expr compiles typed plan expressions into evaluators over batches.
//
// An evaluator computes only the rows it is asked for: AND and OR, CASE and
// COALESCE hand later arguments a smaller selection, so that a row decided
// early never raises an error in an argument that is not reached. Results are
// vectors that nobody writes to again; rows outside the selection hold
// anything.
//
// An evaluator keeps buffers and call state: it belongs to one goroutine.
//
// The package must not know operators: subqueries are started through
// Runtime.Subplan.
package expr
