package txn

import (
	"maps"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLayers: what is written behind a snapshot is not in it, whatever maps are made one
// meanwhile, and many snapshots leave few maps.
func TestLayers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	type moment struct {
		layers layers
		want   map[string]*pending
	}
	now, want := layers(nil).grown(), map[string]*pending{}
	var past []moment
	for range 3000 {
		past = append(past, moment{now, maps.Clone(want)})
		if len(past) > 20 {
			past = past[1:]
		}
		if rnd.IntN(200) == 0 {
			m := past[rnd.IntN(len(past))]
			now, want = m.layers, maps.Clone(m.want)
		}
		now = now.grown()
		for range rnd.IntN(4) {
			id := strconv.Itoa(rnd.IntN(2000))
			want[id] = &pending{size: rnd.Int32()}
			now[len(now)-1][id] = want[id]
		}
		require.LessOrEqual(t, len(now), 2+bits.Len(uint(now.size())))
	}
	for _, m := range append(past, moment{now, want}) {
		n := 0
		for range m.layers.all() {
			n++
		}
		require.Len(t, m.want, n)
		require.Equal(t, m.want, maps.Collect(m.layers.all()))
		for id, p := range m.want {
			require.Same(t, p, m.layers.get(id))
		}
		require.GreaterOrEqual(t, m.layers.size(), len(m.want))
		require.Nil(t, m.layers.get("none"))
	}
}
