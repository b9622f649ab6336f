// Package kept makes indexes and statistics of columns that a store keeps in memory
// (storage.Kept): what is once made stays with the columns, for all sessions, and
// goes with them (ADR 9).
//
// It only reads. Which plan uses an index is the planner's choice; a reader of rows
// by an index checks the whole condition again.
package kept
