package web

import (
	"embed"
	"html/template"
)

//go:embed templates
var templateFiles embed.FS

// parseTemplates reads all templates. A file templates/x.gohtml defines "x"; one
// page never sees another's parts, except those of the files part_*.gohtml.
func parseTemplates(a assets) (*template.Template, error) {
	return template.New("").Funcs(words()).Funcs(template.FuncMap{"asset": a.path}).ParseFS(templateFiles, "templates/*.gohtml")
}
