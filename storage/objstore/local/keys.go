package local

import "encoding/binary"

// The key spaces of the database, told apart by the first byte.
const (
	spaceChunk   = 'c' // blob id, number of the chunk → bytes of a large body
	spaceObject  = 'o' // key of the object → record
	spacePending = 'p' // blob id of a large body that no record names yet
)

const (
	// inlineMax is the largest body inside its record.
	inlineMax = 32 << 10
	chunkLen  = 256 << 10
)

func objectKey(key string) []byte {
	b := make([]byte, 0, 1+len(key))
	return append(append(b, spaceObject), key...)
}

func pendingKey(blob uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{spacePending}, blob)
}

func chunkKey(blob uint64, n uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64([]byte{spaceChunk}, blob), n)
}

// blobRange is the half-open range of a blob's chunks.
func blobRange(blob uint64) (from, to []byte) { return chunkKey(blob, 0), chunkKey(blob+1, 0) }

// prefixRange is the half-open range of the objects whose keys begin with
// prefix.
func prefixRange(prefix string) (from, to []byte) {
	from = objectKey(prefix)
	to = objectKey(prefix)
	for to[len(to)-1] == 0xff {
		to = to[:len(to)-1]
	}
	to[len(to)-1]++
	return from, to
}
