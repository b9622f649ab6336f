// Package session is one client's conversation with a database: its settings,
// transaction, prepared statements and portals, and the way of a statement from
// text to result (parse, bind, plan, execute).
//
// It speaks of statements and results, never of protocol messages: package
// server adapts it to wire. It plans nothing and evaluates nothing itself.
package session
