// Package rows implements storage.Table: the rows of one resource, over the
// s3db.js format and an object store. It knows how rows are reached, in which
// order a row and its references are written, and what may be believed of what
// it finds (storage.md).
//
// How it hangs together:
//
//	table      a Definition made ready; Open.
//	record     one row on its way from the store: listed, fetched, decoded.
//	           projection says what a scan takes of it.
//	source     where candidates come from: ids, unique keys (owners), the rows'
//	           listing, the references' listing, or both (covering).
//	scanner    lists ahead, fetches side by side within Env.FanOut, keeps the order.
//	move       a row's way from one state to another: what Apply and Undo make.
//	writer     carries moves out: unique keys, references, the row, then what the
//	           row no longer has.
//	wait       how writers of different processes meet.
//	builder    BuildIndex.
//
// Reading. A row is fetched by one GET, never HEAD and GET: bodies are small,
// and only a GET surely pairs the metadata with its own ETag. Where the store
// lists metadata (and bodies), rows come with their listing. References and
// unique keys are rechecked against their row: stale ones cost a request, not a
// wrong answer. A row that s3db.js wrote has no unique keys before BuildIndex,
// and is not found by them. Memory is bounded by the requests in flight and the
// batch, but for the ids of a scan over several prefixes and the references of a
// covering scan.
//
// Writing. The row's own PUT or DELETE is conditional on the ETag that was read,
// which a stamp makes a version; that is what decides between writers of all
// processes. Writers of one process also lock the row, so that none removes a
// reference that another has just made. Between processes one window is left:
// when one of them takes a row away from a partition value (or deletes it, where
// DELETE takes a condition) and another one gives the same id the same value
// before the first has removed the old reference, that reference can be lost:
// REINDEX (BuildIndex) restores it. Rows without a stamp are read again right
// before they are written; a change of their metadata alone between the two is
// not noticed.
//
// The package must not know SQL: predicates, plans and the catalog are above it;
// bytes of the format are below, in storage/s3db.
package rows
