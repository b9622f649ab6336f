package tsearch

// TokenType is a kind of token of the default parser (ts_token_type).
type TokenType int32

// The kinds of token. NoToken ends a text.
const (
	NoToken TokenType = iota
	ASCIIWord
	Word
	NumWord
	Email
	URL
	Host
	SFloat
	Version
	HWordNumPart
	HWordPart
	HWordASCIIPart
	Blank
	Tag
	Protocol
	NumHWord
	ASCIIHWord
	HWord
	URLPath
	File
	Float
	Int
	UInt
	Entity
)

// TokenKind describes a kind of token.
type TokenKind struct{ Alias, Doc string }

// TokenKinds describes the kinds by TokenType; the first entry is empty.
var TokenKinds = [...]TokenKind{
	ASCIIWord:      {"asciiword", "Word, all ASCII"},
	Word:           {"word", "Word, all letters"},
	NumWord:        {"numword", "Word, letters and digits"},
	Email:          {"email", "Email address"},
	URL:            {"url", "URL"},
	Host:           {"host", "Host"},
	SFloat:         {"sfloat", "Scientific notation"},
	Version:        {"version", "Version number"},
	HWordNumPart:   {"hword_numpart", "Hyphenated word part, letters and digits"},
	HWordPart:      {"hword_part", "Hyphenated word part, all letters"},
	HWordASCIIPart: {"hword_asciipart", "Hyphenated word part, all ASCII"},
	Blank:          {"blank", "Space symbols"},
	Tag:            {"tag", "XML tag"},
	Protocol:       {"protocol", "Protocol head"},
	NumHWord:       {"numhword", "Hyphenated word, letters and digits"},
	ASCIIHWord:     {"asciihword", "Hyphenated word, all ASCII"},
	HWord:          {"hword", "Hyphenated word, all letters"},
	URLPath:        {"url_path", "URL path"},
	File:           {"file", "File or path name"},
	Float:          {"float", "Decimal notation"},
	Int:            {"int", "Signed integer"},
	UInt:           {"uint", "Unsigned integer"},
	Entity:         {"entity", "XML entity"},
}

// Token is a piece of a text.
type Token struct {
	Type TokenType
	Text string
}
