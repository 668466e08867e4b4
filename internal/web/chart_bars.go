package web

import (
	"math"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
)

// bar is one incident of the ranking, drawn on a log scale. Positions are
// percentages of the chart's width.
//
// What is proven stands solid; what is only a ceiling is hatched; a range runs
// as a whisker from its low to its high end; "more than" has an open end.
type bar struct {
	Card    incidents.Card
	Href    string
	Solid   float64 // solid from 0 to here
	Hatched float64 // hatched from 0 to here
	From    float64 // a whisker from here …
	To      float64 // … to here; 0 = none
	Open    bool    // goes on behind Solid
	About   bool    // Solid is approximate
	At      float64 // where it ends
}

// tick is a mark of the scale.
type tick struct {
	At    float64
	Label string
	Minor bool // left out where there is little room
}

// barChart ranks incidents by the largest number stated.
type barChart struct {
	Bars  []bar
	Ticks []tick
	// Uncounted are incidents whose number nobody states.
	Uncounted []incidents.Card
}

// scaleWidth leaves room at the end for what is open.
const scaleWidth = 94

func newBarChart(cards []incidents.Card) barChart {
	var c barChart
	largest := int64(1)
	for _, card := range cards {
		if v := card.Victims; v != nil && v.Quantity != nil {
			largest = max(largest, *v.Quantity)
		}
	}
	decades := max(math.Ceil(math.Log10(float64(largest))), 1)
	at := func(n int64) float64 { return math.Log10(float64(max(n, 1))) / decades * scaleWidth }
	for _, card := range cards {
		if card.Victims == nil || card.Victims.Quantity == nil {
			c.Uncounted = append(c.Uncounted, card)
			continue
		}
		c.Bars = append(c.Bars, newBar(card, at))
	}
	step := int(decades)/7 + 1
	for d := 0; d <= int(decades); d += step {
		c.Ticks = append(c.Ticks, tick{At: float64(d) / decades * scaleWidth, Label: short(d), Minor: (d/step)%2 == 1})
	}
	return c
}

func newBar(card incidents.Card, at func(int64) float64) bar {
	v := card.Victims
	b := bar{Card: card, Href: "/incidents/" + card.Slug, At: at(*v.Quantity)}
	switch v.Qualifier {
	case incidents.AtMost, incidents.LessThan:
		b.Hatched = b.At
	case incidents.AtLeast, incidents.MoreThan:
		b.Solid, b.Open = b.At, true
	case incidents.Between:
		b.Solid = b.At
		if v.Low != nil && v.High != nil {
			b.Solid, b.From, b.To = at(*v.Low), at(*v.Low), at(*v.High)
		}
	default:
		b.Solid, b.About = b.At, v.Qualifier == incidents.About
	}
	return b
}

// short writes a power of ten: "1", "10", "1k", "10M".
func short(power int) string {
	for _, unit := range []struct {
		power  int
		suffix string
	}{{18, "E"}, {15, "P"}, {12, "T"}, {9, "bn"}, {6, "M"}, {3, "k"}} {
		if power >= unit.power {
			return strconv.Itoa(int(math.Pow10(power-unit.power))) + unit.suffix
		}
	}
	return strconv.Itoa(int(math.Pow10(power)))
}
