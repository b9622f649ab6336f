package types

import "strconv"

// typmodText renders modifiers as "(10,2)".
func typmodText(mods ...int32) string {
	b := []byte{'('}
	for i, m := range mods {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(m), 10)
	}
	return string(append(b, ')'))
}
