package web

import "strings"

// placeWords are what the forms call the parts of a document.
var placeWords = map[string]string{
	"participants": "Taking part", "counts": "Figure", "losses": "Loss", "attributions": "Accusation", "responses": "Response", "sources": "Source",
	"external_refs": "Reference", "evidence": "sentence", "actor": "name", "accused": "accused", "claimant": "who says so", "confidence": "how sure", "quantity": "number",
	"low": "from", "high": "to", "unit": "of what", "qualifier": "the source says", "supersedes": "what it corrects", "answers": "what it denies",
	"fulfils": "the promise", "basis": "basis", "stated": "said on", "url": "address", "scheme": "register", "id": "number", "occurred": "Happened",
	"disclosed": "Became public", "contained": "Stopped", "slug": "Address (slug)", "vectors": "Way in", "data_classes": "Data", "spoken_by": "spoken by",
	"kind": "kind", "converted": "converted",
}

// place writes a pointer for people: "Figure 1, number".
func place(pointer string) string {
	if pointer == "" {
		return "The whole"
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	var out strings.Builder
	for i, part := range parts {
		if n, ok := index(part); ok {
			out.WriteString(" " + itoa(n+1))
			continue
		}
		if i > 0 && (part == "name" || part == "quote" || part == "source" && i < len(parts)-1) {
			continue // the part before it says so
		}
		words, ok := placeWords[part]
		if !ok {
			words = strings.ReplaceAll(part, "_", " ")
		}
		if i > 0 {
			out.WriteString(", ")
		}
		out.WriteString(words)
	}
	return sentence(out.String())
}
