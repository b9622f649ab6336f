// Package wire speaks PostgreSQL's frontend/backend protocol 3.0 and 3.2
// (PostgreSQL documentation, "Frontend/Backend Protocol") and hands commands to
// a Handler.
//
// It knows messages, never SQL: it does not split, parse or judge the text of a
// statement, and keeps no statement, portal or setting. It is the only importer
// of pgproto3, which codes the messages; framing, limits and the encoding of
// rows are its own.
//
// # Goroutines
//
// A connection has two: one runs the conversation and calls the Session, the
// other reads ahead (at most Config.ReadAhead bytes), so that a client that goes
// away cancels its statement. Only the first writes, so a slow client blocks the
// statement that feeds it and nothing piles up in memory.
//
// # Cancelling
//
// The context of a Session method ends with a cause, always a *pgerr.Error: a
// CancelRequest and Client.Cancel are 57014, a lost client 08006, a shutdown past
// its grace 57P01. A Session may return the context's error as it is; wire sends
// the cause.
package wire
