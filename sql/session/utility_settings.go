package session

import (
	"context"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/settings"
)

// setUtility runs SET, SET LOCAL, RESET and SET TRANSACTION.
func setUtility(n *parser.VariableSetStmt) *utility {
	run := func(_ context.Context, s *Session, _ []any, out Output) error {
		tag, err := s.set(n, out)
		s.envDirty = true
		if err != nil {
			return err
		}
		return out.Complete(tag)
	}
	return &utility{run: run}
}

func (s *Session) set(n *parser.VariableSetStmt, out Output) (tag string, err error) {
	if identitySettings[n.Name] {
		return s.setIdentity(n)
	}
	switch n.Kind {
	case parser.VariableSetKind_VAR_RESET_ALL:
		s.values.ResetAll()
		return "RESET", nil
	case parser.VariableSetKind_VAR_RESET:
		return "RESET", s.values.Reset(n.Name)
	case parser.VariableSetKind_VAR_SET_DEFAULT:
		return "SET", s.values.Reset(n.Name)
	case parser.VariableSetKind_VAR_SET_CURRENT:
		return "SET", s.values.Set(n.Name, s.values.Raw(n.Name), n.IsLocal)
	case parser.VariableSetKind_VAR_SET_MULTI:
		return "SET", s.setTransaction(n, out)
	}
	if n.IsLocal && !s.inBlock() {
		err := s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.NoActiveSqlTransaction,
			"SET LOCAL can only be used in transaction blocks"))
		return "SET", err
	}
	value := bind.SettingText(n)
	if err := s.assign(n.Name, value, n.IsLocal); err != nil {
		return "", err
	}
	return "SET", nil
}

// setTransaction runs SET TRANSACTION and SET SESSION CHARACTERISTICS.
func (s *Session) setTransaction(n *parser.VariableSetStmt, out Output) error {
	switch n.Name {
	case "TRANSACTION":
		if !s.tx.block {
			return s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.NoActiveSqlTransaction,
				"SET TRANSACTION can only be used in transaction blocks"))
		}
		return s.transactionModes(n.Args)
	case "TRANSACTION SNAPSHOT":
		if !s.tx.block {
			// The implicit transaction's level is seldom one that takes it.
			if err := s.notice(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.NoActiveSqlTransaction,
				"SET TRANSACTION can only be used in transaction blocks")); err != nil {
				return err
			}
		}
		return s.setSnapshot(n)
	case "SESSION CHARACTERISTICS":
		return s.sessionCharacteristics(n.Args)
	}
	return pgerr.Unsupported("SET %s", n.Name)
}

func (s *Session) sessionCharacteristics(options []*parser.Node) error {
	for _, o := range options {
		d := o.GetDefElem()
		value := parser.ConstText(d.Arg)
		if d.Defname != "transaction_isolation" {
			value = onOff(value != "0")
		}
		if err := s.assign("default_"+d.Defname, value, false); err != nil {
			return err
		}
	}
	return nil
}

// settingText joins the values of SET as PostgreSQL does: lists with commas,
// showUtility runs SHOW.
func showUtility(n *parser.VariableShowStmt) *utility {
	if strings.EqualFold(n.Name, "all") {
		return &utility{
			fields: func(*Session) ([]Field, error) { return textFields("name", "setting", "description"), nil },
			run:    func(_ context.Context, s *Session, _ []any, out Output) error { return s.showAll(out) },
		}
	}
	return &utility{
		fields: func(*Session) ([]Field, error) { return textFields(showName(n.Name)), nil },
		run: func(_ context.Context, s *Session, _ []any, out Output) error {
			value, ok := s.values.Get(n.Name)
			if !ok {
				return settings.Unrecognized(n.Name)
			}
			if err := out.Rows(textRows([]string{value})); err != nil {
				return err
			}
			return out.Complete("SHOW")
		},
	}
}

// showName is the parameter's own spelling.
func showName(name string) string {
	if st := settings.Lookup(name); st != nil {
		return st.Name
	}
	return name
}

func (s *Session) showAll(out Output) error {
	var rows [][]string
	for _, st := range settings.All() {
		if st.Hidden {
			continue
		}
		value, _ := s.values.Get(st.Name)
		rows = append(rows, []string{st.Name, value, st.Doc})
	}
	if err := out.Rows(textRows(rows...)); err != nil {
		return err
	}
	return out.Complete("SHOW")
}
