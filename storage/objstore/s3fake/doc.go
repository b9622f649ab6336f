// Package s3fake is a strict S3 server inside the test process, over real HTTP.
// It checks what AWS checks (SigV4 over every x-amz- header and the body,
// metadata and key limits, MD5 of batch deletes, conditions, page sizes), answers
// in AWS's documents and order, and refuses what it does not know instead of
// ignoring it. Knobs make it slow, throttled, forgetful of replies, or like other
// servers. The conformance suite keeps it honest, beside real servers.
//
// It is for tests only, and shares no code with the client in package s3.
package s3fake
