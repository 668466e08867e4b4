package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// TestWhatIsNeededIsNotNull: the document lets no field be null that a request must
// have, and no parameter, since an address has no way to write it.
func TestWhatIsNeededIsNotNull(t *testing.T) {
	t.Parallel()
	s := start(t)
	doc := s.api.OpenAPI()
	for name, schema := range doc.Components.Schemas.Map() {
		if !strings.HasSuffix(name, "Input") && !strings.HasSuffix(name, "Patch") {
			continue // in an answer null says that something is not known
		}
		whole := doc.Components.Schemas.Map()[strings.TrimSuffix(name, "Patch")+"Input"]
		for field, p := range schema.Properties {
			needed := slices.Contains(schema.Required, field) || whole != nil && slices.Contains(whole.Required, field)
			if needed && takesNull(p) {
				t.Errorf("%s.%s may be null and must be there", name, field)
			}
		}
	}
	for _, op := range s.doc.operations {
		for _, p := range op.Parameters {
			if takesNull(p.Schema) {
				t.Errorf("%s: the parameter %s may be null", op.OperationID, p.Name)
			}
		}
	}
}

func takesNull(s *huma.Schema) bool {
	return s.Nullable || s.Type == "null" || slices.ContainsFunc(append(slices.Clone(s.OneOf), s.AnyOf...), takesNull)
}
