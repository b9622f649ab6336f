// Package rules rewrites logical plans into equivalent cheaper ones. One file
// is one rule; rules.go lists them in the order in which they run. Every rule
// has a golden file with the plan before and after it (testdata).
//
// A rule never looks at costs or access paths, and never changes the answer,
// the errors that must be raised, or the output columns of the root.
package rules
