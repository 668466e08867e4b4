package web

import (
	"embed"
	"html/template"
)

//go:embed templates
var templateFiles embed.FS

// parseTemplates reads all templates. The file templates/x.gohtml defines the page
// "x"; what pages share is defined in the files part_*.gohtml.
func parseTemplates(a assets) (*template.Template, error) {
	return template.New("").Funcs(words()).Funcs(template.FuncMap{"asset": a.path}).ParseFS(templateFiles, "templates/*.gohtml")
}
