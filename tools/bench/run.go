package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

type runCommand struct{}

// Run measures everything, prints the table and writes the results.
func (*runCommand) Run(ctx context.Context, o *options) (err error) {
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	if err := s.runRounds(ctx, s.measures()); err != nil {
		return err
	}
	more, err := s.measureOnce(ctx)
	if err != nil {
		return err
	}
	return o.report(ctx, "", s.postgres, s.results, append(s.rows(), more...))
}

type dataCommand struct{}

// Run makes the data.
func (*dataCommand) Run(ctx context.Context, o *options) error { return o.ensureSets(ctx, o.Scale) }

// line is a file with one request.
func (s *suite) line(path string) string {
	file := filepath.Join(s.folder, fmt.Sprintf("line-%x.txt", path))
	_ = os.WriteFile(file, []byte(path+"\n"), 0o600) // wrk says when it is not there
	return file
}

func (s *suite) staticInput() string { return s.line("/") }
