// Package seeds holds the articles that a new ledger begins with, and the facts
// that a person has found in each. docs/fact-format.md describes the facts.
package seeds

import "embed"

// Files has the folders "articles" and "facts".
//
//go:embed articles/*.txt facts/*.yaml
var Files embed.FS
