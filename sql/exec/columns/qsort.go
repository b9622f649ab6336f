package columns

// qsort sorts as PostgreSQL's qsort does (sort_template.h: Bentley and McIlroy's, with
// a look for input that is sorted already), step by step: rows that compare equal come
// out in the order in which PostgreSQL shows them.
func qsort[T any](a []T, cmp func(x, y *T) int) {
	for {
		n := len(a)
		switch {
		case n < 7:
			insertionSort(a, cmp)
			return
		case presorted(a, cmp):
			return
		}
		less, greater := partition(a, cmp)
		if less <= greater {
			qsort(a[:less], cmp)
			a = a[n-greater:]
		} else {
			qsort(a[n-greater:], cmp)
			a = a[:less]
		}
	}
}

func insertionSort[T any](a []T, cmp func(x, y *T) int) {
	for m := 1; m < len(a); m++ {
		for l := m; l > 0 && cmp(&a[l-1], &a[l]) > 0; l-- {
			a[l], a[l-1] = a[l-1], a[l]
		}
	}
}

func presorted[T any](a []T, cmp func(x, y *T) int) bool {
	for m := 1; m < len(a); m++ {
		if cmp(&a[m-1], &a[m]) > 0 {
			return false
		}
	}
	return true
}

// partition moves what is less than a pivot to the beginning of a and what is greater
// to its end; the numbers of both are returned.
func partition[T any](a []T, cmp func(x, y *T) int) (less, greater int) {
	n := len(a)
	p := pivot(a, cmp)
	a[0], a[p] = a[p], a[0]
	// [0, pa) and (pd, n) equal the pivot, [pa, pb) is less, (pc, pd] is greater.
	pa, pb, pc, pd := 1, 1, n-1, n-1
	for {
		for ; pb <= pc; pb++ {
			r := cmp(&a[pb], &a[0])
			if r > 0 {
				break
			}
			if r == 0 {
				a[pa], a[pb] = a[pb], a[pa]
				pa++
			}
		}
		for ; pb <= pc; pc-- {
			r := cmp(&a[pc], &a[0])
			if r < 0 {
				break
			}
			if r == 0 {
				a[pc], a[pd] = a[pd], a[pc]
				pd--
			}
		}
		if pb > pc {
			break
		}
		a[pb], a[pc] = a[pc], a[pb]
		pb++
		pc--
	}
	d := min(pa, pb-pa)
	swap(a[:d], a[pb-d:])
	d = min(pd-pc, n-pd-1)
	swap(a[pb:pb+d], a[n-d:])
	return pb - pa, pd - pc
}

func swap[T any](a, b []T) {
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}

// pivot is the middle of three, of nine in a long a.
func pivot[T any](a []T, cmp func(x, y *T) int) int {
	n := len(a)
	l, m, r := 0, n/2, n-1
	if n > 40 {
		d := n / 8
		l, m, r = median(a, l, l+d, l+2*d, cmp), median(a, m-d, m, m+d, cmp), median(a, r-2*d, r-d, r, cmp)
	}
	if n > 7 {
		m = median(a, l, m, r, cmp)
	}
	return m
}

func median[T any](a []T, x, y, z int, cmp func(x, y *T) int) int {
	if cmp(&a[x], &a[y]) < 0 {
		switch {
		case cmp(&a[y], &a[z]) < 0:
			return y
		case cmp(&a[x], &a[z]) < 0:
			return z
		}
		return x
	}
	switch {
	case cmp(&a[y], &a[z]) > 0:
		return y
	case cmp(&a[x], &a[z]) < 0:
		return x
	}
	return z
}
