package csvfile

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// truth reads true or false; an empty cell is false.
func (g *longGroup) truth(pointer, column string) bool {
	word := g.one(pointer, longRule(column))
	switch foldWord(word) {
	case "", "false":
		return false
	case "true":
		return true
	}
	g.addOf(word, incidents.Problem{Pointer: pointer, Detail: "is neither true nor false", Allowed: []string{"true", "false"}})
	return false
}

// someone reads an actor that there must be.
func (g *longGroup) someone(pointer, column string) incidents.ActorRef {
	if r := g.actor(pointer, longActor(column)); r != nil {
		return *r
	}
	detail := "is required: a name"
	if g.cell(column) != "" {
		detail = "names nobody, and somebody is required"
	}
	g.add(pointer, longRule(column), "%s", detail)
	return incidents.ActorRef{}
}

func (g *longGroup) converted(p string) *incidents.Money {
	amount, currency := g.one(p+"/amount", longRule("converted_amount")), g.one(p+"/currency", longRule("converted_currency"))
	if amount == "" && currency == "" && g.cell("converted_qualifier") == "" {
		return nil
	}
	out := &incidents.Money{Qualifier: termOf[incidents.Qualifier](g.reading, p+"/qualifier", longRule("converted_qualifier")), Currency: currency}
	if amount != "" {
		d, err := g.m.numbers.parse(amount)
		if err != nil {
			g.add(p+"/amount", longRule("converted_amount"), "%s", err)
		}
		out.Amount = d
	}
	return out
}

// cite reads the one piece of evidence that a row has.
func (g *longGroup) cite(in *incidents.Incident, p string, row int) []incidents.Evidence {
	e := incidents.Evidence{
		Quote: g.verbatim(p+"/quote", "quote"),
		Start: g.position(p+"/start", "quote_start"), End: g.position(p+"/end", "quote_end"),
	}
	s := incidents.Source{
		ID: g.sourceID(p + "/source/id"), Title: g.line(p+"/source/title", longRule("source_title")),
		Publisher: g.line(p+"/source/publisher", longRule("source_publisher")), URL: g.one(p+"/source/url", longRule("source_url")),
	}
	switch {
	case s.ID != uuid.Nil || s.Title != "" || s.URL != "":
		e.Source.Key = g.known(in, s, p+"/source", row)
		return []incidents.Evidence{e}
	case e.Quote != "" || s.Publisher != "":
		g.add(p+"/source/url", longRule("source_url"), "is required: a quote or a publisher needs a source_url, a source_title or a source_id")
	}
	return nil
}

// verbatim is a cell with the spaces around it: the words of a source.
func (g *longGroup) verbatim(pointer, column string) string {
	g.from[pointer] = longRule(column)
	if g.cell(column) == "" {
		return ""
	}
	return Plain(g.cells[g.index[column]])
}

func (g *longGroup) position(pointer, column string) *int {
	text := g.one(pointer, longRule(column))
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		g.add(pointer, longRule(column), "is not a position: it must be a whole number, from 0")
		return nil
	}
	return &n
}

func (g *longGroup) sourceID(pointer string) uuid.UUID {
	text := g.one(pointer, longRule("source_id"))
	if text == "" {
		return uuid.Nil
	}
	id, err := uuid.Parse(text)
	if err != nil || id == uuid.Nil {
		g.add(pointer, longRule("source_id"), "is not the id of a source (UUID); leave it empty for a new one")
	}
	return id
}

// known finds or adds a source, and returns its key. Rows that name the same one
// add to each other, and must not differ.
func (g *longGroup) known(in *incidents.Incident, s incidents.Source, p string, row int) string {
	for i := range in.Sources {
		o := &in.Sources[i]
		if !sameSource(*o, s) {
			continue
		}
		first := g.rows[g.at[fmt.Sprintf("/sources/%d", i)]].number
		for _, field := range []struct {
			name, given string
			has         *string
		}{{"title", s.Title, &o.Title}, {"publisher", s.Publisher, &o.Publisher}, {"url", s.URL, &o.URL}} {
			if *field.has != "" && field.given != "" && *field.has != field.given {
				g.add(p+"/"+field.name, longRule("source_"+field.name), "is not what row %d says of the same source", first)
			}
			*field.has = cmp.Or(*field.has, field.given)
		}
		if o.ID == uuid.Nil {
			o.ID = s.ID
		}
		return o.Key
	}
	s.Key = sourceKey(len(in.Sources))
	at := fmt.Sprintf("/sources/%d", len(in.Sources))
	g.at[at], g.from[at] = row, longRule("source_url")
	for _, field := range []string{"id", "title", "publisher", "url"} {
		g.from[at+"/"+field] = longRule("source_" + field)
	}
	in.Sources = append(in.Sources, s)
	return s.Key
}

// sameSource: it has the same id, else the same address, else (of two without
// either) the same title and publisher.
func sameSource(a, b incidents.Source) bool {
	switch {
	case a.ID != uuid.Nil && b.ID != uuid.Nil:
		return a.ID == b.ID
	case a.URL != "" && b.URL != "":
		return a.URL == b.URL
	case a.ID == uuid.Nil && b.ID == uuid.Nil && a.URL == "" && b.URL == "":
		return strings.EqualFold(a.Title, b.Title) && a.Publisher == b.Publisher
	default:
		return false
	}
}
