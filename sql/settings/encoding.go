package settings

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// encodings are the names of PostgreSQL's (pg_enc2name_tbl) by clean_encoding_name.
var encodings = func() map[string]string {
	out := map[string]string{"unicode": "UTF8"}
	for name := range strings.FieldsSeq(`SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL
		LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8
		WIN1250 WIN1251 WIN1252 WIN1253 WIN1254 WIN1255 WIN1256 WIN1257 WIN1258 WIN866 WIN874 KOI8R KOI8U
		SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004`) {
		out[cleanEncoding(name)] = name
	}
	return out
}()

// cleanEncoding is clean_encoding_name: letters and digits, in lower case.
func cleanEncoding(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// checkEncoding is check_client_encoding: 22023 for what is no encoding, 0A000 for one
// that we do not convert to.
func checkEncoding(value string) (string, error) {
	name := encodings[cleanEncoding(value)]
	err := pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"client_encoding\": \"%s\"", value)
	switch name {
	case "UTF8", "SQL_ASCII":
		return name, nil
	case "":
		return "", err
	}
	err.Code = pgerr.FeatureNotSupported
	return "", err.WithDetail("Conversion between %s and UTF8 is not supported.", name)
}
