package gen

// Statement is one of a script.
type Statement struct {
	SQL string
	// Ordered: its rows come in a certain order.
	Ordered bool
	// Copy: COPY … TO STDOUT.
	Copy bool
}

// Script are statements that run one after another.
type Script struct {
	Statements []Statement
	// Block: in a transaction block, which is taken back.
	Block bool
	// Through: to the end, and not only to the first that fails.
	Through bool
}

// block makes a script of statements whose rows come in any order.
func block(statements ...string) Script {
	s := Script{Block: true}
	for _, sql := range statements {
		s.add(sql)
	}
	return s
}

func (s *Script) add(sql string) { s.Statements = append(s.Statements, Statement{SQL: sql}) }

func single(sql string) Script { return Script{Statements: []Statement{{SQL: sql}}} }

// topic is one kind of script.
type topic struct {
	name   string
	weight int
	make   func(g *Gen) Script
}

// topics, the simplest first. Their weights are shares of their sum.
var topics = []topic{
	{"query", 24, (*Gen).queryScript},
	{"change", 10, (*Gen).changeScript},
	{"merge", 5, (*Gen).merge},
	{"window", 6, (*Gen).windowFrames},
	{"with", 5, (*Gen).withChanges},
	{"sets", 5, (*Gen).groupingAndSets},
	{"view", 5, (*Gen).view},
	{"ddl", 8, (*Gen).ddl},
	{"cursor", 3, (*Gen).cursor},
	{"prepare", 4, (*Gen).prepare},
	{"copy", 3, (*Gen).copyOut},
	{"cast", 8, (*Gen).cast},
	{"format", 6, (*Gen).format},
	{"datetime", 6, (*Gen).datetime},
	{"regex", 5, (*Gen).regex},
	{"json", 5, (*Gen).json},
	{"array", 4, (*Gen).array},
	{"number", 4, (*Gen).number},
	{"text", 4, (*Gen).text},
	{"search", 4, (*Gen).search},
}

// Topics are the names of the kinds of script.
func Topics() []string {
	var out []string
	for _, t := range topics {
		out = append(out, t.name)
	}
	return out
}

// Script makes one, of the named topic or, where it is "", of any.
func (g *Gen) Script(name string) Script {
	sum := 0
	for _, t := range topics {
		sum += t.weight
	}
	at := g.n(sum)
	for _, t := range topics {
		if name == t.name || name == "" && at < t.weight {
			return t.make(g)
		}
		at -= t.weight
	}
	panic("gen: no topic " + name)
}

func (g *Gen) queryScript() Script {
	sql, ordered := g.Query()
	return Script{Statements: []Statement{{SQL: sql, Ordered: ordered}}}
}

func (g *Gen) changeScript() Script {
	sql, table := g.Change()
	return block(sql, "SELECT * FROM "+table)
}
