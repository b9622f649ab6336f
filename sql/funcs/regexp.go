package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/regex"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// regexCache keeps the last compiled expression of a call site.
type regexCache struct {
	pattern string
	flags   regex.Flags
	re      *regex.Regexp
}

func compileRegex(c *Call, pattern string, flags regex.Flags) (*regex.Regexp, error) {
	if t := c.Args[0]; !t.Bytewise() {
		return nil, nondeterministic("regular expressions")
	} else if t.Collator != nil {
		flags |= regex.Unicode
	}
	cache, _ := c.State.(*regexCache)
	if cache == nil {
		cache = &regexCache{}
		c.State = cache
	}
	if cache.re != nil && cache.pattern == pattern && cache.flags == flags {
		return cache.re, nil
	}
	re, err := regex.Compile(pattern, flags)
	if err != nil {
		return nil, pgerr.New(pgerr.InvalidRegularExpression, "invalid regular expression: %s", err.Error())
	}
	*cache = regexCache{pattern, flags, re}
	return re, nil
}

// matchKernel is ~ and its kin.
func matchKernel(want bool, flags regex.Flags) Kernel {
	return Lift2(func(c *Call, s, pattern string) (bool, error) {
		re, err := compileRegex(c, pattern, flags)
		if err != nil {
			return false, err
		}
		return re.Match(s) == want, nil
	})
}

// parseFlags reads the flags argument of the regexp functions.
func parseFlags(s string) (flags regex.Flags, global bool, err error) {
	for i, r := range s {
		if r == 'g' {
			global = true
			continue
		}
		if r >= 0x80 || !flags.Set(byte(r)) {
			bad, _ := clipChars(s[i:], 1)
			return 0, false, pgerr.New(pgerr.InvalidParameterValue, "invalid regular expression option: \"%s\"", bad)
		}
	}
	return flags, global, nil
}

func noGlobal(name string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "%s does not support the \"global\" option", name)
}

// regexCall is one search: the arguments of a regexp function by meaning.
type regexCall struct {
	text   *regex.Text
	re     *regex.Regexp
	start  int // characters to skip
	global bool
}

// newRegexCall compiles for text, pattern and flags; name is set where the
// global option is refused.
func newRegexCall(c *Call, s, pattern, flags, name string) (*regexCall, error) {
	fl, global, err := parseFlags(flags)
	if err != nil {
		return nil, err
	}
	if global && name != "" {
		e := noGlobal(name)
		if name == "regexp_match()" {
			e.WithHint("Use the regexp_matches function instead.")
		}
		return nil, e
	}
	re, err := compileRegex(c, pattern, fl)
	if err != nil {
		return nil, err
	}
	return &regexCall{text: regex.NewText(s), re: re, global: global}, nil
}

// each calls f for every match in turn until it returns false. Matches that are
// empty at the end of the text or right after another one are skipped if
// splitting asks for that (setup_regexp_matches of regexp.c).
func (r *regexCall) each(skipDegenerate bool, f func(loc []int) bool) {
	prevEnd := 0
	for at := r.start; at <= r.text.Len(); {
		loc := r.re.Find(r.text, at)
		if loc == nil {
			return
		}
		if !skipDegenerate || loc[0] < r.text.Len() && loc[1] > prevEnd {
			if !f(loc) {
				return
			}
		}
		prevEnd = loc[1]
		if at = prevEnd; loc[0] == loc[1] {
			at++
		}
	}
}

// nth is the n-th match, or nil.
func (r *regexCall) nth(n int) (found []int) {
	r.each(false, func(loc []int) bool {
		if n--; n == 0 {
			found = loc
		}
		return n > 0
	})
	return found
}

// group is capture i of a match, or nil for NULL.
func (r *regexCall) group(loc []int, i int) any {
	if 2*i+1 >= len(loc) || loc[2*i] < 0 {
		return nil
	}
	return r.text.Slice(loc[2*i], loc[2*i+1])
}

// groups are the captures of a match, or the whole match if there are none.
func (r *regexCall) groups(loc []int) *types.Array {
	if r.re.NumCaptures() == 0 {
		return textArray([]any{r.group(loc, 0)})
	}
	out := make([]any, r.re.NumCaptures())
	for i := range out {
		out[i] = r.group(loc, i+1)
	}
	return textArray(out)
}

func regexpMatch(c *Call, args []any) (any, error) {
	flags, _ := argOr(args, 2).(string)
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, "regexp_match()")
	if err != nil {
		return nil, err
	}
	if loc := r.re.Find(r.text, 0); loc != nil {
		return r.groups(loc), nil
	}
	return nil, nil
}

func regexpMatches(c *Call, args []any) (RowIter, error) {
	flags, _ := argOr(args, 2).(string)
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, "")
	if err != nil {
		return nil, err
	}
	var out []any
	r.each(false, func(loc []int) bool {
		out = append(out, r.groups(loc))
		return r.global
	})
	return valuesOf(c, out), nil
}

func regexpSplit(c *Call, args []any, name string) ([]any, error) {
	flags, _ := argOr(args, 2).(string)
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, name)
	if err != nil {
		return nil, err
	}
	var out []any
	from := 0
	r.each(true, func(loc []int) bool {
		out = append(out, r.text.Slice(from, loc[0]))
		from = loc[1]
		return true
	})
	return append(out, r.text.Slice(from, r.text.Len())), nil
}

func regexpSplitToArray(c *Call, args []any) (any, error) {
	out, err := regexpSplit(c, args, "regexp_split_to_array()")
	return textArray(out), err
}

func regexpSplitToTable(c *Call, args []any) (RowIter, error) {
	out, err := regexpSplit(c, args, "regexp_split_to_table()")
	return valuesOf(c, out), err
}

// expand writes the replacement of one match: \1 to \9 and \& stand for what
// matched, \\ for a backslash; another escape stays as it is.
func (r *regexCall) expand(out *strings.Builder, with string, loc []int) {
	for {
		lit, rest, found := strings.Cut(with, `\`)
		out.WriteString(lit)
		switch {
		case !found:
			return
		case rest == "":
			out.WriteByte('\\')
			return
		case rest[0] >= '1' && rest[0] <= '9':
			s, _ := r.group(loc, int(rest[0]-'0')).(string)
			out.WriteString(s)
		case rest[0] == '&':
			s, _ := r.group(loc, 0).(string)
			out.WriteString(s)
		case rest[0] == '\\':
			out.WriteByte('\\')
		default:
			out.WriteByte('\\')
			with = rest
			continue
		}
		with = rest[1:]
	}
}

// replaceNth replaces the n-th match, or all of them if n is 0.
func (r *regexCall) replaceNth(with string, n int) string {
	var out strings.Builder
	copied, seen := 0, 0
	r.each(false, func(loc []int) bool {
		if seen++; n > 0 && seen != n {
			return true
		}
		out.WriteString(r.text.Slice(copied, loc[0]))
		r.expand(&out, with, loc)
		copied = loc[1]
		return n == 0
	})
	out.WriteString(r.text.Slice(copied, r.text.Len()))
	return out.String()
}

func regexpReplace(c *Call, args []any) (any, error) {
	flags, _ := argOr(args, 3).(string)
	if flags != "" && flags[0] >= '0' && flags[0] <= '9' {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid regular expression option: \"%s\"", flags[:1]).
			WithHint("If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.")
	}
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, "")
	if err != nil {
		return nil, err
	}
	n := 1
	if r.global {
		n = 0
	}
	return r.replaceNth(args[2].(string), n), nil
}

// badParameter is 22023 for a number out of its range.
func badParameter(name string, v int32) error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"%s\": %d", name, v)
}

// intArg is argument i, at least least.
func intArg(args []any, i int, def, least int32, name string) (int32, error) {
	v, ok := argOr(args, i).(int32)
	if !ok {
		return def, nil
	}
	if v < least {
		return 0, badParameter(name, v)
	}
	return v, nil
}

// regexpReplaceNth is regexp_replace(text, pattern, with, start, n, flags).
func regexpReplaceNth(c *Call, args []any) (any, error) {
	start, err := intArg(args, 3, 1, 1, "start")
	if err != nil {
		return nil, err
	}
	n, err := intArg(args, 4, 1, 0, "n")
	if err != nil {
		return nil, err
	}
	flags, _ := argOr(args, 5).(string)
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, "")
	if err != nil {
		return nil, err
	}
	if _, given := argOr(args, 4).(int32); !given && r.global {
		n = 0
	}
	r.start = int(start) - 1
	return r.replaceNth(args[2].(string), int(n)), nil
}

func regexpCount(c *Call, args []any) (any, error) {
	start, err := intArg(args, 2, 1, 1, "start")
	if err != nil {
		return nil, err
	}
	flags, _ := argOr(args, 3).(string)
	r, err := newRegexCall(c, args[0].(string), args[1].(string), flags, "regexp_count()")
	if err != nil {
		return nil, err
	}
	r.start = int(start) - 1
	n := int32(0)
	r.each(false, func([]int) bool { n++; return true })
	return n, nil
}

func regexpLike(c *Call, args []any) (any, error) {
	flags, _ := argOr(args, 2).(string)
	fl, global, err := parseFlags(flags)
	if err != nil {
		return nil, err
	}
	if global {
		return nil, noGlobal("regexp_like()")
	}
	re, err := compileRegex(c, args[1].(string), fl)
	if err != nil {
		return nil, err
	}
	return re.Match(args[0].(string)), nil
}

// regexpInstr is regexp_instr(text, pattern, start, n, endoption, flags, subexpr).
func regexpInstr(c *Call, args []any) (any, error) {
	r, loc, sub, err := regexpNth(c, args, 5, "regexp_instr()")
	if err != nil {
		return nil, err
	}
	end, _ := argOr(args, 4).(int32)
	if loc == nil || sub > r.re.NumCaptures() || loc[2*sub] < 0 {
		return int32(0), nil
	}
	return int32(loc[2*sub+int(end)]) + 1, nil
}

// regexpSubstr is regexp_substr(text, pattern, start, n, flags, subexpr).
func regexpSubstr(c *Call, args []any) (any, error) {
	r, loc, sub, err := regexpNth(c, args, 4, "regexp_substr()")
	if err != nil || loc == nil || sub > r.re.NumCaptures() {
		return nil, err
	}
	return r.group(loc, sub), nil
}

// regexpNth finds the n-th match from start; flags stand at argument at, the
// number of the subexpression after them.
func regexpNth(c *Call, args []any, at int, name string) (r *regexCall, loc []int, sub int, err error) {
	start, err := intArg(args, 2, 1, 1, "start")
	if err != nil {
		return nil, nil, 0, err
	}
	n, err := intArg(args, 3, 1, 1, "n")
	if err != nil {
		return nil, nil, 0, err
	}
	if end, ok := argOr(args, 4).(int32); ok && (end < 0 || end > 1) {
		return nil, nil, 0, badParameter("endoption", end)
	}
	group, err := intArg(args, at+1, 0, 0, "subexpr")
	if err != nil {
		return nil, nil, 0, err
	}
	flags, _ := argOr(args, at).(string)
	if r, err = newRegexCall(c, args[0].(string), args[1].(string), flags, name); err != nil {
		return nil, nil, 0, err
	}
	r.start = int(start) - 1
	if group == 1 && r.re.NumCaptures() == 0 {
		group = 0 // the whole match is the only part of a pattern without parentheses
	}
	return r, r.nth(int(n)), int(group), nil
}

// regexSubstring is substring(text, pattern): the first capture, or the match.
func regexSubstring(c *Call, s, pattern string) (string, bool, error) {
	re, err := compileRegex(c, pattern, 0)
	if err != nil {
		return "", false, err
	}
	r := regexCall{text: regex.NewText(s), re: re}
	loc := re.Find(r.text, 0)
	if loc == nil {
		return "", false, nil
	}
	out, ok := r.group(loc, min(1, re.NumCaptures())).(string)
	return out, ok, nil
}

func init() {
	ks := kernels{
		"textregexsubstr":           Maybe2(regexSubstring),
		"substring(text,text,text)": Maybe3(similarSubstring),
		"similar_escape":            Boxed(false, similarEscape),
		"similar_to_escape_1":       E1(func(p string) (string, error) { return similarToRegex(p, `\`) }),
		"similar_to_escape_2":       E2(similarToRegex),
	}
	for prefix, flags := range map[string]regex.Flags{"textregex": 0, "texticregex": regex.IgnoreCase, "nameregex": 0, "nameicregex": regex.IgnoreCase} {
		ks[prefix+"eq"], ks[prefix+"ne"] = matchKernel(true, flags), matchKernel(false, flags)
	}
	for _, b := range []struct {
		f     func(*Call, []any) (any, error)
		names []string
	}{
		{regexpMatch, []string{"regexp_match", "regexp_match_no_flags"}},
		{regexpSplitToArray, []string{"regexp_split_to_array", "regexp_split_to_array_no_flags"}},
		{regexpReplace, []string{"textregexreplace_noopt", "textregexreplace"}},
		{regexpReplaceNth, []string{"textregexreplace_extended", "textregexreplace_extended_no_flags", "textregexreplace_extended_no_n"}},
		{regexpCount, []string{"regexp_count", "regexp_count_no_flags", "regexp_count_no_start"}},
		{regexpLike, []string{"regexp_like", "regexp_like_no_flags"}},
		{regexpInstr, []string{"regexp_instr", "regexp_instr_no_subexpr", "regexp_instr_no_flags", "regexp_instr_no_endoption", "regexp_instr_no_n", "regexp_instr_no_start"}},
		{regexpSubstr, []string{"regexp_substr", "regexp_substr_no_subexpr", "regexp_substr_no_flags", "regexp_substr_no_n", "regexp_substr_no_start"}},
	} {
		for _, name := range b.names {
			ks[name] = Strict(b.f)
		}
	}
	ks.bind()
	rowsFuncs{
		"regexp_matches":                 strictRowsFunc(regexpMatches),
		"regexp_matches_no_flags":        strictRowsFunc(regexpMatches),
		"regexp_split_to_table":          strictRowsFunc(regexpSplitToTable),
		"regexp_split_to_table_no_flags": strictRowsFunc(regexpSplitToTable),
	}.bind()
}
