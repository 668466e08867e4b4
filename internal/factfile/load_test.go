package factfile

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, data := range files {
		out[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return out
}

func TestLoad(t *testing.T) {
	t.Parallel()
	set, err := Load(folder(map[string]string{
		"articles/a.txt": text, "facts/a.yaml": facts,
		"articles/b.txt": "Nothing happened.", "facts/b.yaml": "no_incident_reason: Nothing happened.\n",
		"articles/c.txt": "Not read yet.", "articles/c.jpg": "\xff", "facts/.hidden": "",
	}), "seeds")
	if err != nil || len(set.Problems) > 0 {
		t.Fatal(err, set.Problems)
	}
	if len(set.Files) != 2 || set.Files[0].Name != "seeds/facts/a.yaml" || set.Files[1].Article.Name != "seeds/articles/b.txt" {
		t.Errorf("files: %+v", set.Files)
	}
	if len(set.Unread) != 1 || set.Unread[0].Name != "seeds/articles/c.txt" || set.Unread[0].Text != "Not read yet." {
		t.Errorf("unread: %+v", set.Unread)
	}
}

func TestLoadReportsWhatFilesHaveWithEachOther(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("source:", "source:\n  url: https://example.com/", "kind: company", "kind: agency", "slug: void", "slug: void2", ": void", ": void2").Replace(facts)
	set, err := Load(folder(map[string]string{
		"articles/a.txt": text, "facts/a.yaml": strings.Replace(facts, "source:", "source:\n  url: https://example.com/", 1),
		"articles/b.txt": text, "facts/b.yaml": other,
		"articles/c.txt": "a\nb\xff", "facts/c.yaml": "no_incident_reason: x",
		"articles/d.txt": "d", "facts/d.yaml": "a: [",
		"facts/e.yaml": "no_incident_reason: x", "facts/f.yml": "",
	}), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"seeds/articles/c.txt:2: byte 3 (from 0): must be valid UTF-8; 0xFF is not",
		"seeds/facts/e.yaml: has no article: seeds/articles/e.txt is missing",
		"seeds/facts/f.yml: must be named *.yaml",
		"seeds/facts/b.yaml:2:8: /source/url: is the address of the article of seeds/facts/a.yaml already",
		"seeds/facts/b.yaml:5:11: /incidents/0/slug: is the slug of an incident in seeds/facts/a.yaml already; of two articles about one incident each has its own slug, and the two are merged in the ledger",
		"seeds/facts/b.yaml:39:11: /actors/0/kind: the actor acme-pay is described differently in seeds/facts/a.yaml: its kind must be the same in all files",
		`seeds/facts/b.yaml:43:11: /actors/1/name: the name "Void" belongs to the actor void in seeds/facts/a.yaml`,
		"seeds/facts/d.yaml:1:4: sequence end token ']' not found",
	}
	if diff := cmp.Diff(want, strings.Split(set.Problems.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
	if len(set.Files) != 1 {
		t.Errorf("%d files are good, want only the first", len(set.Files))
	}
}

func TestLoadNeedsFiles(t *testing.T) {
	t.Parallel()
	if _, err := Load(fstest.MapFS{}, "seeds"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
