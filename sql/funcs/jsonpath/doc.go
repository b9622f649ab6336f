// Package jsonpath is the SQL/JSON path language as PostgreSQL 15 has it: the
// type jsonpath (its text and binary forms) and the executor over jsonb values.
//
// Scanning, parsing, printing and executing follow PostgreSQL's
// jsonpath_scan.l, jsonpath_gram.y, jsonpath.c and jsonpath_exec.c, whose
// function names the executor keeps. A Path is a chain of Nodes: each has its
// operands, and next is the accessor applied to its result.
//
// An execution is given everything it needs: the document, the variables, and
// in Options how text becomes a date or time (the templates are those of
// to_timestamp, which package funcs owns). It returns Items: jsonb values, or
// dates and times, which JSON has not. The package knows neither vectors nor
// calls.
package jsonpath
