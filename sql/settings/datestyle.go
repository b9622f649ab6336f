package settings

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// completeDateStyle is check_datestyle: a list of key words, each of a style or of an order
// of day, month and year. What no word says stays, or is the reset value's after DEFAULT;
// German brings its own order along where none has been said. 22023 for another word, or
// for two styles or two orders.
func completeDateStyle(value, present, reset string) (string, error) {
	invalid := pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"DateStyle\": \"%s\"", value)
	style, order, _ := strings.Cut(present, ", ")
	saidStyle, saidOrder, conflict := false, false, false
	for _, word := range strings.Split(value, ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		switch newStyle, newOrder := dateStyle(word), dateOrder(word); {
		case word == "" && strings.TrimSpace(value) == "":
		case newStyle != "":
			conflict = conflict || saidStyle && newStyle != style
			style, saidStyle = newStyle, true
			if newStyle == "German" && !saidOrder {
				order = "DMY"
			}
		case newOrder != "":
			conflict = conflict || saidOrder && newOrder != order
			order, saidOrder = newOrder, true
		case word == "default":
			defaultStyle, defaultOrder, _ := strings.Cut(reset, ", ")
			if !saidStyle {
				style = defaultStyle
			}
			if !saidOrder {
				order = defaultOrder
			}
		case word == "" || strings.ContainsAny(word, " \t\n"):
			return "", invalid.WithDetail("List syntax is invalid.")
		default:
			return "", invalid.WithDetail("Unrecognized key word: \"%s\".", word)
		}
	}
	if conflict {
		return "", invalid.WithDetail("Conflicting \"datestyle\" specifications.")
	}
	return style + ", " + order, nil
}

// dateStyle is the style that a key word means; "" for none.
func dateStyle(word string) string {
	switch {
	case word == "iso":
		return "ISO"
	case word == "sql":
		return "SQL"
	case strings.HasPrefix(word, "postgres"):
		return "Postgres"
	case word == "german":
		return "German"
	}
	return ""
}

// dateOrder is the order that a key word means; "" for none.
func dateOrder(word string) string {
	switch {
	case word == "ymd":
		return "YMD"
	case word == "dmy", strings.HasPrefix(word, "euro"):
		return "DMY"
	case word == "mdy", word == "us", strings.HasPrefix(word, "noneuro"):
		return "MDY"
	}
	return ""
}
