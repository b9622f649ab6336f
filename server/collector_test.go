package server

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGrowth(t *testing.T) {
	for live, want := range map[uint64]int{0: 100, 1 << 10: 1000, 16 << 20: 400, 32 << 20: 200, 64 << 20: 100, 8 << 30: 100} {
		require.Equal(t, want, growth(live), "%d bytes", live)
	}
}
