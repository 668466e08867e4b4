package importer

import "github.com/breachledger/breachledger/internal/incidents"

// Format is a format of documents of which each is one incident.
type Format struct {
	Name string
	// Version changes when the mapping does, so that the next run of an import
	// reads unchanged documents anew.
	Version int
	// ID finds a document's own number quickly; "" when it has none.
	ID func(document []byte) string
	// Read reads a document. Notes say what of it was not usable; problems mean
	// that it was not read.
	Read func(document []byte) (in incidents.Incident, notes, problems incidents.Problems)
	// KeepOriginal keeps each document beside its incident.
	KeepOriginal bool
	// Kept is what is kept of a document; nil keeps all of it.
	Kept func(document []byte) []byte
}

// FormatNamed is a format of documents by its name; strict is for VERIS alone.
func FormatNamed(name string, strict bool) (Format, bool) {
	switch name {
	case "veris":
		return VERIS(strict), true
	case "hibp":
		return HIBP(), true
	default:
		return Format{}, false
	}
}
