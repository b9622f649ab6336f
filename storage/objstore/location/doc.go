// Package location parses store locations (sql-surface.md section 1): where a
// database lies and with which credentials. It opens nothing. Whatever it
// prints, in errors too, is without secrets.
package location
