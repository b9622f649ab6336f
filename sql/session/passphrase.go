package session

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/settings"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Passphrases are those that a session has set for itself; "" where it has none.
type Passphrases struct {
	// Present encrypts, and decrypts; Old decrypts too.
	Present, Old string
}

func (s *Session) passphrases() Passphrases { return s.vars().passphrases }

// keyring opens tables with a session's own passphrases.
type keyring struct {
	of   Passphrases
	open func(storage.Tables) storage.Tables
}

// openTables are the tables of a state of the catalog, as the session's passphrases open
// them.
func (s *Session) openTables(r catalog.Reader) storage.Tables {
	tables, p := s.db.Tables(r), s.passphrases()
	if p == (Passphrases{}) || s.db.Unlock == nil {
		return tables
	}
	if s.keyring == nil || s.keyring.of != p {
		s.keyring = &keyring{p, s.db.Unlock(p)}
	}
	return s.keyring.open(tables)
}

// rotationStep is after how many rows a rotation tells how far it is.
const rotationStep = 10_000

// rotateSecret encrypts the secrets of a table's rows with the present passphrase. It
// can be broken off and begun again at any time: what is done is left alone.
func (s *Session) rotateSecret(ctx context.Context, oid types.OID, out Output) error {
	rel := s.catalog().RelationByOID(oid)
	if !slices.ContainsFunc(rel.Columns, func(c *catalog.Column) bool { return c.Secret }) {
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "resource \"%s\" has no secret attributes", rel.Name)
	}
	table, err := s.openTables(s.catalog()).Table(oid)
	if err != nil {
		return err
	}
	rotator, ok := table.(storage.Rotator)
	if !ok {
		return pgerr.Unsupported("ROTATE SECRET of \"%s\"", rel.Name)
	}
	progress := &vacuumProgress{relation: oid, total: int64(table.Stats().Rows)}
	s.vacuuming.Store(progress)
	defer s.vacuuming.Store(nil)
	told := int64(0)
	tell := func(format string, rows, rotated int64) error {
		return s.notice(out, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, format, rotated, rows, rel.Name))
	}
	rows, rotated, err := rotator.RotateSecrets(ctx, func(rows, rotated int64) error {
		progress.scanned.Store(rows)
		progress.rewritten.Store(rotated)
		if rows/rotationStep == told {
			return nil
		}
		told = rows / rotationStep
		return tell("encrypted %d of %d rows of \"%s\" anew so far", rows, rotated)
	})
	if err != nil {
		return err
	}
	return tell("encrypted %d of %d rows of \"%s\" anew", rows, rotated)
}

// assigned hides the text of the statement that runs if it has set a secret parameter:
// it may have computed its name (shownText).
func (s *Session) assigned(name string) {
	if st := settings.Lookup(name); st == nil || !st.Secret {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := &s.activity; a.Query == shownText(a.Query) {
		a.Query = hiddenText
	}
}

// hiddenText stands for a statement that has set a secret parameter by the way.
const hiddenText = "<a statement that set a passphrase>"

// shownText is a message's text as pg_stat_activity and its like show it: without the
// values of SET of a secret parameter, and without string constants where one of them is
// about such a parameter.
func shownText(text string) string {
	if !namesSecrets(text) {
		return text
	}
	stmts, err := parser.Parse(text)
	if err != nil {
		return parser.HideLiterals(text)
	}
	for i := len(stmts) - 1; i >= 0; i-- {
		if name := setsSecret(stmts[i]); name != "" {
			text = text[:stmts[i].Start] + "SET " + name + " = ***" + text[stmts[i].End:]
		}
	}
	if quotesSecrets(text) {
		return parser.HideLiterals(text)
	}
	return text
}

// namesSecrets says whether a text may be about a secret parameter. It spares parsing
// the others, which nothing else depends on.
func namesSecrets(text string) bool {
	return containsFold(text, "s3db", '3') || containsFold(text, "set_config", '_')
}

// containsFold looks for a word in any case, at the places of one of its bytes.
func containsFold(text, word string, by byte) bool {
	before := strings.IndexByte(word, by)
	for at := 0; ; at++ {
		next := strings.IndexByte(text[at:], by)
		if next < 0 {
			return false
		}
		at += next
		if start := at - before; start >= 0 && start+len(word) <= len(text) && strings.EqualFold(text[start:start+len(word)], word) {
			return true
		}
	}
}

// setsSecret is the secret parameter that SET sets, "" for none.
func setsSecret(stmt parser.Statement) string {
	n := stmt.Node.GetVariableSetStmt()
	if n == nil {
		return ""
	}
	if st := settings.Lookup(n.Name); st != nil && st.Secret {
		return st.Name
	}
	return ""
}

// quotesSecrets says whether a string constant is about a secret parameter: the name that
// set_config is given, or the body of DO.
func quotesSecrets(text string) bool {
	return slices.ContainsFunc(parser.Literals(text), func(l string) bool {
		return containsFold(l, "s3db", '3') || strings.Contains(strings.ToLower(l), "passphrase")
	})
}
