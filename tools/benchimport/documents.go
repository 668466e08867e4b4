package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
)

// file holds documents as JSON lines.
type file struct {
	path string
	n    int
}

var incidentID = regexp.MustCompile(`"incident_id": ?"`)

// makeDocuments writes the real documents again and again with new ids, one file
// for each turn.
func (b *bench) makeDocuments() ([]file, error) {
	given, err := b.realDocuments()
	if err != nil {
		return nil, err
	}
	files := make([]file, b.Segments)
	for i := range files {
		files[i] = file{filepath.Join(b.folder, fmt.Sprintf("documents-%d.jsonl", i)), b.Scale*(i+1)/b.Segments - b.Scale*i/b.Segments}
		first := b.Scale * i / b.Segments
		if err := writeDocuments(files[i], given, first); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (b *bench) realDocuments() ([][]byte, error) {
	in, err := os.Open(b.Source)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	var out [][]byte
	for d, err := range jsonstream.Read(in) {
		if err != nil {
			return nil, err
		}
		if !incidentID.Match(d.JSON) {
			return nil, fmt.Errorf("document %d has no incident_id", d.Row)
		}
		out = append(out, bytes.ReplaceAll(d.JSON, []byte("\n"), []byte(" ")))
	}
	return out, nil
}

func writeDocuments(f file, given [][]byte, first int) error {
	out, err := os.Create(f.path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	for n := first; n < first+f.n; n++ {
		document := given[n%len(given)]
		at := incidentID.FindIndex(document)[1]
		_, _ = w.Write(document[:at]) // an error comes with Flush
		_, _ = fmt.Fprintf(w, "%07d-", n)
		_, _ = w.Write(document[at:])
		_ = w.WriteByte('\n')
	}
	return errors.Join(w.Flush(), out.Close())
}
