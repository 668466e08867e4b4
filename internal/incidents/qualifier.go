package incidents

// Qualifier is the word that a source puts before a figure, and it says which
// bounds the figure sets.
type Qualifier string

// The qualifiers.
const (
	Exact        Qualifier = "exact"
	About        Qualifier = "about"
	AtLeast      Qualifier = "at_least"
	MoreThan     Qualifier = "more_than"
	AtMost       Qualifier = "at_most"
	LessThan     Qualifier = "less_than"
	Between      Qualifier = "between"
	Unquantified Qualifier = "unquantified"
	NotDisclosed Qualifier = "not_disclosed"
)

var qualifiers = Vocabulary{"qualifier", []Term{
	{"exact", "", "The figure without a qualifier.", ""},
	{"about", "about", "\"around\", \"approximately\", \"nearly\", \"some\".", ""},
	{"at_least", "at least", "\"at least\", \"no fewer than\".", ""},
	{"more_than", "more than", "\"more than\", \"over\".", ""},
	{"at_most", "at most", "\"as many as\", \"up to\", \"at most\".", ""},
	{"less_than", "less than", "\"less than\", \"fewer than\", \"under\".", ""},
	{"between", "between", "\"from … to …\", \"between … and …\".", ""},
	{"unquantified", "unquantified", "A word instead of a figure, such as \"a small number\".", ""},
	{"not_disclosed", "not disclosed", "The source says that the figure was not given.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Qualifier) Vocabulary() Vocabulary { return qualifiers }

// Figures says which figures a qualifier takes.
type Figures int

// What a qualifier takes.
const (
	OneFigure  Figures = iota // quantity (or amount)
	TwoFigures                // low and high
	NoFigure
)

// meaning is the one table of what a qualifier means.
//
//	qualifier                    largest stated  low   high
//	exact, about                 q               q     q
//	at_least, more_than          q               q     –
//	at_most, less_than           q               –     q
//	between                      high            low   high
//	unquantified, not_disclosed  –               –     –
var meaning = map[Qualifier]struct {
	takes       Figures
	boundsBelow bool
	boundsAbove bool
}{
	Exact:        {OneFigure, true, true},
	About:        {OneFigure, true, true},
	AtLeast:      {OneFigure, true, false},
	MoreThan:     {OneFigure, true, false},
	AtMost:       {OneFigure, false, true},
	LessThan:     {OneFigure, false, true},
	Between:      {TwoFigures, true, true},
	Unquantified: {NoFigure, false, false},
	NotDisclosed: {NoFigure, false, false},
}

// Takes says which figures the qualifier takes.
func (q Qualifier) Takes() Figures { return meaning[q].takes }

// Bounds are the lower and upper bound that a qualified figure sets; nil means
// that it sets none on that side, never zero.
func Bounds[T any](q Qualifier, figure, low, high *T) (lower, upper *T) {
	m := meaning[q]
	if m.takes == TwoFigures {
		return low, high
	}
	if m.boundsBelow {
		lower = figure
	}
	if m.boundsAbove {
		upper = figure
	}
	return lower, upper
}

// StatedFigures turns bounds back into the figures as the source gives them.
// It is the inverse of [Bounds].
func StatedFigures[T any](q Qualifier, lower, upper *T) (figure, low, high *T) {
	switch {
	case meaning[q].takes == TwoFigures:
		return nil, lower, upper
	case lower != nil:
		return lower, nil, nil
	default:
		return upper, nil, nil
	}
}

// Largest is the largest number stated: the upper bound, or the lower when
// there is no upper.
func Largest[T any](lower, upper *T) *T {
	if upper != nil {
		return upper
	}
	return lower
}
