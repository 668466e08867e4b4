package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// sampleRows is how many rows a dry run of a table shows.
const sampleRows = 3

// Sample is how the first rows of a table are read.
type Sample struct {
	Columns []string    `json:"columns"`
	Unread  []string    `json:"unread"` // columns that the mapping does not name
	Rows    []SampleRow `json:"rows"`
}

// SampleRow is a row as it would be stored.
type SampleRow struct {
	Row      int             `json:"row"`
	Key      string          `json:"key"` // by which it is known again
	Incident json.RawMessage `json:"incident"`
}

// take keeps one of the first rows that have no problems.
func (s *Sample) take(row csvfile.Row) {
	if s == nil || len(s.Rows) == sampleRows || len(row.Problems) > 0 {
		return
	}
	in := row.Incident.Clone()
	in.JoinActors()
	in.Derive()
	// What cannot be written as JSON is an error of the import itself.
	if document, err := json.Marshal(in); err == nil {
		s.Rows = append(s.Rows, SampleRow{Row: row.Number, Key: row.Key, Incident: document})
	}
}

// said leaves out what says nothing: null, empty lists, and marks that are not set.
func said(value any) any {
	switch v := value.(type) {
	case yaml.MapSlice:
		var out yaml.MapSlice
		for _, item := range v {
			if item.Value = said(item.Value); item.Value != nil {
				out = append(out, item)
			}
		}
		return out
	case []any:
		if len(v) == 0 {
			return nil
		}
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = said(item)
		}
		return out
	case bool:
		if !v {
			return nil
		}
	}
	return value
}

func (s *Sample) write(out *strings.Builder) error {
	if len(s.Unread) > 0 {
		fmt.Fprintf(out, "columns that are not read: %s\n", strings.Join(s.Unread, ", "))
	}
	for _, row := range s.Rows {
		var in yaml.MapSlice
		err := yaml.UnmarshalWithOptions(row.Incident, &in, yaml.UseOrderedMap())
		text, marshalErr := yaml.MarshalWithOptions(said(in), yaml.IndentSequence(true))
		if err = errors.Join(err, marshalErr); err != nil {
			return fmt.Errorf("show row %d: %w", row.Row, err)
		}
		fmt.Fprintf(out, "row %d, known by %q, is read as\n", row.Row, row.Key)
		for line := range strings.Lines(string(text)) {
			out.WriteString("  " + line)
		}
	}
	return nil
}
