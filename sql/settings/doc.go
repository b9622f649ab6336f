// Package settings is the registry of run-time parameters (GUCs): one entry per
// parameter with its type, default, limits, check and documentation. SHOW, SET,
// pg_settings, ParameterStatus and the docs read it. PostgreSQL's come from a table,
// postgresql.tsv; what is ours of them stands in builtin.go.
//
// It holds declarations and one session's values; what a parameter does is its
// reader's business. A parameter that is accepted only so that clients can set
// it says so in its further description.
package settings
