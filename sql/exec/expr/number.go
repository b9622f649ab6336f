package expr

import "strconv"

func formatInt(i int64) string { return strconv.FormatInt(i, 10) }

// arrayIndex reads a jsonb subscript as a position; text counts if it is a
// number.
func arrayIndex(key any) (int64, bool) {
	if s, ok := key.(string); ok {
		i, err := strconv.ParseInt(s, 10, 32)
		return i, err == nil
	}
	return intValue(key), true
}
