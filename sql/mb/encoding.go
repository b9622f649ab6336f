package mb

// Encoding is an encoding's number (pg_enc).
type Encoding int32

// The encodings, in the order of pg_enc. Those from SJIS on are for clients
// only.
const (
	SQLASCII Encoding = iota
	EUCJP
	EUCCN
	EUCKR
	EUCTW
	EUCJIS2004
	UTF8
	MuleInternal
	Latin1
	Latin2
	Latin3
	Latin4
	Latin5
	Latin6
	Latin7
	Latin8
	Latin9
	Latin10
	WIN1256
	WIN1258
	WIN866
	WIN874
	KOI8R
	WIN1251
	WIN1252
	ISO88595
	ISO88596
	ISO88597
	ISO88598
	WIN1250
	WIN1253
	WIN1254
	WIN1255
	WIN1257
	KOI8U
	SJIS
	Big5
	GBK
	UHC
	GB18030
	Johab
	ShiftJIS2004
)

// description is what is known of an encoding.
type description struct {
	name   string
	max    int // bytes of a character
	length func(s []byte) int
	verify func(s []byte, n int) bool // a character of n bytes beyond ASCII; nil: all are
}

// encodings is pg_enc2name_tbl and pg_wchar_table.
var encodings = [...]description{
	SQLASCII:     {"SQL_ASCII", 1, oneByte, nil},
	EUCJP:        {"EUC_JP", 3, eucLength, verifyEUCJP},
	EUCCN:        {"EUC_CN", 3, twoBytes, verifyEUC},
	EUCKR:        {"EUC_KR", 3, eucLength, verifyEUC},
	EUCTW:        {"EUC_TW", 4, euctwLength, verifyEUCTW},
	EUCJIS2004:   {"EUC_JIS_2004", 3, eucLength, verifyEUCJP},
	UTF8:         {"UTF8", 4, utf8Length, verifyUTF8},
	MuleInternal: {"MULE_INTERNAL", 4, muleLength, verifyMule},
	Latin1:       {"LATIN1", 1, oneByte, nil},
	Latin2:       {"LATIN2", 1, oneByte, nil},
	Latin3:       {"LATIN3", 1, oneByte, nil},
	Latin4:       {"LATIN4", 1, oneByte, nil},
	Latin5:       {"LATIN5", 1, oneByte, nil},
	Latin6:       {"LATIN6", 1, oneByte, nil},
	Latin7:       {"LATIN7", 1, oneByte, nil},
	Latin8:       {"LATIN8", 1, oneByte, nil},
	Latin9:       {"LATIN9", 1, oneByte, nil},
	Latin10:      {"LATIN10", 1, oneByte, nil},
	WIN1256:      {"WIN1256", 1, oneByte, nil},
	WIN1258:      {"WIN1258", 1, oneByte, nil},
	WIN866:       {"WIN866", 1, oneByte, nil},
	WIN874:       {"WIN874", 1, oneByte, nil},
	KOI8R:        {"KOI8R", 1, oneByte, nil},
	WIN1251:      {"WIN1251", 1, oneByte, nil},
	WIN1252:      {"WIN1252", 1, oneByte, nil},
	ISO88595:     {"ISO_8859_5", 1, oneByte, nil},
	ISO88596:     {"ISO_8859_6", 1, oneByte, nil},
	ISO88597:     {"ISO_8859_7", 1, oneByte, nil},
	ISO88598:     {"ISO_8859_8", 1, oneByte, nil},
	WIN1250:      {"WIN1250", 1, oneByte, nil},
	WIN1253:      {"WIN1253", 1, oneByte, nil},
	WIN1254:      {"WIN1254", 1, oneByte, nil},
	WIN1255:      {"WIN1255", 1, oneByte, nil},
	WIN1257:      {"WIN1257", 1, oneByte, nil},
	KOI8U:        {"KOI8U", 1, oneByte, nil},
	SJIS:         {"SJIS", 2, sjisLength, verifySJIS},
	Big5:         {"BIG5", 2, twoBytes, verifyPair},
	GBK:          {"GBK", 2, twoBytes, verifyPair},
	UHC:          {"UHC", 2, twoBytes, verifyPair},
	GB18030:      {"GB18030", 4, gb18030Length, verifyGB18030},
	Johab:        {"JOHAB", 3, eucLength, verifyJohab},
	ShiftJIS2004: {"SHIFT_JIS_2004", 2, sjisLength, verifySJIS},
}

// aliases are the names besides those of encodings, as Named cleans them.
var aliases = map[string]Encoding{
	"abc": WIN1258, "tcvn": WIN1258, "tcvn5712": WIN1258, "vscii": WIN1258, "windows1258": WIN1258,
	"alt": WIN866, "windows866": WIN866, "windows874": WIN874,
	"koi8": KOI8R, "win": WIN1251, "unicode": UTF8,
	"iso88591": Latin1, "iso88592": Latin2, "iso88593": Latin3, "iso88594": Latin4, "iso88599": Latin5,
	"iso885910": Latin6, "iso885913": Latin7, "iso885914": Latin8, "iso885915": Latin9, "iso885916": Latin10,
	"windows1250": WIN1250, "windows1251": WIN1251, "windows1252": WIN1252, "windows1253": WIN1253,
	"windows1254": WIN1254, "windows1255": WIN1255, "windows1256": WIN1256, "windows1257": WIN1257,
	"mskanji": SJIS, "shiftjis": SJIS, "win932": SJIS, "windows932": SJIS,
	"win936": GBK, "windows936": GBK, "win949": UHC, "windows949": UHC, "win950": Big5, "windows950": Big5,
}

var byName = func() map[string]Encoding {
	m := map[string]Encoding{}
	for i, d := range encodings {
		m[cleanName(d.name)] = Encoding(i)
	}
	for name, e := range aliases {
		m[name] = e
	}
	return m
}()

// maxName is NAMEDATALEN.
const maxName = 64

// Named finds an encoding by its name or an alias, whatever their case and
// punctuation (pg_char_to_encoding).
func Named(name string) (Encoding, bool) {
	if len(name) >= maxName {
		return 0, false
	}
	e, ok := byName[cleanName(name)]
	return e, ok
}

// cleanName is clean_encoding_name.
func cleanName(name string) string {
	out := make([]byte, 0, len(name))
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			out = append(out, c)
		}
	}
	return string(out)
}

// Valid says whether there is such an encoding.
func (e Encoding) Valid() bool { return e >= 0 && int(e) < len(encodings) }

// Server says whether a database can have the encoding (PG_VALID_BE_ENCODING).
func (e Encoding) Server() bool { return e >= 0 && e <= KOI8U }

// String is the encoding's name, "" if there is none (pg_encoding_to_char).
func (e Encoding) String() string {
	if !e.Valid() {
		return ""
	}
	return encodings[e].name
}

// MaxLength is how many bytes a character can have.
func (e Encoding) MaxLength() int { return encodings[e].max }
