// Package plan is the vocabulary between binder, planner and executor: typed
// expressions, plan nodes, bound statements, and their text (EXPLAIN). It has
// no behaviour but walking, copying and printing.
//
// The binder makes logical nodes; the planner rewrites them and replaces Scan,
// Join, Aggregate and SetOp by physical ones; the executor accepts a tree
// without logical nodes. Nodes that leave no choice (Project, Filter, Sort …)
// serve on both sides.
//
// After binding nothing is left to names: columns are ColumnIDs, functions are
// *funcs.Func, types are *types.Type, every error has its position.
package plan
