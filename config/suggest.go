package config

// closest finds the option whose name is most like s, if one is at all.
func closest(s string) (option, bool) {
	best, found := option{}, false
	limit := min(len(s)/3+2, 4)
	for _, o := range options {
		if d := distance(s, o.name); d < limit {
			best, found, limit = o, true, d
		}
	}
	return best, found
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
