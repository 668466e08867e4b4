package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// foldersAndFiles parts the paths: folders of facts, and files.
func (c *importCommand) foldersAndFiles() (folders, files []string, err error) {
	for _, path := range c.Paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, nil, fmt.Errorf("import: %w", err)
		}
		switch {
		case info.IsDir() && (c.Format == "auto" || c.Format == "facts"):
			folders = append(folders, path)
		case info.IsDir() || c.Format == "facts":
			return nil, nil, fmt.Errorf("%s: the format %s cannot be read from this", path, c.Format)
		default:
			files = append(files, path)
		}
	}
	return folders, files, nil
}

// checkOptions refuses options that nothing among the paths would follow: whoever
// gives one counts on it.
func (c *importCommand) checkOptions(folders, files []string) error {
	none := func(format string) bool {
		return !slices.ContainsFunc(files, func(path string) bool { return c.formatOf(path) == format })
	}
	switch {
	case c.Atomic && len(folders) > 0:
		return errors.New("import: --atomic is not for facts: they are checked together, and an incident that contradicts the ledger is refused by itself")
	case c.Mapping != "" && none("csv"):
		return errors.New("import: --mapping goes with --format=csv only")
	case c.Strict && none("veris"):
		return errors.New("import: --strict goes with --format=veris only")
	default:
		return nil
	}
}

// readMapping reads the mapping by which tables are read.
func (c *importCommand) readMapping() (*csvfile.Mapping, error) {
	if c.Mapping == "" {
		return csvfile.OwnMapping(), nil
	}
	text, err := os.ReadFile(c.Mapping)
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	return csvfile.ParseMapping(c.Mapping, text)
}
