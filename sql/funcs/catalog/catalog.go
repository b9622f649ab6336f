package catalog

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed pg_proc.tsv
var procTSV string

//go:embed pg_operator.tsv
var operatorTSV string

//go:embed pg_cast.tsv
var castTSV string

//go:embed pg_aggregate.tsv
var aggregateTSV string

//go:embed pg_keywords.tsv
var keywordTSV string

// Keyword is a row of pg_get_keywords().
type Keyword struct {
	Word string
	// Category is U unreserved, C not a type or function name, T a type or
	// function name, R reserved.
	Category     byte
	BareLabel    bool
	CategoryDoc  string
	BareLabelDoc string
}

// Keywords returns the keywords in order.
func Keywords() []*Keyword {
	return parse(keywordTSV, func(f []string) *Keyword {
		return &Keyword{Word: f[0], Category: f[1][0], BareLabel: f[2] == "t", CategoryDoc: f[3], BareLabelDoc: f[4]}
	})
}

// Proc is a row of pg_proc, with its description.
type Proc struct {
	OID        uint32
	Signature  string // name(argtype,argtype), type names as in pg_type
	Name       string
	Kind       byte
	Strict     bool
	Volatility byte
	ReturnSet  bool
	LeakProof  bool
	Result     uint32
	Args       []uint32
	Variadic   uint32
	AllArgs    []uint32 // with OUT arguments; nil if there are none
	Modes      string   // one of i o b v t per entry of AllArgs
	ArgNames   []string
	Defaults   []string
	Source     string // prosrc of a function in C, "" otherwise
	Doc        string
	Cost, Rows float32 // in units of cpu_operator_cost; 0 but for a set
	Language   uint32  // of PostgreSQL's implementation (pg_language)
	Parallel   byte
	Support    uint32 // the planner's support function, 0 for none
}

// Operator is a row of pg_operator.
type Operator struct {
	OID                 uint32
	Name                string
	Left, Right, Result uint32
	Code                uint32
	Commutator, Negator uint32
	Hashes, Merges      bool
	Doc                 string
	Restrict, Join      uint32 // selectivity estimators, 0 for none
}

// Cast is a row of pg_cast.
type Cast struct {
	OID, From, To, Func uint32
	Context, Method     byte
}

// Aggregate is a row of pg_aggregate.
type Aggregate struct {
	Func      uint32
	Kind      byte
	NumDirect int
}

// Procs returns the rows of pg_proc by oid. They are parsed once and shared:
// nobody changes them.
func Procs() []*Proc { return procs() }

var procs = sync.OnceValue(func() []*Proc { return parse(procTSV, parseProc) })

// Operators returns the rows of pg_operator by oid.
func Operators() []*Operator { return parse(operatorTSV, parseOperator) }

// Casts returns the rows of pg_cast by oid.
func Casts() []*Cast { return parse(castTSV, parseCast) }

// Aggregates returns the rows of pg_aggregate by function.
func Aggregates() []*Aggregate { return parse(aggregateTSV, parseAggregate) }

func parse[T any](tsv string, row func(f []string) *T) []*T {
	lines := strings.Split(strings.TrimSuffix(tsv, "\n"), "\n")
	out := make([]*T, len(lines))
	for i, l := range lines {
		out[i] = row(strings.Split(l, "\t"))
	}
	return out
}

func parseProc(f []string) *Proc {
	flags := f[2]
	name, _, _ := strings.Cut(f[1], "(")
	return &Proc{
		OID: oid(f[0]), Signature: f[1], Name: name, Kind: flags[0], Strict: flags[1] == 's',
		Volatility: flags[2], ReturnSet: flags[3] == 'r', LeakProof: flags[4] == 'l',
		Result: oid(f[3]), Args: oids(f[4]), Variadic: oid(f[5]), AllArgs: oids(f[6]), Modes: f[7],
		ArgNames: list(f[8], ","), Defaults: list(f[9], ", "), Source: f[10], Doc: f[11],
		Cost: number(f[12]), Rows: number(f[13]), Language: oid(f[14]), Parallel: f[15][0], Support: oid(f[16]),
	}
}

func parseOperator(f []string) *Operator {
	return &Operator{
		OID: oid(f[0]), Name: f[1], Left: oid(f[2]), Right: oid(f[3]), Result: oid(f[4]), Code: oid(f[5]),
		Commutator: oid(f[6]), Negator: oid(f[7]), Hashes: f[8][0] == 'h', Merges: f[8][1] == 'm', Doc: f[9], Restrict: oid(f[10]), Join: oid(f[11]),
	}
}

func parseCast(f []string) *Cast {
	return &Cast{OID: oid(f[0]), From: oid(f[1]), To: oid(f[2]), Func: oid(f[3]), Context: f[4][0], Method: f[5][0]}
}

func parseAggregate(f []string) *Aggregate {
	return &Aggregate{Func: oid(f[0]), Kind: f[1][0], NumDirect: int(oid(f[2]))}
}

func number(s string) float32 {
	v, err := strconv.ParseFloat(s, 32)
	if err != nil {
		panic(err)
	}
	return float32(v)
}

func list(s, sep string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, sep)
}

func oids(s string) []uint32 {
	var out []uint32
	for _, w := range strings.Fields(s) {
		out = append(out, oid(w))
	}
	return out
}

func oid(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic("funcs/catalog: " + err.Error())
	}
	return uint32(n)
}
