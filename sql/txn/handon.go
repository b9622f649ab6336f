package txn

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// handOnRows is how many rows that wait for each other's unique keys are written
// together: each has to see in its turn whether it has still to wait.
const handOnRows = 512

// maxCircle is how many rows may exchange unique keys in a circle, which is written at
// once.
const maxCircle = 1 << 16

// handOn orders updates that gain unique keys: first those that gain none of another
// one's, then each behind those that give up what it gains, at last circles, each in one
// piece. 54000 for a circle beyond maxCircle.
func (w *writeSet) handOn(ids []string) ([][]string, error) {
	if len(ids) <= pieceRows {
		return cut(ids, pieceRows), nil
	}
	h, err := w.handovers(ids)
	if err != nil {
		return nil, err
	}
	free, later := h.inTurn()
	names := func(rows []int32) []string {
		out := make([]string, len(rows))
		for i, k := range rows {
			out[i] = ids[k]
		}
		return out
	}
	out := append(cut(names(free), pieceRows), cut(names(later), handOnRows)...)
	var piece []int32
	for _, circle := range h.circles() {
		if len(circle) > maxCircle {
			return nil, pgerr.New(pgerr.ProgramLimitExceeded, "more than %d rows exchange unique keys in a circle", maxCircle)
		}
		if piece = append(piece, circle...); len(piece) >= handOnRows {
			out, piece = append(out, names(piece)), nil
		}
	}
	return append(out, cut(names(piece), maxCircle+handOnRows)...), nil
}

// handovers says which rows, by their numbers, gain keys that others give up.
type handovers struct {
	takers map[int32][]int32 // by giver
	// waits is for how many givers a row waits.
	waits []int32
}

func (w *writeSet) handovers(ids []string) (*handovers, error) {
	givers := map[keyHash]int32{}
	for i, id := range ids {
		lost, err := w.lost(id)
		if err != nil {
			return nil, err
		}
		for _, key := range lost {
			givers[key] = int32(i)
		}
	}
	h := &handovers{takers: map[int32][]int32{}, waits: make([]int32, len(ids))}
	for i, id := range ids {
		for _, k := range w.rows.get(id).keys {
			if from, ok := givers[k.keyHash]; ok && from != int32(i) {
				h.takers[from] = append(h.takers[from], int32(i))
				h.waits[i]++
			}
		}
	}
	return h, nil
}

// lost are the unique keys that the store's row has, and the transaction's has not.
func (w *writeSet) lost(id string) (out []keyHash, err error) {
	p := w.rows.get(id)
	ch, err := p.net()
	if err != nil || ch.Old == nil {
		return nil, err
	}
	keys, err := w.base.UniqueKeys(ch.Old)
	for _, k := range keys {
		if !p.has(k.Key) {
			out = append(out, hashKey(k.Key))
		}
	}
	return out, err
}

// inTurn lists the rows that wait for none, and those whose turn comes after these. Rows
// of circles, and those behind them, keep waiting.
func (h *handovers) inTurn() (free, later []int32) {
	for i, n := range h.waits {
		if n == 0 {
			free = append(free, int32(i))
		}
	}
	order := slices.Clone(free)
	for at := 0; at < len(order); at++ {
		for _, taker := range h.takers[order[at]] {
			if h.waits[taker]--; h.waits[taker] == 0 {
				order = append(order, taker)
			}
		}
	}
	return free, order[len(free):]
}

// circles are the rows that still wait, those together that hang together.
func (h *handovers) circles() (out [][]int32) {
	near := map[int32][]int32{}
	for from, takers := range h.takers {
		for _, to := range takers {
			if h.waits[from] > 0 && h.waits[to] > 0 {
				near[from], near[to] = append(near[from], to), append(near[to], from)
			}
		}
	}
	seen := make([]bool, len(h.waits))
	for i, n := range h.waits {
		if n == 0 || seen[i] {
			continue
		}
		circle := []int32{int32(i)}
		seen[i] = true
		for at := 0; at < len(circle); at++ {
			for _, other := range near[circle[at]] {
				if !seen[other] {
					seen[other] = true
					circle = append(circle, other)
				}
			}
		}
		slices.Sort(circle)
		out = append(out, circle)
	}
	return out
}
