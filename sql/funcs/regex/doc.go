// Package regex implements PostgreSQL's regular expressions: its dialect
// (advanced, extended, literal, embedded options) and its meaning, which is
// neither Perl's nor POSIX's. A match starts as early as it can; where several
// ends are possible the expression as a whole prefers the longest or the
// shortest, and then each part in turn, from the left, prefers its longest or
// shortest (PostgreSQL documentation, "Regular Expression Matching Rules").
//
// Parsing makes a tree. The extent of a match is found with Go's automaton where
// the tree has a counterpart there, and else by simulating our own; captures are
// then found by dissecting the matched text along the tree, as PostgreSQL's
// regexec.c does. Character classes and case are ASCII's, as under
// collation C, or, with the option Unicode, all letters'.
//
// The package knows strings and nothing of SQL. Errors are *Error; their text is
// PostgreSQL's.
package regex
