// Package clock is the only place that reads the time: everything else takes a
// Clock, so that tests decide what time it is. It imports nothing of ours.
package clock
