// Package section keeps the parts of docs/benchmarks.md that programs write, each
// between a pair of marks. It measures nothing.
package section
