// Package sequences keeps the counters of sequences, each in an object of its
// own below plugin=s3db-sql/sequences/, where s3db.js looks for nothing.
//
// The object is written ahead, as PostgreSQL writes its log (sequence.c,
// SEQ_LOG_VALS): a conditional put claims numbers, and the server process gives
// them out of memory. Two servers never claim the same number: the put of the
// one who comes second fails, and it claims after the other's. A process that
// runs alone numbers without gaps, since it goes on from the number it gave last
// and not from what it wrote ahead; Close gives back what was not used. What a
// crash loses is at most maxAhead numbers.
//
// Setting a counter (setval) can't reach what another server holds in memory:
// that one goes on with its claim until it is used up. ALTER SEQUENCE RESTART
// makes a new counter instead, which the others learn of with the definition.
package sequences
