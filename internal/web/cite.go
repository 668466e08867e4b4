package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
)

// citation is how to cite the incident as it stands.
func citation(v *visit, in *incidents.Incident) string {
	return fmt.Sprintf("“%s”, Breachledger, version %d of %s, %s/incidents/%s/history/%d (read on %s).",
		in.Title, in.Version, dayWords(in.UpdatedAt), v.origin, in.Slug, in.Version, dayWords(time.Now()))
}

// citationOf is how to cite a claim: what it says, the sentence and where that
// stands, and the address at which it will say so for ever.
func citationOf(v *visit, in *incidents.Incident, c claim, words string) string {
	var out strings.Builder
	if c.Support == incidents.Unsourced {
		words += ", unsourced"
	}
	fmt.Fprintf(&out, "%s (%s)", sentence(words), in.Title)
	if len(c.Passages) > 0 { // the first says enough
		p := c.Passages[0]
		if p.Quote != "" {
			fmt.Fprintf(&out, ": “%s”", incidents.WithoutReordering(p.Quote))
		}
		out.WriteString(", " + sourceName(p.Source.Title, p.Source.Publisher, p.Source.URL))
		if p.Source.Title != "" && p.Source.Publisher != "" {
			out.WriteString(", " + p.Source.Publisher)
		}
	}
	fmt.Fprintf(&out, ". Breachledger, version %d, %s%s (read on %s).", c.Version, v.origin, c.Permanent(), dayWords(time.Now()))
	return out.String()
}
