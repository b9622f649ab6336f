package catalog

// Language is a language that functions are written in: a row of pg_language.
type Language struct {
	OID        OID
	Name       string
	Trusted    bool
	Procedural bool
	// Call, Inline and Validator are its functions in pg_proc; 0 where the server
	// has them and no SQL name for them.
	Call, Inline, Validator OID
	Doc                     string
}

// The languages that the server itself knows by oid.
const (
	InternalLanguageOID   OID = 12
	CLanguageOID          OID = 13
	SQLLanguageOID        OID = 14
	PLpgSQLLanguageOID    OID = 13563
	JavaScriptLanguageOID OID = 13921
	PLV8LanguageOID       OID = 13922
)

// Languages are all of them; the functions of C are all built in. What a
// procedural language does is a pl.Language of the session.
var Languages = []Language{
	{OID: InternalLanguageOID, Name: "internal", Validator: 2246, Doc: "built-in functions"},
	{OID: CLanguageOID, Name: "c", Validator: 2247, Doc: "dynamically-loaded C functions"},
	{OID: SQLLanguageOID, Name: "sql", Trusted: true, Validator: 2248, Doc: "SQL-language functions"},
	{OID: PLpgSQLLanguageOID, Name: "plpgsql", Trusted: true, Procedural: true, Call: 13560, Inline: 13561, Validator: 13562,
		Doc: "PL/pgSQL procedural language"},
	{OID: JavaScriptLanguageOID, Name: "javascript", Trusted: true, Procedural: true, Doc: "JavaScript, with the names of plv8"},
	{OID: PLV8LanguageOID, Name: "plv8", Trusted: true, Procedural: true, Doc: "JavaScript, under the name that plv8 has"},
}

// LanguageNamed finds a language, nil for none.
func LanguageNamed(name string) *Language {
	for i := range Languages {
		if Languages[i].Name == name {
			return &Languages[i]
		}
	}
	return nil
}
