package main

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestSettingsThatCannotBe: a setting that cannot be is refused by its name before
// anything is begun; 0 was taken for the default.
func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"--connections=0":          "DB_CONNECTIONS must be from 1 to 10000",
		"--connections=4294967297": "DB_CONNECTIONS must be from 1 to 10000",
		"--search-conns=-1":        "DB_SEARCH_CONNECTIONS must be from 1 to 10000",
		"--search-timeout=-5s":     "SEARCH_TIMEOUT must be at least 1ms",
		"--queue-reads=0":          "QUEUE_READS must be at least 1",
		"--queue-searches=-1":      "QUEUE_SEARCHES must be at least 1",
		"--queue-wait=0s":          "QUEUE_WAIT must be more than 0s",
		"--shutdown-delay=-1s":     "SHUTDOWN_DELAY must be at least 0s",
		"--hsts=-1h":               "HSTS must be at least 0s",
	} {
		if out, err := command(t, "postgres://nobody@127.0.0.1:1/none", "serve", setting); err == nil || !strings.Contains(err.Error(), want) || out != "" {
			t.Errorf("%s: %v, %q", setting, err, out)
		}
	}
}

// TestADatabaseThatIsNotThere is said on one line, without the password.
func TestADatabaseThatIsNotThere(t *testing.T) {
	t.Parallel()
	config, err := pgconn.ParseConfig(ledgertest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	there := url.Values{"host": {config.Host}, "port": {strconv.Itoa(int(config.Port))}, "user": {config.User}}.Encode()
	for address, want := range map[string]string{
		"postgres://bl:secret@127.0.0.1:1/bl":     "reach the database: ",
		"postgres://bl:secret@127.0.0.1:99999/bl": "invalid port",
		"postgres:///no-such-database?" + there:   `reach the database: database "no-such-database" does not exist`,
	} {
		for _, args := range [][]string{{"serve"}, {"migrate"}, {"keys", "list"}} {
			out, err := command(t, address, args...)
			if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\t") || strings.Contains(err.Error(), "secret") || out != "" {
				t.Errorf("%v with %s: %v, %q", args, address, err, out)
			}
		}
	}
}
