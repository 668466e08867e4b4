package main

import (
	"fmt"
	"os"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/incidents"
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
		found := 0
		for _, f := range set.Files {
			found += len(f.Incidents)
		}
		fmt.Fprintf(p.stdout, "%s: %s with facts, %s, %s\n", folder, incidents.Plural(len(set.Files), "article", "articles"),
			incidents.Plural(found, "incident", "incidents"), incidents.Plural(len(set.Problems), "problem", "problems"))
	}
	for _, problem := range problems {
		fmt.Fprintln(p.stdout, problem)
	}
	if len(problems) > 0 {
		return errReported
	}
	return nil
}
