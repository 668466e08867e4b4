// Package ndjson is the line format of a whole-ledger backup: one JSON value a
// line, plain or gzip.
//
// The first line is a header, the last one a trailer that counts the lines
// between them, so that a file that was cut short is never taken for a whole
// one. Between them stand, in this order, actors, sources, incidents, each with
// its revisions behind it, import records and pairs of likely duplicates:
//
//	{"breachledger":1,"exported_at":"2026-01-02T03:04:05Z"}
//	{"actor":{"id":"…","slug":"acme-pay","name":"Acme Pay",…}}
//	{"source":{"id":"…","url":"https://…","text":"…",…}}
//	{"incident":{"document":{…}}}
//	{"revision":{"incident":"…","version":1,"at":"…","author":"…","action":"record","document":{…}}}
//	{"import":{"origin":"facts:acme","incident":"…","digest":"…","version":1,"imported_at":"…"}}
//	{"duplicate":{"first":"…","second":"…","score":"0.8","reasons":[…],"state":"open","found_at":"…"}}
//	{"end":{"actors":1,"sources":1,"incidents":1,"revisions":1,"imports":1,"duplicates":1}}
//
// [Writer] and [Reader] hold one line at a time: memory does not grow with the
// file, nor with the history of an incident. API keys are not part of it.
//
// The package is pure and checks the form only: that lines can be read, are in
// order and are all there. Whether an incident keeps the rules of the domain,
// and whether what it names exists, is the ledger's to say.
package ndjson

// Format is the version of the format that is written and read.
const Format = 1

// MaxLine is the longest line in bytes, its end included. A writer refuses a
// longer one, so that what was written can be read.
const MaxLine = 64 << 20
