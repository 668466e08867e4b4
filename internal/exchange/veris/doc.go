// Package veris reads and writes incidents in VERIS, the Vocabulary for Event
// Recording and Incident Sharing (https://verisframework.org), versions 1.3 to
// 1.4.1.
//
// [Decode] makes an incident of a document, [Encode] a document of an incident,
// [Validate] checks a document by the rules of its version, and [Upgrade] brings
// an older one to 1.4.1. docs/exchange.md tells each mapping field by field.
//
// The package is pure: bytes in, incidents out, and back. Files, streams and the
// ledger are others' business (see packages jsonstream and importer).
package veris

// Version is the version of VERIS that is written.
const Version = "1.4.1"
