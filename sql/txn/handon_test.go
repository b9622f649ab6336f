package txn

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
)

// TestHandovers orders rows that gain each other's keys at random, several each: nobody
// comes before one that it waits for, but within a circle, and everybody comes once.
func TestHandovers(t *testing.T) {
	circles := 0
	for seed := range uint64(300) {
		src := rng.Seeded(seed)
		n := 2 + src.Uint64()%40
		h := &handovers{takers: map[int32][]int32{}, waits: make([]int32, n)}
		var pairs [][2]int32
		for range src.Uint64() % (2 * n) {
			from, to := int32(src.Uint64()%n), int32(src.Uint64()%n)
			if from != to {
				h.takers[from] = append(h.takers[from], to)
				h.waits[to]++
				pairs = append(pairs, [2]int32{from, to})
			}
		}
		free, later := h.inTurn()
		parts := h.circles()
		circles += len(parts)
		place := map[int32]int{}
		put := func(rows []int32, step int) {
			for _, k := range rows {
				require.NotContains(t, place, k)
				place[k] = len(place) * step
				if step == 0 {
					place[k] = 1000 + int(slices.Min(rows))
				}
			}
		}
		put(slices.Concat(free, later), 1)
		for _, rows := range parts {
			require.Greater(t, len(rows), 1)
			put(rows, 0)
		}
		require.Len(t, place, int(n))
		for _, p := range pairs {
			from, to := place[p[0]], place[p[1]]
			require.True(t, from < to || from == to && from >= 1000, "seed %d: row %d before row %d", seed, p[1], p[0])
		}
		for _, k := range free {
			require.False(t, slices.ContainsFunc(pairs, func(p [2]int32) bool { return p[1] == k }))
		}
	}
	require.Positive(t, circles)
}
