package textsearch

import (
	"math"
	"sort"
)

// RankWeights are the factors of the weights D, C, B and A, from 0 to 1.
type RankWeights [4]float32

// DefaultRankWeights are those that ts_rank uses unless told otherwise.
var DefaultRankWeights = RankWeights{0.1, 0.2, 0.4, 1}

// Ways to normalize a rank, to be combined (PostgreSQL documentation, "Ranking
// Search Results").
const (
	normLogLength = 1 << iota
	normLength
	normExtentDistance
	normUnique
	normLogUnique
	normSelf
)

// Rank is ts_rank: how often the query's words occur, and for & and phrases how
// near to each other. Arithmetic rounds to float4 where PostgreSQL's does.
func Rank(w *RankWeights, v *Vector, q *Query, method int32) float32 {
	if len(v.Lexemes) == 0 || q.Root == nil {
		return 0
	}
	var res float32
	if q.Root.Op == And || q.Root.Op == Phrase {
		res = rankAnd(w, v, q)
	} else {
		res = rankOr(w, v, q)
	}
	if res < 0 {
		res = 1e-20
	}
	unique := float64(len(v.Lexemes))
	if method&normLogLength != 0 {
		res = float32(float64(res) / (math.Log(float64(v.Count()+1)) / math.Ln2))
	}
	if method&normLength != 0 {
		res /= float32(v.Count())
	}
	if method&normUnique != 0 {
		res /= float32(unique)
	}
	if method&normLogUnique != 0 {
		res = float32(float64(res) / (math.Log(unique+1) / math.Ln2))
	}
	if method&normSelf != 0 {
		res /= res + 1
	}
	return res
}

// rankOr is calc_rank_or: the sum over occurrences, of which each next one
// counts less.
func rankOr(w *RankWeights, v *Vector, q *Query) float32 {
	operands := q.distinctOperands()
	var res float32
	for _, n := range operands {
		for _, l := range v.matching(n) {
			res = float32(float64(res) + occurrences(w, l.Positions)/1.64493406685)
		}
	}
	if len(operands) > 0 {
		res /= float32(len(operands))
	}
	return res
}

// occurrences is the sum of weight/i² over the i-th occurrences, with the
// greatest weight moved to the first place.
func occurrences(w *RankWeights, ps []Position) float64 {
	if len(ps) == 0 {
		ps = []Position{0}
	}
	var sum float32
	best, at := float32(-1), 0
	for i, p := range ps {
		f := w[p.Weight()]
		sum += f / float32((i+1)*(i+1))
		if f > best {
			best, at = f, i
		}
	}
	return float64(float32(best+sum) - float32(best/float32((at+1)*(at+1))))
}

// noPosition stands for the places of a stripped lexeme.
var noPosition = []Position{MaxPosition - 1}

// rankAnd is calc_rank_and: over each pair of words, the nearer the more.
func rankAnd(w *RankWeights, v *Vector, q *Query) float32 {
	operands := q.distinctOperands()
	if len(operands) < 2 {
		return rankOr(w, v, q)
	}
	res := float32(-1)
	seen := make([][]Position, len(operands)) // the last lexeme of each operand
	stripped := make([]bool, len(operands))
	for i, n := range operands {
		for _, l := range v.matching(n) {
			seen[i], stripped[i] = l.Positions, len(l.Positions) == 0
			if stripped[i] {
				seen[i] = noPosition
			}
			for k := range i {
				res = rankPair(w, res, seen[i], seen[k], stripped[i] || stripped[k])
			}
		}
	}
	return res
}

func rankPair(w *RankWeights, res float32, as, bs []Position, stripped bool) float32 {
	for _, a := range as {
		for _, b := range bs {
			dist := a.Place() - b.Place()
			if dist == 0 && !stripped {
				continue
			}
			if dist == 0 {
				dist = MaxPosition
			}
			f := float32(math.Sqrt(float64(float32(w[a.Weight()]*w[b.Weight()]) * nearness(max(dist, -dist)))))
			if res < 0 {
				res = f
			} else {
				res = float32(1 - (1-float64(res))*(1-float64(f)))
			}
		}
	}
	return res
}

// nearness is word_distance.
func nearness(dist int) float32 {
	if dist > 100 {
		return 1e-30
	}
	return float32(1 / (1.005 + 0.05*math.Exp(float64(float32(dist))/1.5-2)))
}

// occurrence is a place of the document at which operands match.
type occurrence struct {
	at       Position
	lexeme   int
	operands []*Node
}

// occurrencesOf are the places of the query's words, in order (get_docrep).
func occurrencesOf(v *Vector, q *Query) []occurrence {
	var out []occurrence
	for _, n := range q.Operands() {
		first, _ := v.Find(n.Word)
		for i, l := range v.matching(n) {
			for _, p := range l.Positions {
				if n.Weights == 0 || n.Weights&(1<<p.Weight()) != 0 {
					out = append(out, occurrence{p, first + i, []*Node{n}})
				}
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].before(&out[j]) })
	joined := out[:0]
	for _, o := range out {
		if n := len(joined); n > 0 && joined[n-1].at == o.at && joined[n-1].lexeme == o.lexeme {
			joined[n-1].operands = append(joined[n-1].operands, o.operands...)
			continue
		}
		joined = append(joined, o)
	}
	return joined
}

func (o *occurrence) before(p *occurrence) bool {
	switch {
	case o.at.Place() != p.at.Place():
		return o.at.Place() < p.at.Place()
	case o.at != p.at:
		return o.at < p.at
	}
	return o.lexeme < p.lexeme
}

// window is a part of the document: the places of each operand in it.
type window map[*Node][]int

func (w window) add(o *occurrence, backwards bool) {
	for _, n := range o.operands {
		at := w[n]
		switch {
		case len(at) == 0:
			w[n] = []int{o.at.Place()}
		case backwards && at[0] != o.at.Place():
			w[n] = append([]int{o.at.Place()}, at...)
		case !backwards && at[len(at)-1] != o.at.Place():
			w[n] = append(at, o.at.Place())
		}
	}
}

// check is the Check of a window (checkcondition_QueryOperand).
func (w window) check(n *Node, places *Places) Ternary {
	at := w[n]
	if len(at) == 0 {
		return No
	}
	if places != nil {
		places.At = at
	}
	return Yes
}

// cover finds the next smallest part of doc, from place from on, that matches:
// doc[begin:end+1]. end is -1 if there is none (Cover).
func cover(doc []occurrence, q *Query, from int) (begin, end int) {
	for ; from < len(doc); from++ {
		end = -1
		forwards := window{}
		for i := from; i < len(doc) && end < 0; i++ {
			if forwards.add(&doc[i], false); Execute(q.Root, forwards.check) {
				end = i
			}
		}
		if end < 0 || doc[end].at.Place() == 0 {
			return 0, -1
		}
		backwards := window{}
		for i := end; i >= from; i-- {
			if backwards.add(&doc[i], true); Execute(q.Root, backwards.check) {
				return i, end
			}
		}
	}
	return 0, -1
}

// RankCD is ts_rank_cd: the density of the parts of the document that match.
func RankCD(w *RankWeights, v *Vector, q *Query, method int32) float32 {
	doc := occurrencesOf(v, q)
	var sum, distances, previous float64
	extents := 0
	for from := 0; ; extents++ {
		begin, end := cover(doc, q, from)
		if end < 0 {
			break
		}
		from = begin + 1
		var inverse float64
		for _, o := range doc[begin : end+1] {
			inverse += 1 / float64(w[o.at.Weight()])
		}
		p, q := doc[begin].at.Place(), doc[end].at.Place()
		noise := q - p - (end - begin)
		if noise < 0 {
			noise = (end - begin) / 2
		}
		sum += float64(end-begin+1) / inverse / float64(1+noise)
		middle := float64(q+p) / 2
		if extents > 0 && middle > previous {
			distances += 1 / (middle - previous)
		}
		previous = middle
	}
	return normalizeCD(sum, distances, extents, v, method)
}

func normalizeCD(sum, distances float64, extents int, v *Vector, method int32) float32 {
	if extents == 0 {
		return 0
	}
	unique := float64(len(v.Lexemes))
	if method&normLogLength != 0 {
		sum /= math.Log(float64(v.Count() + 1))
	}
	if method&normLength != 0 {
		sum /= float64(v.Count())
	}
	if method&normExtentDistance != 0 && distances > 0 {
		sum /= float64(extents) / distances
	}
	if method&normUnique != 0 {
		sum /= unique
	}
	if method&normLogUnique != 0 {
		sum /= math.Log(unique+1) / math.Ln2
	}
	if method&normSelf != 0 {
		sum /= sum + 1
	}
	return float32(sum)
}
