// Package planner turns a bound logical plan into a physical one: rewrite rules
// (rules), then join order, access paths (access) and operators, chosen by a
// cost vector of S3 requests, bytes, waits and CPU (cost). Binding is its child
// package bind.
//
// It never touches storage, sessions or the executor: facts come through Env.
package planner
