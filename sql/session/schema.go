package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
)

func (s *Session) createSchema(ctx context.Context, d *plan.CreateSchema, out Output) error {
	if d.IfNotExists && s.catalog().SchemaByName(d.Name) != nil {
		return s.skipped(out, pgerr.DuplicateSchema, "schema \"%s\" already exists, skipping", d.Name)
	}
	if err := s.changeCatalog(s.tx.catalogTx().CreateSchema(ctx, d.Name, d.IfNotExists)); err != nil {
		return err
	}
	if d.Owner == 0 {
		return nil
	}
	made := catalog.Object{Class: catalog.ClassSchema, OID: s.catalog().SchemaByName(d.Name).OID}
	return s.changeCatalog(s.tx.catalogTx().SetOwner(ctx, made, d.Owner))
}

// createWithElements makes a schema and runs the statements in it, as its owner and with it
// before the search path.
func (s *Session) createWithElements(ctx context.Context, d *bind.SchemaWithElements, out Output) error {
	if err := s.createSchema(ctx, d.CreateSchema, out); err != nil {
		return err
	}
	if d.Owner != 0 {
		defer s.actAs(d.Owner)()
	}
	path := parser.QuoteIdent(d.Name)
	if rest := s.values.Raw("search_path"); rest != "" {
		path += ", " + rest
	}
	restore, err := s.configure(&catalog.Function{Config: []string{"search_path=" + path}}) // as a function's SET
	if err != nil {
		return err
	}
	for _, e := range d.Elements {
		if err = s.runElement(ctx, e, out); err != nil {
			break
		}
	}
	return firstError(err, restore())
}

func (s *Session) runElement(ctx context.Context, stmt parser.Statement, out Output) error {
	p := &prepared{stmt: stmt}
	if err := s.bind(p); err != nil {
		return err
	}
	run, err := s.open(ctx, p, nil)
	if err != nil {
		return err
	}
	_, err = run.Fetch(ctx, 0, untagged{out})
	return firstError(err, run.Close())
}

// untagged is an output of a part of a statement: its notices alone.
type untagged struct{ Output }

// Complete implements Output.
func (untagged) Complete(string) error { return nil }

// renameSchema is RenameSchema; expressions and views go on to mean what is in it.
func (s *Session) renameSchema(ctx context.Context, d *plan.RenameSchema) error {
	return s.following(ctx, func() error { return s.changeCatalog(s.tx.catalogTx().RenameSchema(ctx, d.From, d.To)) })
}
