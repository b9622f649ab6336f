package faults

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// patience ends a statement that a dead server will not answer.
const patience = 60 * time.Second

// run runs statements one after the other, up to the first error; a block that
// is open then is rolled back.
func run(conn *pgx.Conn, texts []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if texts[0] == pipeline {
		all := &pgx.Batch{}
		for _, text := range texts[1:] {
			all.Queue(text)
		}
		return conn.SendBatch(ctx, all).Close()
	}
	for _, text := range texts {
		if _, err := conn.Exec(ctx, text, pgx.QueryExecModeSimpleProtocol); err != nil {
			if !conn.IsClosed() && conn.PgConn().TxStatus() != 'I' {
				_, _ = conn.Exec(ctx, "ROLLBACK") // err is what the caller asks for
			}
			return err
		}
	}
	return nil
}

// state is an error's SQLSTATE, "" for none.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func bytesJoin(row [][]byte) []byte { return bytes.Join(row, []byte("|")) }

// detailed is an error with its DETAIL.
func detailed(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Error() + ": " + e.Detail
	}
	return err.Error()
}
