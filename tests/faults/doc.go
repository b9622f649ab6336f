// Package faults proves what is left of the data when things go wrong.
//
//   - TestKilled: a server is killed (SIGKILL) at each write of a statement that writes
//     one row, in turn, right before the request and right after it was carried out but
//     before its answer. Another server then finds all of it or nothing of it,
//     everything that was acknowledged, every index in agreement with the rows, and
//     nothing that a later write stumbles over. Statements and transactions of several
//     rows are not atomic under a kill yet (ADR 7), so they are not in it.
//
// The stores are a folder (the child's own requests are counted, see
// testserver.Process.Arm) and real S3 servers behind a proxy in the test
// (proxy.go). What is random follows from -seed; -long runs all of it (make faults).
package faults
