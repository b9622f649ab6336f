package catalog

import "strings"

// EventMode says who is told of what happens to a resource (LISTEN).
type EventMode uint8

// The modes: nobody, the sessions of the same server, those of all servers over the
// bucket.
const (
	EventsOff EventMode = iota
	EventsOn
	EventsShared
)

// ParseEventMode reads the value of WITH (events = …).
func ParseEventMode(value string) (mode EventMode, ok bool) {
	switch strings.ToLower(value) {
	case "shared":
		return EventsShared, true
	case "", "on", "true", "yes", "1":
		return EventsOn, true
	case "off", "false", "no", "0":
		return EventsOff, true
	}
	return EventsOff, false
}
