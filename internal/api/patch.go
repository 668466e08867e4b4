package api

import (
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// mergePatch is the media type of a JSON Merge Patch (RFC 7396).
const mergePatch = "application/merge-patch+json"

// readPatch reads the body as a JSON Merge Patch of a T: what applies it, and what is
// wrong with it.
func readPatch[T any](b *JSONBody) (apply func(*T), problems incidents.Problems, err error) {
	node, err := b.parse()
	if err != nil {
		return nil, nil, err
	}
	apply, problems = patchOf[T](node)
	return apply, problems, nil
}

func patchOf[T any](node *strict.Node) (apply func(*T), problems incidents.Problems) {
	var scratch T
	problems = strict.Decode(node, &scratch, strict.Options{})
	return func(value *T) {
		_ = strict.Merge(node, value, strict.Options{}) // with the same problems
	}, problems
}
