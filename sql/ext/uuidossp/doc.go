// Package uuidossp is the extension uuid-ossp: UUIDs of versions 1, 3, 4 and 5 of
// RFC 4122 (contrib/uuid-ossp).
package uuidossp
