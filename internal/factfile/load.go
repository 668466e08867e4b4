package factfile

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/breachledger/breachledger/internal/article"
)

// Set is a folder of articles and their facts.
type Set struct {
	Files    []File            // the pairs without a problem, in the order of their names
	Unread   []article.Article // articles without a fact file
	Problems Problems          // of all files; a set with a problem is not to be imported
}

// Load reads articles/*.txt and facts/*.yaml, which belong together by their
// base names, and checks each file by itself and all of them together. name is
// the folder as messages show it. The error is that of reading; what is wrong
// with the files is in the set's Problems.
func Load(fsys fs.FS, name string) (Set, error) {
	var set Set
	articles, err := fs.Glob(fsys, "articles/*.txt")
	if err != nil {
		return set, fmt.Errorf("list articles of %s: %w", name, err)
	}
	facts, err := fs.Glob(fsys, "facts/*")
	if err != nil {
		return set, fmt.Errorf("list facts of %s: %w", name, err)
	}
	if len(articles)+len(facts) == 0 {
		return set, fmt.Errorf("%s has neither articles/*.txt nor facts/*.yaml: %w", name, fs.ErrNotExist)
	}
	var all []parsed
	have := map[string]bool{}
	for _, file := range articles {
		factsFile := "facts/" + strings.TrimSuffix(path.Base(file), ".txt") + ".yaml"
		have[factsFile] = true
		p, read, err := load(fsys, name, file, factsFile)
		switch {
		case err != nil:
			return set, err
		case read:
			all = append(all, p)
		case len(p.problems) == 0:
			set.Unread = append(set.Unread, p.Article)
		default:
			set.Problems = append(set.Problems, p.problems...)
		}
	}
	for _, file := range facts {
		switch {
		case have[file] || strings.HasPrefix(path.Base(file), "."):
		case path.Ext(file) != ".yaml":
			set.Problems = append(set.Problems, Problem{File: path.Join(name, file), Detail: "must be named *.yaml"})
		default:
			want := path.Join(name, "articles", strings.TrimSuffix(path.Base(file), ".yaml")+".txt")
			set.Problems = append(set.Problems, Problem{File: path.Join(name, file), Detail: "has no article: " + want + " is missing"})
		}
	}
	checkTogether(all)
	for _, p := range all {
		set.Problems = append(set.Problems, p.problems...)
		if len(p.problems) == 0 {
			set.Files = append(set.Files, p.File)
		}
	}
	return set, nil
}

// load reads one pair; read is false when there is no fact file or no article
// that could be read.
func load(fsys fs.FS, name, articleFile, factsFile string) (p parsed, read bool, err error) {
	text, err := fs.ReadFile(fsys, articleFile)
	if err != nil {
		return p, false, fmt.Errorf("read article: %w", err)
	}
	a, err := article.Read(path.Join(name, articleFile), text)
	if err != nil {
		p.problems = Problems{textProblem(path.Join(name, articleFile), err)}
		return p, false, nil
	}
	yaml, err := fs.ReadFile(fsys, factsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Article = a
		return p, false, nil
	case err != nil:
		return p, false, fmt.Errorf("read facts: %w", err)
	}
	return parse(path.Join(name, factsFile), yaml, a), true, nil
}
