package main

import (
	"context"
	"net"
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
		"--search-timeout=-5s":     "SEARCH_TIMEOUT must be from 1ms to 24h",
		"--search-timeout=999h":    "SEARCH_TIMEOUT must be from 1ms to 24h", // PostgreSQL has no such statement_timeout
		"--queue-reads=0":          "QUEUE_READS must be at least 1",
		"--queue-searches=-1":      "QUEUE_SEARCHES must be at least 1",
		"--queue-wait=0s":          "QUEUE_WAIT must be more than 0s",
		"--shutdown-delay=-1s":     "SHUTDOWN_DELAY must be from 0s to 1h",
		"--shutdown-delay=99h":     "SHUTDOWN_DELAY must be from 0s to 1h",
		"--hsts=-1h":               "HSTS must be at least 0s",

		"--rate-address-reads=-1":           "RATE_ADDRESS_READS must be at least 0",
		"--rate-address-writes=-1":          "RATE_ADDRESS_WRITES must be at least 0",
		"--rate-key-reads=-1":               "RATE_KEY_READS must be at least 0",
		"--rate-key-writes=-1":              "RATE_KEY_WRITES must be at least 0",
		"--public-url=https://a.example/b":  `PUBLIC_URL: "https://a.example/b" is not the public URL`,
		"--public-url=https://a.example:0":  "PUBLIC_URL: ",
		"--trusted-proxies=10.0.0.0/33":     `TRUSTED_PROXIES: "10.0.0.0/33" is neither`,
		"--cors-origins=https://*.example":  `CORS_ORIGINS: "https://*.example" is not a web origin`, // no browser sends it
		"--cors-origins=https://a.example/": "CORS_ORIGINS: ",
		"--listen=":                         "LISTEN= must be an address and a port", // of any port, on all addresses
		"--listen=:":                        "LISTEN=: must be an address and a port",
		"--listen=8080":                     "LISTEN=8080 must be an address and a port",
		"--listen=127.0.0.1:99999":          "LISTEN: listen on 127.0.0.1:99999: ",
		"--metrics-listen=metrics":          "METRICS_LISTEN=metrics must be an address and a port",
		"--database-url=bl@db/ledger":       "DATABASE_URL must be as postgres://",
	} {
		if out, err := command(t, "postgres://nobody@127.0.0.1:1/none", "serve", "--listen=127.0.0.1:0", setting); err == nil || !strings.Contains(err.Error(), want) || out != "" {
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

// TestWhileAnotherListens the database is not migrated under it.
func TestWhileAnotherListens(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	url := ledgertest.EmptyURL(t)
	for _, args := range [][]string{{"--listen=" + listener.Addr().String()}, {"--listen=127.0.0.1:0", "--metrics-listen=" + listener.Addr().String()}} {
		if _, err := command(t, url, append([]string{"serve"}, args...)...); err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("%v: %v", args, err)
		}
	}
	if out := must(t, url, "migrate", "--status"); !strings.HasPrefix(out, "pending") {
		t.Errorf("it was migrated:\n%s", out)
	}
}

// TestANewerLedger is not for an older program: its backup would lack what the program
// does not know, and what it imports would lose it.
func TestANewerLedger(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	conn, err := pgconn.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)").ReadAll(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"export"}, {"export", "--format=veris"}, {"import", "../../seeds"}, {"keys", "list"}} {
		if out, err := command(t, url, args...); err == nil || !strings.Contains(err.Error(), "the schema is at version 99999") || out != "" {
			t.Errorf("%v: %v, %q", args, err, out)
		}
	}
}
