package web

import (
	"slices"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// yearChart is how many incidents of each category a year has, as columns.
type yearChart struct {
	Columns    []column
	Categories []category // those that occur, in the vocabulary's order
	Step       int        // every how many columns the year is written
	Most       int64
	Undated    *column // incidents that are not known to have happened in any year; not drawn
	Earlier    int64   // incidents of years before the first column
}

// category is one series of the chart; Class gives it its colour.
type category struct {
	Category incidents.Category
	Class    string
}

// column is a year.
type column struct {
	Year   string // "" for incidents without one
	X, W   float64
	Middle float64
	Named  bool
	Parts  []part
	Total  int64
}

// part is a category in a year. Y and H are pixels.
type part struct {
	category
	Year      string
	Incidents int64
	Href      string
	Y, H      float64
}

const (
	chartHeight = 180.0 // of the columns, in pixels
	mostColumns = 24
)

// newYearChart makes the chart of rows in the order of years, those without one
// first; extra goes on in the links.
func newYearChart(rows []ledger.YearCategory, extra string) yearChart {
	var c yearChart
	classes := map[incidents.Category]string{}
	for i, value := range incidents.DataBreach.Vocabulary().Values() {
		kind := incidents.Category(value)
		classes[kind] = "s" + strconv.Itoa(i)
		if slices.ContainsFunc(rows, func(r ledger.YearCategory) bool { return r.Category == kind }) {
			c.Categories = append(c.Categories, category{kind, classes[kind]})
		}
	}
	for _, row := range rows {
		year, href := "", "/incidents?category="+string(row.Category)+extra
		if row.Year != 0 {
			year = strconv.Itoa(row.Year)
			href += "&date=occurred&from=" + year + "&to=" + year
		}
		if n := len(c.Columns); n == 0 || c.Columns[n-1].Year != year {
			c.skipTo(row.Year)
			c.Columns = append(c.Columns, column{Year: year})
		}
		last := &c.Columns[len(c.Columns)-1]
		last.Parts = append(last.Parts, part{category: category{row.Category, classes[row.Category]}, Year: year, Incidents: row.Incidents, Href: href})
		last.Total += row.Incidents
	}
	if len(c.Columns) > 0 && c.Columns[0].Year == "" {
		c.Undated, c.Columns = &c.Columns[0], c.Columns[1:]
	}
	if n := len(c.Columns) - mostColumns; n > 0 {
		for _, col := range c.Columns[:n] {
			c.Earlier += col.Total
		}
		c.Columns = c.Columns[n:]
	}
	for _, col := range c.Columns {
		c.Most = max(c.Most, col.Total)
	}
	c.layOut()
	return c
}

// skipTo fills in the years before this one in which nothing happened, so that
// the columns stand as far apart as the years do.
func (c *yearChart) skipTo(year int) {
	if n := len(c.Columns); n > 0 && c.Columns[n-1].Year != "" {
		last, err := strconv.Atoi(c.Columns[n-1].Year)
		for y := max(last+1, year-mostColumns); err == nil && y < year; y++ {
			c.Columns = append(c.Columns, column{Year: strconv.Itoa(y)})
		}
	}
}

// layOut gives the columns their places. X and W are percentages.
func (c *yearChart) layOut() {
	n := len(c.Columns)
	c.Step = n/12 + 1
	for i := range c.Columns {
		col := &c.Columns[i]
		slot := 100 / float64(max(n, 1))
		col.W = min(slot*0.7, 9)
		col.Middle = slot*float64(i) + slot/2
		col.X = col.Middle - col.W/2
		col.Named = (n-1-i)%c.Step == 0
		y := chartHeight
		for j := range col.Parts {
			p := &col.Parts[j]
			p.H = max(float64(p.Incidents)/float64(c.Most)*(chartHeight-24), 2)
			y -= p.H
			p.Y = y
			p.H = max(p.H-1, 1) // a gap between neighbours
		}
	}
}

// Top is where the column's number stands.
func (c column) Top() float64 {
	if len(c.Parts) == 0 {
		return chartHeight
	}
	return c.Parts[len(c.Parts)-1].Y - 6
}

// Of is how many incidents of a category the year has.
func (c column) Of(kind incidents.Category) int64 {
	for _, p := range c.Parts {
		if p.Category == kind {
			return p.Incidents
		}
	}
	return 0
}
