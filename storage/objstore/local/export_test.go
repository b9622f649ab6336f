package local

import "github.com/cockroachdb/pebble/v2"

// Blobs counts the chunks and the pending marks in the database.
func (s *Store) Blobs() (chunks, pending int, err error) {
	iter, err := s.db.NewIter(&pebble.IterOptions{})
	if err != nil {
		return 0, 0, err
	}
	for ok := iter.First(); ok; ok = iter.Next() {
		switch iter.Key()[0] {
		case spaceChunk:
			chunks++
		case spacePending:
			pending++
		}
	}
	return chunks, pending, iter.Close()
}
