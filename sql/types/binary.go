package types

import (
	"encoding/binary"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// badBinary is 22P03 for bytes that are not the binary form of the type.
func badBinary(typeName string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid binary representation of type %s", typeName)
}

func beUint16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func beUint32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
func beUint64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

func appendUint16s(dst []byte, vs ...uint16) []byte {
	for _, v := range vs {
		dst = binary.BigEndian.AppendUint16(dst, v)
	}
	return dst
}
