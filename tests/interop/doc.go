// Package interop proves that s3db-sql and s3db.js share a database: on a real S3
// server, versions 19.5.10 and 21.6.2 of the library themselves (driver.mjs) and
// our server write and read the same objects.
//
//   - every rule with every kind of value, in every behavior, in tables that either has
//     made: what one writes both read, also after the other has changed the row (TestMatrix);
//   - texts of every length have one fate in each behavior (TestLimits), and definitions that
//     both change one meaning (TestVersions);
//   - partitions of every kind: rows that one writes and the other moves or deletes leave no
//     reference missing or dangling (TestPartitions);
//   - both versions and two servers write the same rows in turns (TestInTurns) and several
//     processes of each at once (TestStorm): what is promised then stands there;
//   - what the library writes, SELECT reads, and sees change (TestWeReadTheirs);
//   - each method of the library in SQL (TestSurface), and each trap of its format
//     (TestTraps, docs/traps.md);
//   - what SQL writes, in every behavior and type, the library reads, lists and
//     counts, along partitions too (TestTheyReadOurs);
//   - what the library writes into our tables, we read (TestTheyWriteOurs), and
//     nobody loses (TestTheirWriteIsNotLost, TestForeignRowsEndTrust).
//
// A test run takes a sample of the first two; make interop N=5 all of them.
//
// scripts/install-s3dbjs.sh installs the library and scripts/install-s3-servers.sh
// the server, outside the repository. Where they are missing the tests are
// skipped on a developer's machine, and fail in continuous integration (CI=true).
package interop
