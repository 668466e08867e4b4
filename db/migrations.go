// Package db holds the schema's migrations, embedded in the binary.
// The queries beside them (db/queries) are compiled by sqlc.
package db

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// Migrations are the goose migrations, in the folder "migrations".
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Hash tells the migrations from any others, for databases that are kept and must be
// made anew when they change: twelve hexadecimal digits.
func Hash() string {
	names, _ := fs.Glob(Migrations, "migrations/*.sql") // fails for a malformed pattern only
	sum := sha256.New()
	for _, name := range names {
		text, _ := Migrations.ReadFile(name) // which is in the binary
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
