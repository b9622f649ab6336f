package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/settings"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgSettings) }

// setting is a parameter with its value in the session that asks.
type setting struct {
	*settings.Setting
	value string // in its canonical form: a number without unit
}

var pgSettings = virtual.Rel[setting]{
	Of:   "pg_settings",
	Size: virtual.Size{Fixed: 360},
	Rows: func(v View, yield func(setting)) {
		for _, s := range settings.All() {
			if !s.Hidden {
				yield(currentSetting(v, s))
			}
		}
	},
	Columns: virtual.Columns[setting]{
		"name":            func(s setting) any { return s.Name },
		"setting":         func(s setting) any { return s.value },
		"unit":            func(s setting) any { return orNull(s.Unit) },
		"category":        func(s setting) any { return s.Category },
		"short_desc":      func(s setting) any { return s.Doc },
		"extra_desc":      func(s setting) any { return orNull(s.ExtraDoc) },
		"context":         func(s setting) any { return string(s.Context) },
		"vartype":         func(s setting) any { return string(s.Kind) },
		"source":          func(s setting) any { return s.source() },
		"min_val":         func(s setting) any { return s.limit(s.Min) },
		"max_val":         func(s setting) any { return s.limit(s.Max) },
		"enumvals":        func(s setting) any { return arrayOrNull(types.TextOID, s.Values) },
		"boot_val":        func(s setting) any { return s.Default },
		"reset_val":       func(s setting) any { return s.Default },
		"pending_restart": is[setting](false),
	},
	Lookups: []virtual.Lookup[setting]{
		{By: []string{"name"}, Find: func(v View, keys []any, yield func(setting)) {
			if s := settings.Lookup(keys[0].(string)); s != nil && s.Name == keys[0] && !s.Hidden {
				yield(currentSetting(v, s))
			}
		}},
	},
}

func currentSetting(v View, s *settings.Setting) setting {
	shown, ok := v.Setting(s.Name)
	if !ok {
		return setting{s, s.Default}
	}
	if canonical, err := s.Canonical(shown); err == nil {
		return setting{s, canonical}
	}
	return setting{s, shown}
}

// source is where the value comes from, as far as it shows.
func (s setting) source() string {
	switch {
	case s.value == s.Default:
		return "default"
	case s.Context == settings.Internal:
		return "override"
	}
	return "session"
}

func (s setting) limit(n float64) any {
	if s.Kind != settings.Integer && s.Kind != settings.Real {
		return nil
	}
	return s.Number(n)
}
