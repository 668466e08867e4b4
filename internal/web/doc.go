// Package web is the pages: server-rendered HTML that works without JavaScript.
//
// web.go lists the routes. A page has a file page_*.go with its struct and its
// handlers, and a template that show names. A handler parses the request, asks the
// ledger and fills in the struct; words.go says how things are written, and
// errors.go which status an error becomes. The files form_*.go turn a document into
// a form and back. Charts are SVG drawn by the templates; figures are worded by
// package incidents, as everywhere else.
//
// The pages ask the ledger themselves and do not know the API.
package web
