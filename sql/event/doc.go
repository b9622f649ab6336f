// Package event makes what LISTEN on a resource delivers: s3db.js's events as JSON
// texts, as far as a listener may read the row.
//
// It knows nothing of sessions and transactions: sql/session notes the events of a
// transaction and hands them out when it has committed.
package event
