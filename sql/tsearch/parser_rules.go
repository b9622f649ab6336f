package tsearch

// state is a state of the parser.
type state int8

// The states. same stands for staying.
const (
	inBase state = iota
	inNumWord
	inASCIIWord
	inWord
	inUInt
	inIntFirst
	inInt
	inSpace
	inUFloatFirst
	inUFloat
	inFloatFirst
	inFloat
	inVerVersion
	inSVerVersion
	inVersionFirst
	inVersion
	inMantissaFirst
	inMantissaSign
	inMantissa
	inEntityFirst
	inEntity
	inEntityNumFirst
	inEntityNum
	inEntityHexNumFirst
	inEntityHexNum
	inEntityEnd
	inTagFirst
	inXMLBegin
	inTagCloseFirst
	inTagName
	inTagBeginEnd
	inTag
	inTagQuote
	inTagDoubleQuote
	inTagBackslash
	inTagEnd
	inCommentFirst
	inCommentLast
	inComment
	inCloseCommentFirst
	inCloseCommentLast
	inCommentEnd
	inHostFirstDomain
	inHostDomainSecond
	inHostDomain
	inPortFirst
	inPort
	inHostFirstAN
	inHost
	inEmail
	inFileFirst
	inFileTilde
	inPathFirst
	inPathFirstFirst
	inPathSecond
	inFile
	inFileNext
	inURLPathFirst
	inURLPathStart
	inURLPath
	inFURL
	inProtocolFirst
	inProtocolSecond
	inProtocolEnd
	inHyphenASCIIWordFirst
	inHyphenASCIIWord
	inHyphenWordFirst
	inHyphenWord
	inHyphenNumWordFirst
	inHyphenNumWord
	inHyphenDigitLookahead
	inParseHyphen
	inParseHyphenHyphen
	inHyphenWordPart
	inHyphenASCIIWordPart
	inHyphenNumWordPart
	inHyphenUInt
	numStates
	same
)

// action is what a rule does beside going to a state: the next character is
// read unless it says otherwise.
type action uint8

const (
	next      action = 0
	found     action = 1 << (iota - 1) // a token ends before this character
	pop                                // give this try up: back to where push was
	push                               // try this, but remember the place
	rerun                              // look at this character again
	forget                             // the try has succeeded: no way back
	forgetAll                          // and none of the tries before it
	merge                              // the try has succeeded: go on in the state that began it
)

// rule is what to do at a character. A nil test is always true and ends the
// list.
type rule struct {
	is     func(*Parser) bool
	act    action
	to     state
	token  TokenType
	before func(*Parser)
}

func on(is func(*Parser) bool, to state) rule      { return rule{is: is, to: to} }
func try(is func(*Parser) bool, to state) rule     { return rule{is: is, act: push, to: to} }
func succeed(is func(*Parser) bool, to state) rule { return rule{is: is, act: forget, to: to} }
func fail(is func(*Parser) bool) rule              { return rule{is: is, act: pop, to: same} }

// ends is a rule that ends a token; the methods say what else.
func ends(is func(*Parser) bool, t TokenType) rule {
	return rule{is: is, act: found, to: inBase, token: t}
}

func (r rule) and(act action) rule             { r.act |= act; return r }
func (r rule) in(to state) rule                { r.to = to; return r }
func (r rule) after(before func(*Parser)) rule { r.before = before; return r }

// The usual frames of a state's rules: what is done at the end of the text, and
// what at any other character.

func frame(atEnd, otherwise rule, rules []rule) []rule {
	return append(append([]rule{atEnd}, rules...), otherwise)
}

// attempt fails.
func attempt(rules ...rule) []rule { return frame(fail(atEnd), fail(nil), rules) }

// word ends the token.
func word(t TokenType, rules ...rule) []rule { return frame(ends(atEnd, t), ends(nil, t), rules) }

// hyphened ends a compound word, to go on with its parts.
func hyphened(t TokenType, rules ...rule) []rule {
	end := func(is func(*Parser) bool) rule { return ends(is, t).and(forgetAll).in(inParseHyphen).after(rewind) }
	return frame(end(atEnd), end(nil), rules)
}

// wordPart ends a part of a compound word.
func wordPart(t TokenType, rules ...rule) []rule {
	return frame(ends(atEnd, t), ends(nil, t).in(inParseHyphen), rules)
}

// loop stays at each of the characters.
func loop(chars string) []rule {
	var rules []rule
	for i := range len(chars) {
		rules = append(rules, on(char(chars[i]), same))
	}
	return rules
}

// machine has the rules of each state (wparser_def.c's actionTPS_ tables). The
// first rule whose test holds is taken; after a failed try, the first behind it.
var machine [numStates][]rule

func init() {
	machine = [numStates][]rule{
		inBase: {
			on(atEnd, same),
			try(char('<'), inTagFirst),
			on(ignored, inSpace),
			on(letterASCII, inASCIIWord),
			on(letter, inWord),
			on(digit, inUInt),
			try(char('-'), inIntFirst),
			try(char('+'), inIntFirst),
			try(char('&'), inEntityFirst),
			try(char('~'), inFileTilde),
			try(char('/'), inFileFirst),
			try(char('.'), inPathFirstFirst),
			on(nil, inSpace),
		},
		inNumWord: word(NumWord,
			on(alnum, inNumWord),
			try(char('@'), inEmail),
			try(char('/'), inFileFirst),
			try(char('.'), inFileNext),
			try(char('-'), inHyphenNumWordFirst)),
		inASCIIWord: word(ASCIIWord,
			on(letterASCII, same),
			try(char('.'), inHostFirstDomain),
			try(char('.'), inFileNext),
			try(char('-'), inHostFirstAN),
			try(char('-'), inHyphenASCIIWordFirst),
			try(char('_'), inHostFirstAN),
			try(char('@'), inEmail),
			try(char(':'), inProtocolFirst),
			try(char('/'), inFileFirst),
			try(digit, inHost),
			on(digit, inNumWord),
			on(letter, inWord)),
		inWord: word(Word,
			on(letter, same),
			on(digit, inNumWord),
			try(char('-'), inHyphenWordFirst)),
		inSpace: word(Blank,
			ends(char('<'), Blank),
			on(ignored, same),
			ends(char('-'), Blank),
			ends(char('+'), Blank),
			ends(char('&'), Blank),
			ends(char('/'), Blank),
			on(notAlnum, inSpace)),
	}
	for _, rules := range []map[state][]rule{numberRules, entityRules, tagRules, commentRules, hostRules, fileRules, hyphenRules} {
		for s, r := range rules {
			machine[s] = r
		}
	}
	for s, r := range urlRules() {
		machine[s] = r
	}
}

var numberRules = map[state][]rule{
	inUInt: word(UInt,
		on(digit, same),
		try(char('.'), inHostFirstDomain),
		try(char('.'), inUFloatFirst),
		try(char('e'), inMantissaFirst),
		try(char('E'), inMantissaFirst),
		try(char('-'), inHostFirstAN),
		try(char('_'), inHostFirstAN),
		try(char('@'), inEmail),
		try(letterASCII, inHost),
		on(letter, inNumWord),
		try(char('/'), inFileFirst)),
	inIntFirst: attempt(succeed(digit, inInt)),
	inInt: word(Int,
		on(digit, same),
		try(char('.'), inFloatFirst),
		try(char('e'), inMantissaFirst),
		try(char('E'), inMantissaFirst)),
	inUFloatFirst: attempt(succeed(digit, inUFloat)),
	inUFloat: word(Float,
		on(digit, inUFloat),
		try(char('.'), inVersionFirst),
		try(char('e'), inMantissaFirst),
		try(char('E'), inMantissaFirst)),
	inFloatFirst: attempt(succeed(digit, inFloat)),
	inFloat: word(Float,
		on(digit, inFloat),
		try(char('.'), inVerVersion),
		try(char('e'), inMantissaFirst),
		try(char('E'), inMantissaFirst)),
	// What began with a sign and turns out to be a version number has none: the
	// sign is a blank.
	inVerVersion:   attempt(on(digit, inSVerVersion).and(rerun).after(startAgain)),
	inSVerVersion:  frame(fail(atEnd), on(nil, same), []rule{ends(digit, Blank).and(forgetAll).in(inUInt)}),
	inVersionFirst: attempt(succeed(digit, inVersion)),
	inVersion: word(Version,
		on(digit, inVersion),
		try(char('.'), inVersionFirst)),
	inMantissaFirst: attempt(
		succeed(digit, inMantissa),
		on(char('+'), inMantissaSign),
		on(char('-'), inMantissaSign)),
	inMantissaSign: attempt(succeed(digit, inMantissa)),
	inMantissa:     word(SFloat, on(digit, inMantissa)),
}

var entityRules = map[state][]rule{
	inEntityFirst: attempt(
		on(char('#'), inEntityNumFirst),
		on(letterASCII, inEntity),
		on(char(':'), inEntity),
		on(char('_'), inEntity)),
	inEntity: attempt(append(loop(":_.-"),
		on(alnum, same),
		on(char(';'), inEntityEnd))...),
	inEntityNumFirst: attempt(
		on(char('x'), inEntityHexNumFirst),
		on(char('X'), inEntityHexNumFirst),
		on(digit, inEntityNum)),
	inEntityHexNumFirst: attempt(on(hexDigit, inEntityHexNum)),
	inEntityNum:         attempt(on(digit, same), on(char(';'), inEntityEnd)),
	inEntityHexNum:      attempt(on(hexDigit, same), on(char(';'), inEntityEnd)),
	inEntityEnd:         {ends(nil, Entity).and(forget)},
}

var tagRules = map[state][]rule{
	inTagFirst: attempt(
		try(char('/'), inTagCloseFirst),
		try(char('!'), inCommentFirst),
		try(char('?'), inXMLBegin),
		try(letterASCII, inTagName),
		try(char(':'), inTagName),
		try(char('_'), inTagName)),
	inXMLBegin:      attempt(on(char('x'), inTag)),
	inTagCloseFirst: attempt(on(letterASCII, inTagName)),
	inTagName: attempt(append(loop(":_.-"),
		on(char('/'), inTagBeginEnd),
		on(char('>'), inTagEnd).after(minding),
		on(space, inTag).after(minding),
		on(alnum, same))...),
	inTagBeginEnd: attempt(on(char('>'), inTagEnd)),
	inTag: attempt(append(loop("=-_#/:.&?%~"),
		on(char('>'), inTagEnd).after(minding),
		on(char('\''), inTagQuote),
		on(char('"'), inTagDoubleQuote),
		on(letterASCII, same),
		on(digit, same),
		on(space, same).after(minding))...),
	inTagQuote:       quotedRules('\''),
	inTagDoubleQuote: quotedRules('"'),
	inTagBackslash:   {fail(atEnd), {act: merge, to: same}},
	inTagEnd:         {ends(nil, Tag).and(forgetAll)},
}

func quotedRules(quote byte) []rule {
	return []rule{fail(atEnd), try(char('\\'), inTagBackslash), on(char(quote), inTag), on(nil, same)}
}

var commentRules = map[state][]rule{
	inCommentFirst: attempt(
		on(char('-'), inCommentLast),
		on(char('D'), inTag), // <!DOCTYPE …>
		on(char('d'), inTag)),
	inCommentLast:       attempt(on(char('-'), inComment)),
	inComment:           {fail(atEnd), on(char('-'), inCloseCommentFirst), on(nil, same)},
	inCloseCommentFirst: {fail(atEnd), on(char('-'), inCloseCommentLast), on(nil, inComment)},
	inCloseCommentLast: {
		fail(atEnd),
		on(char('-'), same),
		on(char('>'), inCommentEnd),
		on(nil, inComment),
	},
	inCommentEnd: {ends(nil, Tag).and(forgetAll)},
}

var hostRules = map[state][]rule{
	inHostFirstDomain: attempt(
		on(letterASCII, inHostDomainSecond),
		on(digit, inHost)),
	inHostDomainSecond: attempt(
		on(letterASCII, inHostDomain),
		try(digit, inHost),
		try(char('-'), inHostFirstAN),
		try(char('_'), inHostFirstAN),
		try(char('.'), inHostFirstDomain),
		try(char('@'), inEmail)),
	inHostDomain: frame(ends(atEnd, Host).and(forgetAll), ends(nil, Host).and(forgetAll), []rule{
		on(letterASCII, inHostDomain),
		try(digit, inHost),
		try(char(':'), inPortFirst),
		try(char('-'), inHostFirstAN),
		try(char('_'), inHostFirstAN),
		try(char('.'), inHostFirstDomain),
		try(char('@'), inEmail),
		fail(digit),
		ends(stopHost, Host).and(forgetAll).in(inURLPathStart),
		try(char('/'), inFURL),
	}),
	inPortFirst: attempt(on(digit, inPort)),
	inPort: frame(ends(atEnd, Host).and(forgetAll), ends(nil, Host).and(forgetAll), []rule{
		on(digit, inPort),
		ends(stopHost, Host).and(forgetAll).in(inURLPathStart),
		try(char('/'), inFURL),
	}),
	inHostFirstAN: attempt(
		on(digit, inHost),
		on(letterASCII, inHost)),
	inHost: attempt(
		on(digit, inHost),
		on(letterASCII, inHost),
		try(char('@'), inEmail),
		try(char('.'), inHostFirstDomain),
		try(char('-'), inHostFirstAN),
		try(char('_'), inHostFirstAN)),
}

// urlRules are those that parse ahead with the whole machine.
func urlRules() map[state][]rule {
	return map[state][]rule{
		inEmail: {fail(stopHost), ends(host, Email).and(forgetAll), fail(nil)},
		inFURL:  attempt(ends(urlPath, URL).and(forgetAll).after(rewindToHost)),
	}
}

var fileRules = map[state][]rule{
	inFileFirst: attempt(
		on(letterASCII, inFile),
		on(digit, inFile),
		on(char('.'), inPathFirst),
		on(char('_'), inFile),
		try(char('~'), inFileTilde)),
	inFileTilde: attempt(
		on(letterASCII, inFile),
		on(digit, inFile),
		on(char('_'), inFile),
		on(char('/'), inFileFirst)),
	inPathFirst: attempt(
		on(letterASCII, inFile),
		on(digit, inFile),
		on(char('_'), inFile),
		on(char('.'), inPathSecond),
		on(char('/'), inFileFirst)),
	inPathFirstFirst: attempt(
		on(char('.'), inPathSecond),
		on(char('/'), inFileFirst)),
	inPathSecond: frame(ends(atEnd, File).and(forget), fail(nil), []rule{
		try(char('/'), inFileFirst),
		ends(char('/'), File).and(forget),
		ends(space, File).and(forget),
	}),
	inFile: word(File,
		on(letterASCII, inFile),
		on(digit, inFile),
		try(char('.'), inFileNext),
		on(char('_'), inFile),
		on(char('-'), inFile),
		try(char('/'), inFileFirst)),
	inFileNext: attempt(
		succeed(letterASCII, inFile),
		succeed(digit, inFile),
		succeed(char('_'), inFile)),
	inURLPathFirst:   attempt(on(urlChar, inURLPath)),
	inURLPathStart:   {on(nil, inURLPath)},
	inURLPath:        word(URLPath, on(urlChar, inURLPath)),
	inProtocolFirst:  attempt(on(char('/'), inProtocolSecond)),
	inProtocolSecond: attempt(on(char('/'), inProtocolEnd)),
	inProtocolEnd:    {ends(nil, Protocol).and(forgetAll)},
}

var hyphenRules = map[state][]rule{
	inHyphenASCIIWordFirst: attempt(
		on(letterASCII, inHyphenASCIIWord),
		on(letter, inHyphenWord),
		on(digit, inHyphenDigitLookahead)),
	inHyphenASCIIWord: hyphened(ASCIIHWord,
		on(letterASCII, inHyphenASCIIWord),
		on(letter, inHyphenWord),
		on(digit, inHyphenNumWord),
		try(char('-'), inHyphenASCIIWordFirst)),
	inHyphenWordFirst: attempt(
		on(letter, inHyphenWord),
		on(digit, inHyphenDigitLookahead)),
	inHyphenWord: hyphened(HWord,
		on(letter, inHyphenWord),
		on(digit, inHyphenNumWord),
		try(char('-'), inHyphenWordFirst)),
	inHyphenNumWordFirst: attempt(
		on(letter, inHyphenNumWord),
		on(digit, inHyphenDigitLookahead)),
	inHyphenNumWord: hyphened(NumHWord,
		on(alnum, inHyphenNumWord),
		try(char('-'), inHyphenNumWordFirst)),
	inHyphenDigitLookahead: attempt(
		on(digit, inHyphenDigitLookahead),
		on(letter, inHyphenNumWord)),
	inParseHyphen: frame(on(atEnd, inBase).and(rerun), on(nil, inBase).and(rerun), []rule{
		on(letterASCII, inHyphenASCIIWordPart),
		on(letter, inHyphenWordPart),
		try(digit, inHyphenUInt),
		try(char('-'), inParseHyphenHyphen),
	}),
	inParseHyphenHyphen: attempt(ends(alnum, Blank).and(forget).in(inParseHyphen)),
	inHyphenWordPart: wordPart(HWordPart,
		on(letter, inHyphenWordPart),
		on(digit, inHyphenNumWordPart)),
	inHyphenASCIIWordPart: wordPart(HWordASCIIPart,
		on(letterASCII, inHyphenASCIIWordPart),
		on(letter, inHyphenWordPart),
		on(digit, inHyphenNumWordPart)),
	inHyphenNumWordPart: wordPart(HWordNumPart,
		on(alnum, inHyphenNumWordPart)),
	inHyphenUInt: attempt(
		on(digit, same),
		succeed(letter, inHyphenNumWordPart)),
}
