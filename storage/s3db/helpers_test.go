package s3db_test

import "strconv"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func keysOf(m map[string]bool) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}
