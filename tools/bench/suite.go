package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/pglocal"
)

// small is the data that the large one is compared with.
const small = 10_000

// side is a server with its database.
type side struct {
	*process
	n        int
	database string
	inputs   inputs
}

// suite is all that runs while something is measured.
type suite struct {
	*options
	folder   string
	postgres *pglocal.Server
	big      side
	little   side // nil process when it would be the same
	static   *process
	results  map[string][]sample
	set      *benchdata.Set // that of big
}

// open starts everything.
func (o *options) open(ctx context.Context) (_ *suite, err error) {
	s := &suite{options: o, results: map[string][]sample{}, set: benchdata.New(o.Scale)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(context.WithoutCancel(ctx)))
		}
	}()
	sizes := []int{o.Scale}
	if o.Scale > small && !o.alone {
		sizes = append(sizes, small)
	}
	if err := o.ensureSets(ctx, sizes...); err != nil {
		return s, err
	}
	if s.folder, err = os.MkdirTemp("", "breachledger-bench-"); err != nil {
		return s, err
	}
	if err := errors.Join(writeScripts(s.folder), writeSearch(s.folder)); err != nil {
		return s, err
	}
	settings, err := measuring()
	if err != nil {
		return s, err
	}
	if s.postgres, err = o.startPostgres(ctx, settings); err != nil {
		return s, err
	}
	program, err := o.build(ctx)
	if err != nil {
		return s, err
	}
	for i, n := range sizes {
		to, env := &s.big, o.serverEnv
		if i > 0 {
			to, env = &s.little, nil
		}
		if err := s.openSide(ctx, to, program, n, env); err != nil {
			return s, err
		}
	}
	if err := s.prepareInsert(ctx); err != nil {
		return s, err
	}
	err = s.startStatic(ctx)
	return s, err
}

func (s *suite) openSide(ctx context.Context, to *side, program string, n int, env []string) (err error) {
	name := fmt.Sprintf("run_%d", n)
	if err := copySet(ctx, s.postgres, n, name); err != nil {
		return err
	}
	to.n, to.database = n, s.postgres.URL(name)
	if to.inputs, err = makeInputs(ctx, s.folder, to.database, n); err != nil {
		return err
	}
	if to.process, err = s.startServer(ctx, program, to.database, env...); err != nil {
		return err
	}
	return to.sane(ctx)
}

// sane sees that what is going to be measured is answered as it should be.
func (to *side) sane(ctx context.Context) error {
	var list struct {
		Data []json.RawMessage `json:"data"`
		Next *string           `json:"next_cursor"`
	}
	for _, path := range []string{firstPage, firstLine(to.inputs.pages), firstLine(to.inputs.rare), firstLine(to.inputs.common)} {
		a, err := to.get(ctx, path)
		if err != nil || a.status != http.StatusOK || json.Unmarshal(a.body, &list) != nil || len(list.Data) == 0 {
			return a.wrong(path, err)
		}
	}
	path := firstLine(to.inputs.details)
	if a, err := to.get(ctx, path); err != nil || a.status != http.StatusOK || !strings.Contains(string(a.body), `"evidence"`) {
		return a.wrong(path, err)
	}
	return nil
}

func firstLine(file string) string {
	text, _ := os.ReadFile(file)
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// prepareInsert logs one incident, to log the same by SQL.
func (s *suite) prepareInsert(ctx context.Context) error {
	body := strings.NewReplacer("@@", "first", "@w", "foremost").Replace(firstLine(s.big.inputs.bodies))
	a, err := s.big.post(ctx, incidentsPath, []byte(body))
	if err != nil || a.status != http.StatusCreated {
		return a.wrong("logging an incident", err)
	}
	conn, err := pgx.Connect(ctx, s.big.database)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var card, document []byte
	if err := conn.QueryRow(ctx, "SELECT card::text, document::text FROM incidents ORDER BY id DESC LIMIT 1").Scan(&card, &document); err != nil {
		return fmt.Errorf("read what was logged: %w", err)
	}
	return writeInsert(s.folder, card, document)
}

// startStatic serves the bytes of the first page.
func (s *suite) startStatic(ctx context.Context) error {
	page, err := s.big.get(ctx, firstPage)
	if err != nil {
		return err
	}
	file := filepath.Join(s.folder, "static.json")
	if err := os.WriteFile(file, page.body, 0o600); err != nil {
		return err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	s.static, err = start(ctx, address, "/", filepath.Join(s.folder, "static.log"), nil, own, "static", "--listen", address, "--file", file)
	return err
}

// close stops everything and drops what was written to.
func (s *suite) close(ctx context.Context) error {
	var errs []error
	for _, p := range []*process{s.static, s.big.process, s.little.process} {
		if p != nil {
			errs = append(errs, p.stop())
		}
	}
	if s.postgres != nil {
		for _, to := range []side{s.big, s.little} {
			if to.n > 0 {
				errs = append(errs, admin(ctx, s.postgres, fmt.Sprintf("DROP DATABASE IF EXISTS run_%d WITH (FORCE)", to.n)))
			}
		}
		errs = append(errs, s.postgres.Stop())
	}
	if s.folder != "" {
		errs = append(errs, os.RemoveAll(s.folder))
	}
	return errors.Join(errs...)
}

// wanted says whether a thing is to be measured.
func (o *options) wanted(name string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(o.Only, func(word string) bool { return strings.Contains(name, word) })
}
