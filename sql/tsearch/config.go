package tsearch

// DefaultParser is the only parser: pg_ts_parser's row.
const DefaultParser OID = 3722

// Config says which dictionary gets which kind of token (pg_ts_config).
type Config struct {
	OID       OID
	Name, Doc string
	// Dicts are the dictionaries by TokenType (pg_ts_config_map); tokens without
	// one are no words.
	Dicts [len(TokenKinds)]*Dictionary
}

// language is what a configuration and its stemmer are made of.
type language struct {
	name      string
	stopWords bool
	// ascii is the language of words in ASCII letters, where it isn't this one.
	ascii string
}

// languages are those with a Snowball stemmer, as PostgreSQL 15's initdb makes
// them: their oids follow from their places.
var languages = []language{
	{"arabic", false, ""}, {"armenian", false, ""}, {"basque", false, ""}, {"catalan", false, ""},
	{"danish", true, ""}, {"dutch", true, ""}, {"english", true, ""}, {"finnish", true, ""},
	{"french", true, ""}, {"german", true, ""}, {"greek", false, ""}, {"hindi", false, "english"},
	{"hungarian", true, ""}, {"indonesian", false, ""}, {"irish", false, ""}, {"italian", true, ""},
	{"lithuanian", false, ""}, {"nepali", true, ""}, {"norwegian", true, ""}, {"portuguese", true, ""},
	{"romanian", false, ""}, {"russian", true, "english"}, {"serbian", false, ""}, {"spanish", true, ""},
	{"swedish", true, ""}, {"tamil", false, ""}, {"turkish", true, ""}, {"yiddish", false, ""},
}

const (
	simpleDict      OID = 3765
	simpleConfig    OID = 3748
	firstStemmerOID OID = 13151
)

// Dictionaries and Configs are all there are, by oid.
var (
	Dictionaries = makeDictionaries()
	Configs      = makeConfigs()
)

func makeDictionaries() []*Dictionary {
	dicts := []*Dictionary{{
		OID: simpleDict, Name: "simple", Doc: "simple dictionary: just lower case and check for stopword", Template: simpleTemplate,
	}}
	for i, l := range languages {
		d := &Dictionary{
			OID: firstStemmerOID + 2*OID(i), Name: l.name + "_stem", Doc: "snowball stemmer for " + l.name + " language",
			Template: snowballTemplate, Options: "language = '" + l.name + "'", stemmer: &stemmer{language: l.name},
		}
		if l.stopWords {
			d.Options += ", stopwords = '" + l.name + "'"
			d.stopWords = stopList(l.name)
		}
		dicts = append(dicts, d)
	}
	return dicts
}

func makeConfigs() []*Config {
	simple := FindDictionary(simpleDict)
	configs := []*Config{newConfig(simpleConfig, "simple", "simple configuration", simple, simple)}
	for i, l := range languages {
		oid := firstStemmerOID + 2*OID(i)
		words := FindDictionary(oid)
		ascii := words
		if l.ascii != "" {
			ascii = dictionaryNamed(l.ascii + "_stem")
		}
		configs = append(configs, newConfig(oid+1, l.name, "configuration for "+l.name+" language", words, ascii))
	}
	return configs
}

// newConfig maps words to their dictionaries and everything else that is
// indexed to the simple one.
func newConfig(oid OID, name, doc string, words, ascii *Dictionary) *Config {
	c := &Config{OID: oid, Name: name, Doc: doc}
	for t := range c.Dicts {
		switch TokenType(t) {
		case NoToken, Blank, Tag, Protocol, Entity:
		case Word, HWord, HWordPart:
			c.Dicts[t] = words
		case ASCIIWord, ASCIIHWord, HWordASCIIPart:
			c.Dicts[t] = ascii
		default:
			c.Dicts[t] = FindDictionary(simpleDict)
		}
	}
	return c
}

func dictionaryNamed(name string) *Dictionary {
	for _, d := range Dictionaries {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// FindDictionary returns the dictionary, or nil.
func FindDictionary(oid OID) *Dictionary {
	for _, d := range Dictionaries {
		if d.OID == oid {
			return d
		}
	}
	return nil
}

// FindConfig returns the configuration, or nil.
func FindConfig(oid OID) *Config {
	for _, c := range Configs {
		if c.OID == oid {
			return c
		}
	}
	return nil
}

// NamedConfig returns the configuration of pg_catalog with that name, or nil.
func NamedConfig(name string) *Config {
	for _, c := range Configs {
		if c.Name == name {
			return c
		}
	}
	return nil
}
