// Package web is the pages: server-rendered HTML that works without JavaScript.
//
// A page is a file page_*.go with a typed struct and a handler, and a template
// of the same name. A handler parses, asks the ledger, and fills the struct in;
// how things are written is said in words.go, what an error becomes in
// errors.go. Charts are SVG drawn by the templates. Figures are written by
// package incidents, as everywhere else.
//
// The API is no business of this package: the pages ask the ledger themselves.
package web
