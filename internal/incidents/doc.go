// Package incidents is the domain of Breachledger: the incident document, its
// claims and their evidence, the closed vocabularies, what a qualifier means,
// how a figure is written in words, and what makes a document valid.
//
// It is pure: no I/O, no database, no HTTP. Everything else in the project
// imports it and it imports nothing of ours.
//
// A document is one aggregate, [Incident]. It is read whole, written whole and
// versioned whole. Fields that the server sets (ids, derived marks, words) may
// be sent back by a client and are then ignored.
package incidents
