package web

import (
	"strconv"
	"strings"
)

// placeWords are what the forms call the parts of a document.
var placeWords = map[string]string{
	"participants": "Taking part", "counts": "Figure", "losses": "Loss", "attributions": "Accusation", "responses": "Response", "sources": "Source",
	"external_refs": "Reference", "evidence": "sentence", "actor": "name", "accused": "accused", "claimant": "who says so", "confidence": "how sure", "quantity": "number",
	"low": "from", "high": "to", "to": "until", "unit": "of what", "qualifier": "the source says", "supersedes": "what it corrects", "part_of": "what it is a part of", "counted": "counted", "answers": "what it denies",
	"fulfils": "the promise", "basis": "basis", "stated": "said on", "url": "address", "scheme": "register", "id": "number", "occurred": "Happened",
	"disclosed": "Became public", "contained": "Stopped", "slug": "Address (slug)", "aliases": "other names", "domain": "own internet domain", "vectors": "Way in", "data_classes": "Data", "spoken_by": "spoken by",
	"kind": "kind", "converted": "converted",
}

// rowFields are the fields that stand for a whole row of a list.
var rowFields = map[string]string{
	"participants": "/actor/name", "counts": "/quantity", "losses": "/amount", "attributions": "/accused/name", "responses": "/actor/name", "sources": "/url",
	"external_refs": "/id",
}

// fieldOfWhole is the field at which a problem of something larger is shown: of a
// period, a row or a list; "" when it is none of these.
func fieldOfWhole(pointer string, f *form) string {
	switch list, row, inRow := strings.Cut(strings.TrimPrefix(pointer, "/"), "/"); {
	case pointer == "/occurred":
		return "/occurred/from"
	case strings.HasSuffix(pointer, "/converted"):
		return pointer + "/amount"
	case rowFields[list] == "" || strings.Contains(row, "/"):
		return ""
	case inRow:
		return pointer + rowFields[list]
	case list == "counts": // of several, one must be the headline
		return pointer + firstRow(f.Rows(pointer)) + "/headline"
	default:
		return pointer + firstRow(f.Rows(pointer)) + rowFields[list]
	}
}

func firstRow(rows []int) string {
	if len(rows) == 0 {
		return "/0"
	}
	return "/" + strconv.Itoa(rows[0])
}

// fieldOf is the field at which a problem is shown.
func fieldOf(pointer string, f *form) string {
	if _, ok := f.values[pointer]; ok {
		return pointer
	}
	if at := strings.LastIndexByte(pointer, '/'); at > 0 && manyValued(pointer[:at]) {
		return pointer[:at] // one of those that the field holds
	}
	if field := fieldOfWhole(pointer, f); field != "" {
		return field
	}
	for _, actor := range []string{"/actor", "/accused", "/claimant", "/claimed_by"} {
		if at := strings.LastIndex(pointer, actor); at >= 0 {
			if rest := pointer[at+len(actor):]; rest == "" || rest[0] == '/' {
				return pointer[:at] + actor + "/name"
			}
		}
	}
	if base, rest, ok := strings.Cut(pointer, "/evidence/"); ok {
		index, of, _ := strings.Cut(rest, "/")
		if strings.HasPrefix(of, "source") {
			return base + "/evidence/" + index + "/source"
		}
		return base + "/evidence/" + index + "/quote"
	}
	return pointer
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
			out.WriteString(" " + strconv.Itoa(n+1))
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
