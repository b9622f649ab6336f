package pgerr

import (
	"slices"
	"sync"
)

// codesByName are the codes of each condition name, sorted.
var codesByName = sync.OnceValue(func() map[string][]Code {
	out := map[string][]Code{}
	for code, name := range conditionNames {
		out[name] = append(out[name], code)
	}
	for _, codes := range out {
		slices.Sort(codes)
	}
	return out
})

// CodesOf are the codes that have a condition name, as WHEN of PL/pgSQL reads
// it; nil if there are none.
func CodesOf(condition string) []Code { return codesByName()[condition] }
