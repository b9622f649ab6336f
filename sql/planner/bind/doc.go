// Package bind turns a parse tree into a bound, typed plan: PostgreSQL's parse
// analysis (src/backend/parser of PostgreSQL 15, whose function names the
// comments give where a rule comes from one). After it nothing is left to names
// or text: every expression has a type, every column an id, every function its
// overload, every parameter its type, and every error its position.
//
// It must not read or write data, plan (choose paths, push predicates) or know
// sessions: what it needs of one is in Env.
//
// Inside the package an error travels as a panic of type bindError, which Bind
// and Expr recover and return: analysis is a deep recursion in which every step
// can fail and none can continue. No panic of that type leaves the package, and
// no other panic is recovered.
package bind
