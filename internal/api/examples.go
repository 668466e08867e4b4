package api

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// The examples of answers are real ones: a test sends each operation's example
// and keeps what comes back (go test ./internal/api -update), with ids and times
// made up. Operations that answer with the incident share one.
//
//go:embed examples
var examples embed.FS

// addExample puts an operation's example answer into its description.
func (a *API) addExample(op *huma.Operation) error {
	media := jsonOf(op.Responses[strconv.Itoa(op.DefaultStatus)])
	if media == nil {
		return nil
	}
	if media.Schema.Ref == componentPrefix+"Incident" {
		media.Examples = map[string]*huma.Example{"incident": {Ref: "#/components/examples/Incident"}}
		return nil
	}
	example, err := readExample(op.OperationID)
	if err != nil || example == nil {
		return err
	}
	media.Example = example
	return nil
}

// jsonOf is what a response has as JSON of some kind; nil when it has none.
func jsonOf(r *huma.Response) *huma.MediaType {
	for name, m := range r.Content {
		if isJSON(name) {
			return m
		}
	}
	return nil
}

// isJSON reports whether a media type is that of one JSON value, and not of JSON lines.
func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// addExamples gives the operations the examples of their answers. A test says which
// operation has no example.
func (a *API) addExamples() error {
	doc := a.huma.OpenAPI()
	incident, err := readExample("get-incident")
	if err != nil {
		return err
	}
	doc.Components.Examples = map[string]*huma.Example{"Incident": {Summary: "An incident", Value: incident}}
	for _, op := range operations(doc) {
		if err := a.addExample(op); err != nil {
			return err
		}
	}
	return nil
}

// readExample is a kept answer; nil when there is none.
func readExample(id string) (any, error) {
	written, err := examples.ReadFile("examples/" + id + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // an example of JSON, or none
	}
	if err != nil {
		return nil, fmt.Errorf("read the example of %s: %w", id, err)
	}
	if !json.Valid(written) {
		return nil, fmt.Errorf("the example of %s is no JSON", id)
	}
	return json.RawMessage(written), nil
}
