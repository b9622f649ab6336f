// Package exec turns a physical plan into operators and runs them: batches of
// rows pulled from the root, one operator per file.
//
// An operator belongs to one goroutine between Open and Close; it may be opened
// again after Close. Goroutines that an operator starts live only within one
// call of Next, those of a scan until Close. Memory is accounted per operator:
// what can spill does so at Env.WorkMem.
//
// The package must not know statements, sessions or the protocol, and never
// plans: a logical node is an internal error.
package exec
