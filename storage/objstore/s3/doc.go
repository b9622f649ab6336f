// Package s3 is the object store over Amazon S3 and servers that speak its REST
// API.
//
// Credentials, signing and endpoint rules are aws-sdk-go-v2's; this is the only
// package that may import it. The requests themselves are built here: the SDK's
// own client spends three quarters of its CPU per request on middleware and XML
// (s3-servers.md section 3), and retries a conditional write whose outcome is
// unknown. What may be retried is decided in retry.go, in one table in errors.go
// an S3 error gets its kind; nobody above sees an SDK or HTTP error, and no text
// that leaves the package holds a key.
//
// References: Amazon S3 API Reference (PutObject, GetObject, HeadObject,
// ListObjectsV2, DeleteObject, DeleteObjects, "Error responses").
package s3
