// Package faults proves what is left of the data when things go wrong.
//
//   - TestKilled: a server is killed (SIGKILL) at every write of a statement or a
//     transaction in turn, right before the request and right after it was
//     carried out but before its answer. Another server then finds all of it or
//     nothing of it, everything that was acknowledged, every index in agreement with
//     the rows, and nothing that a later write stumbles over.
//   - TestKilledDefinitions: the same for COPY, for definitions, and for blocks of
//     definitions and rows.
//   - TestKilledUnderLoad: a server is killed at random moments while clients write, and
//     started at once, again and again.
//   - TestTransfers: money moves between rows, and no statement that reads all of it
//     ever misses any, on three servers in bad weather and on one.
//   - TestUnique: values that must be of one row each, on three servers in bad weather.
//   - TestRegisters: histories of single rows that three servers read and write behind a
//     bad network, checked for linearizability by porcupine.
//
// The stores are a folder (the child's own requests are counted, see
// testserver.Process.Arm) and real S3 servers behind a proxy in the test
// (proxy.go). What is random follows from -seed; -long runs all of it (make faults).
package faults
