package server

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// freeHeap is how much garbage the process lets lie before it collects, where the
// runtime's own rule (as much as there is live data) would be less: a server at rest
// has some 20 MB of live data, and point queries would have it collect ten times a
// second, which took a third of their time.
const freeHeap = 64 << 20

const (
	usualGrowth = 100  // percent of the live heap, Go's default
	mostGrowth  = 1000 // an empty server need not be lazier than that
	liveHeap    = "/gc/heap/live:bytes"
)

var tuneOnce sync.Once

// tuneCollector keeps the collector at freeHeap. Who sets GOGC decides alone.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		tuneOnce.Do(tune)
	}
}

// tune sets the growth for the live heap as it is, and again after each collection: the
// cycle's end is when an unreachable object's finalizer runs.
func tune() {
	sample := []metrics.Sample{{Name: liveHeap}}
	metrics.Read(sample)
	debug.SetGCPercent(growth(sample[0].Value.Uint64()))
	type cycle struct{ _ *byte }
	runtime.SetFinalizer(&cycle{}, func(*cycle) { tune() })
}

// growth is the percentage of live bytes that makes freeHeap.
func growth(live uint64) int {
	if live == 0 {
		return usualGrowth
	}
	return int(min(max(freeHeap*100/live, usualGrowth), mostGrowth))
}
