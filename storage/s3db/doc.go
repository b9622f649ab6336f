// Package s3db is the on-disk format of s3db.js: how a catalog, a document and
// its references are written as S3 objects. It speaks both forms: the seed's
// (6.2: base-36 numbers, no text layer, attribute maps by position) and
// today's (7 to 21: base-62 numbers, encoded header text, attribute indexes
// kept in the catalog). The law is s3db-format.md; section numbers in comments
// are that page's.
//
// How it hangs together:
//
//	Manifest    s3db.json: resources, versions, registries; byte-faithful for
//	            what it does not know. LoadManifest and UpdateManifest are the
//	            only functions here that do I/O.
//	Definition  one version of a resource as s3db.js declares it; BuildDefinition
//	            makes one from SQL columns.
//	Attribute   a parsed rule or nested object: hook, SQL type, checks.
//	Schema      a resource opened for reading and writing: Decode, Encode,
//	            Validate, keys of rows, references and unique keys. Immutable and
//	            safe for concurrent use.
//	Row         one document as SQL values, with what is needed to write it back
//	            without losing what we do not understand.
//
// Values are the Go representations of package types. Errors are
// *pgerr.Error: XX001 (Corrupt) for what is stored wrongly, 54000 for limits,
// 22023 for names and keys that the format can't carry.
//
// The package must not list, fetch or write documents, know SQL syntax, or
// read the time or chance but through its parameters.
package s3db
