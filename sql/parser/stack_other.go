//go:build !linux

package parser

// threadStack returns the least default stack size of a thread among the
// systems Go runs on (macOS's).
func threadStack() uint64 { return 512 << 10 }
