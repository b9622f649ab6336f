package server

import "github.com/s3db-sql/s3db-sql/storage/objstore"

// SetBatchSize sets how many rows operators pass on at a time; 0 is the usual.
// It must come before Serve. Answers do not depend on it, which tests check.
func (s *Server) SetBatchSize(rows int) { s.db.shared.BatchSize = rows }

// SetWorkers sets how many goroutines operators may use; 1 is none beside their
// own. It must come before Serve. Answers do not depend on it.
func (s *Server) SetWorkers(n int) { s.db.shared.Workers = n }

// Meter counts what the server asks of its store.
func (s *Server) Meter() *objstore.Meter { return s.db.meter }
