package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
)

type importCommand struct {
	Folders []string `arg:"" name:"folder" type:"existingdir" help:"Folders with articles/*.txt and facts/*.yaml."`
}

// Run imports folders of articles and facts. A folder with a problem is refused
// whole.
func (c *importCommand) Run(p *program) error {
	sets := make([]factfile.Set, len(c.Folders))
	var problems factfile.Problems
	for i, folder := range c.Folders {
		set, err := factfile.Load(os.DirFS(folder), folder)
		if err != nil {
			return err
		}
		sets[i] = set
		problems = append(problems, set.Problems...)
	}
	if len(problems) > 0 {
		return p.refuse(problems)
	}
	return p.withLedger(func(l *ledger.Ledger) error {
		for _, set := range sets {
			report, err := importer.Facts(p.ctx, l, set)
			if err != nil {
				return errors.Join(err, report.Write(p.out))
			}
			if err := report.Write(p.out); err != nil {
				return err
			}
		}
		return nil
	})
}

// refuse prints every problem, one a line, and ends the program with a failure.
func (p *program) refuse(problems factfile.Problems) error {
	for _, problem := range problems {
		fmt.Fprintln(p.out, problem)
	}
	fmt.Fprintf(p.out, "%d problems; nothing was imported\n", len(problems))
	return errReported
}

type checkCommand struct {
	Folders []string `arg:"" name:"folder" type:"existingdir" help:"Folders with articles/*.txt and facts/*.yaml."`
}

// Run checks fact files without a database.
func (c *checkCommand) Run(p *program) error {
	var problems factfile.Problems
	for _, folder := range c.Folders {
		set, err := factfile.Load(os.DirFS(folder), folder)
		if err != nil {
			return err
		}
		problems = append(problems, set.Problems...)
		for _, a := range set.Unread {
			fmt.Fprintf(p.out, "%s: has no fact file\n", a.Name)
		}
		incidents := 0
		for _, f := range set.Files {
			incidents += len(f.Incidents)
		}
		fmt.Fprintf(p.out, "%s: %d articles with facts, %d incidents, %d problems\n", folder, len(set.Files), incidents, len(set.Problems))
	}
	for _, problem := range problems {
		fmt.Fprintln(p.out, problem)
	}
	if len(problems) > 0 {
		return errReported
	}
	return nil
}
