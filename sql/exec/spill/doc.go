// Package spill accounts the memory of operators and moves batches to
// temporary files when they pass their limit.
//
// A temporary file is unlinked as soon as it is open, so that nothing is left
// behind whatever ends the process; closing it frees the space. The format is
// private to one process and one query: it has no version.
//
// The package must not know plans or operators.
package spill
