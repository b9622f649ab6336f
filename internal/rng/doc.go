// Package rng is the only source of chance: everything else takes a Source, so
// that a printed seed repeats a run. It imports nothing of ours.
package rng
