// Package pgerr is the one error value of the server: a PostgreSQL error or
// notice with its SQLSTATE, as the protocol's ErrorResponse and NoticeResponse
// carry it (PostgreSQL documentation, "Error and Notice Message Fields").
//
// An error gets its code where it is detected. Nothing outside this package
// may classify an error by the text of its message. The package imports
// nothing of ours.
package pgerr
