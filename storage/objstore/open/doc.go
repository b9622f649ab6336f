// Package open opens the store that a location names. It is the only package
// that imports all implementations, so that nobody else needs to.
package open
