package pgcatalog

import (
	"path"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

// unanswered are the functions that are 0A000, as patterns, each with its reason.
var unanswered = map[string]string{
	"pg_stat_get_*":                  "they are behind views of one row for the server or the transaction, whose counters are asked of the views",
	"pg_stat_reset*":                 "there are no such counters",
	"pg_stat_clear_snapshot":         "there are no such counters",
	"pg_ls_*":                        "the server has no files of PostgreSQL's kind",
	"pg_get_wal_*":                   "there is no write-ahead log",
	"pg_get_multixact_members":       "there are no multixacts",
	"pg_get_backend_memory_contexts": "there are no memory contexts",
	"pg_get_shmem_allocations":       "there is no shared memory",
	"pg_extension_config_dump":       "only a script of CREATE EXTENSION may call it",
	"pg_get_object_address":          "objects are not found by the parts of their addresses",
}

// Every function that asks the catalog has an answer or a reason for having none.
func TestFunctionsAreAnswered(t *testing.T) {
	used := map[string]bool{}
	for _, name := range funcs.CatalogFunctions() {
		if answers[name] != nil {
			continue
		}
		why := ""
		for pattern, reason := range unanswered {
			if ok, _ := path.Match(pattern, name); ok {
				why, used[pattern] = reason, true
			}
		}
		assert.NotEmpty(t, why, name)
	}
	for pattern := range unanswered {
		assert.True(t, used[pattern], "%s is answered", pattern)
	}
}
