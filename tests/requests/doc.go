// Package requests counts the requests to S3 that statements cost, exactly, and
// keeps docs/requests.md in line with what it counts.
package requests
