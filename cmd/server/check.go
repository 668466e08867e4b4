package main

import (
	"fmt"
	"os"

	"github.com/breachledger/breachledger/internal/factfile"
)

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
			fmt.Fprintf(p.stdout, "%s: has no fact file\n", a.Name)
		}
		incidents := 0
		for _, f := range set.Files {
			incidents += len(f.Incidents)
		}
		fmt.Fprintf(p.stdout, "%s: %d articles with facts, %d incidents, %d problems\n", folder, len(set.Files), incidents, len(set.Problems))
	}
	for _, problem := range problems {
		fmt.Fprintln(p.stdout, problem)
	}
	if len(problems) > 0 {
		return errReported
	}
	return nil
}
