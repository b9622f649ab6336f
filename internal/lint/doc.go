// Package lint checks the rules of the house that a compiler does not: who may
// import whom, where a third-party library may be used, who may read the clock
// and take chances, and that each package says what it is for. The tables in
// rules.go are the rules; the test of this package holds the repository to
// them. It reads source only, so it takes well under a second.
//
// It imports nothing of ours, and nothing imports it.
package lint
