package storage

import "context"

// Counter says how a sequence counts and where its numbers are kept. Servers
// that name the same Object share them.
type Counter struct {
	// Object names the counter: another one after every RESTART.
	Object string
	// Name of the sequence, for messages.
	Name      string
	Increment int64
	Min, Max  int64
	Cycle     bool
	Cache     int64
}

// SequenceState is a counter as one server sees it: what SELECT * FROM a
// sequence shows.
type SequenceState struct {
	// Last is the last number given, or, where none was (Called is false), the
	// first one to be.
	Last   int64
	Called bool
	// Logged is how many numbers after Last this server holds.
	Logged int64
}

// SequenceRange are numbers that are the caller's alone: First, and every
// Increment after it up to Last.
type SequenceRange struct{ First, Last int64 }

// Sequences keeps counters. It is safe for concurrent use. Errors of the store
// leave as *pgerr.Error; 55000 for a counter that is gone.
type Sequences interface {
	// Create makes a counter; it is no error if it exists in that state.
	Create(ctx context.Context, c Counter, s SequenceState) error
	// Next takes up to Cache numbers: 2200H at the end of a sequence that does not
	// cycle.
	Next(ctx context.Context, c Counter) (SequenceRange, error)
	// Set makes Last the number that was given last (or, if Called is false, that
	// comes next). Other servers go on with numbers that they hold.
	Set(ctx context.Context, c Counter, s SequenceState) error
	State(ctx context.Context, c Counter) (SequenceState, error)
	// Drop removes a counter; a missing one is no error.
	Drop(ctx context.Context, c Counter) error
}
