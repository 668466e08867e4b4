// Package db holds the schema's migrations, embedded in the binary.
// The queries beside them (db/queries) are compiled by sqlc.
package db

import "embed"

// Migrations are the goose migrations, in the folder "migrations".
//
//go:embed migrations/*.sql
var Migrations embed.FS
