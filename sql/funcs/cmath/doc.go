// Package cmath computes the elementary functions to the last bit: it works in
// about 100 bits and rounds once. PostgreSQL uses the C library's functions,
// which nearly always give the correctly rounded result; Go's package math is
// often one unit off, which shows in a float8's shortest text.
//
// Arguments are those that the functions of package math take, with the same
// special cases. The package knows nothing of SQL.
package cmath
