// Package virtualtest is what the tests of the catalog's own relations share: a
// small database to show, and the checks that every set of relations must pass.
package virtualtest
