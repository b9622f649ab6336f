// Package s3test starts real S3 servers, versitygw and MinIO, as processes for
// tests. scripts/install-s3-servers.sh builds them, outside the repository.
// Where they are missing a test is skipped on a developer's machine, and fails
// in continuous integration (CI=true). It imports nothing of ours.
package s3test
