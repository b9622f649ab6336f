// Package gen makes random schemas, rows and statements of PostgreSQL's SQL from a
// seed, for servers whose answers are compared.
//
// Whatever it makes has one right answer: no runtime error that depends on the order
// of evaluation, no result that depends on the order of ties, no clock and no random
// number. What is left to chance is drawn from Choices, which remembers every draw:
// a statement is the same again when its draws are replayed, and smaller when they
// are fewer or lower, which is how Shrink makes a reproduction small without knowing
// any SQL.
//
// The package talks to no server and knows nothing of s3db-sql.
package gen
