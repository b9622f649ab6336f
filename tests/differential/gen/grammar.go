package gen

import "strings"

// grammar maps symbols to the ways to write them; «symbol» in one stands for another.
// The first way is the simplest: it must not lead back to its own symbol.
type grammar map[string][]string

// deepest is how many symbols within symbols are replaced by chance; below only the
// first ways are taken.
const deepest = 8

// write makes a sentence of gr.
func (g *Gen) write(gr grammar, symbol string) string { return g.expand(gr, symbol, 0) }

func (g *Gen) expand(gr grammar, symbol string, depth int) string {
	ways := gr[symbol]
	if ways == nil {
		panic("gen: no symbol " + symbol)
	}
	way := ways[0]
	if depth < deepest {
		way = pick(g.Choices, ways)
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(way, "«")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		inner, after, _ := strings.Cut(rest, "»")
		out.WriteString(g.expand(gr, inner, depth+1))
		way = after
	}
}

// words are the words of a text.
func words(s string) []string { return strings.Fields(s) }

// lines are the lines of a text that are not empty.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSuffix(l, "\n"); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// quote makes a literal of a text.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
