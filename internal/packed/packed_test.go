package packed

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReader(t *testing.T) {
	b := Append(binary.AppendVarint(Append(nil, "né"), -7), []byte{})
	b = Append(b, []byte{1, 2})
	r := &Reader{Rest: b}
	require.Equal(t, "né", r.Text())
	require.EqualValues(t, -7, r.Varint())
	require.Empty(t, r.Sized())
	require.Equal(t, []byte{1, 2}, r.Take(3)[1:])
	require.False(t, r.Bad)
	require.Empty(t, r.Rest)
	for n := range len(b) {
		cut := &Reader{Rest: b[:n]}
		cut.Text()
		cut.Varint()
		cut.Sized()
		cut.Sized()
		require.True(t, cut.Bad, "%d bytes of %d", n, len(b))
	}
}
