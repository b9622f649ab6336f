// Package conformance is the one suite that every object store passes: the
// built-in ones, the decorators, the S3 client over the in-process fake and
// over real servers. Its rules are AWS S3's, restricted to what storage.md says
// may be relied on; what a server does differently is an explicit option.
//
// It is imported by tests only and, as it is no _test file, does without an
// assertion library.
package conformance
