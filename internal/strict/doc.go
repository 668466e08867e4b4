// Package strict reads JSON and YAML into one small tree and decodes the tree
// into Go structs, collecting every problem with its JSON Pointer instead of
// stopping at the first.
//
// It is stricter than the standard decoders where leniency would let two
// readers see two different documents: keys that stand twice, names in another
// case, text that is not Unicode, anchors and tags, numbers that would pass
// through a float. What a document means is not known here: the rules of an
// incident live in package incidents.
package strict
