package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/breachledger/breachledger/internal/ledger"
)

// searchQueries is where the server's statement for searches stands.
const searchQueries = "db/queries/search.sql"

// searchArguments are what the first page of a search for a rare word gives that
// statement. In pgbench's scripts a colon begins a variable.
var searchArguments = map[string]string{
	"q": "('lot' || :n::text)", "given": "false", "ids": "'{}'", "common": fmt.Sprint(ledger.CommonFrom),
	"ranked": fmt.Sprint(ledger.RankedMost), "ranked_common": fmt.Sprint(ledger.RankedCommon), "most": fmt.Sprint(ledger.DefaultLimit + 1),
	"after": "false", "after_rank": "0", "after_victims": "0", "after_id": "'00000000-0000-0000-0000-000000000000'",
	"passages": "true", "texts": "true", "characters": fmt.Sprint(ledger.PassageCharacters), "incident_characters": fmt.Sprint(ledger.PassageIncidentCharacters),
}

var argument = regexp.MustCompile(`@([a-z_]+)`)

// writeSearch makes a script of the server's own statement.
func writeSearch(folder string) error {
	text, err := os.ReadFile(searchQueries)
	if err != nil {
		return err
	}
	_, sql, found := strings.Cut(string(text), "-- name: IncidentSearch :many\n")
	sql, _, _ = strings.Cut(sql, "-- name: ")
	if !found {
		return fmt.Errorf("%s has no IncidentSearch", searchQueries)
	}
	var unknown []string
	sql = argument.ReplaceAllStringFunc(withoutComments(sql), func(name string) string {
		value, ok := searchArguments[name[1:]]
		if !ok {
			unknown = append(unknown, name)
		}
		return value
	})
	if unknown != nil {
		return fmt.Errorf("IncidentSearch takes %s, of which the benchmark does not know", strings.Join(unknown, ", "))
	}
	for _, weight := range []string{"A", "B", "C", "D"} {
		sql = strings.ReplaceAll(sql, "''':"+weight+" '", "'''' || chr(58) || '"+weight+" '")
	}
	return os.WriteFile(filepath.Join(folder, "search-same.sql"), []byte(`\set n random(0, :rare - 1)`+"\n"+sql), 0o600)
}

func withoutComments(sql string) string {
	var out strings.Builder
	for line := range strings.Lines(sql) {
		code, _, commented := strings.Cut(line, "--")
		out.WriteString(code)
		if commented {
			out.WriteByte('\n')
		}
	}
	return out.String()
}
