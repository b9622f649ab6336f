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

// binaryReader takes a binary value apart. After a read beyond the end it
// returns zeros and short is set.
type binaryReader struct {
	rest  []byte
	short bool
}

func (r *binaryReader) bytes(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.short = true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *binaryReader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return beUint32(b)
	}
	return 0
}

// value reads a length and as many bytes as a value of t; -1 is NULL.
func (r *binaryReader) value(env *Env, t *Type, typmod int32) (any, error) {
	n := int32(r.uint32())
	if n == -1 {
		return nil, nil
	}
	b := r.bytes(int(n))
	if r.short || t.Recv == nil {
		return nil, badBinary(t.Name)
	}
	return t.Recv(env, b, typmod)
}
