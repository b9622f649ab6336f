package types

import "time"

// LoadZone is a stand-in.
func LoadZone(name string) (*time.Location, error) { return time.LoadLocation(name) }
