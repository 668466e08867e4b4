// Package ledger keeps everything that is persisted: it reads and writes
// incidents, actors, sources, keys and imports in PostgreSQL.
//
// A write takes a whole document, resolves the actors and sources that it
// names, finds its quotes, and stores it with its revision in one transaction.
// Each incident's list card and whole document are rendered once, at the write,
// and kept beside the rows; [Ledger.Rebuilt] builds them from the rows, and a
// test holds the two equal.
//
// The SQL lives in db/queries; the code that sqlc makes of it is under internal/
// so that nothing else can use it.
package ledger

//go:generate go tool sqlc generate -f ../../sqlc.yaml
