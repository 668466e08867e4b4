package incidents

import (
	"slices"
	"testing"
)

func TestQualifierMeaning(t *testing.T) {
	t.Parallel()
	// q = quantity, l = low, h = high.
	tests := []struct {
		qualifier         Qualifier
		takes             Figures
		quantity, low, hi *string
		bounds, largest   string
	}{
		{Exact, OneFigure, new("q"), nil, nil, "q q", "q"},
		{About, OneFigure, new("q"), nil, nil, "q q", "q"},
		{AtLeast, OneFigure, new("q"), nil, nil, "q –", "q"},
		{MoreThan, OneFigure, new("q"), nil, nil, "q –", "q"},
		{AtMost, OneFigure, new("q"), nil, nil, "– q", "q"},
		{LessThan, OneFigure, new("q"), nil, nil, "– q", "q"},
		{Between, TwoFigures, nil, new("l"), new("h"), "l h", "h"},
		{Unquantified, NoFigure, nil, nil, nil, "– –", "–"},
		{NotDisclosed, NoFigure, nil, nil, nil, "– –", "–"},
	}
	var tested []string
	for _, tt := range tests {
		tested = append(tested, string(tt.qualifier))
		t.Run(string(tt.qualifier), func(t *testing.T) {
			t.Parallel()
			if got := tt.qualifier.Takes(); got != tt.takes {
				t.Errorf("Takes() = %v, want %v", got, tt.takes)
			}
			lower, upper := Bounds(tt.qualifier, tt.quantity, tt.low, tt.hi)
			if got := show(lower, upper); got != tt.bounds {
				t.Errorf("Bounds = %s, want %s", got, tt.bounds)
			}
			if got := show(Largest(lower, upper)); got != tt.largest {
				t.Errorf("Largest = %s, want %s", got, tt.largest)
			}
			figure, low, high := StatedFigures(tt.qualifier, lower, upper)
			if got, want := show(figure, low, high), show(tt.quantity, tt.low, tt.hi); got != want {
				t.Errorf("StatedFigures(Bounds) = %s, want %s", got, want)
			}
		})
	}
	if want := qualifiers.Values(); !slices.Equal(tested, want) {
		t.Errorf("tested %v, the vocabulary is %v", tested, want)
	}
}

func TestMeaningCoversTheVocabulary(t *testing.T) {
	t.Parallel()
	for _, value := range qualifiers.Values() {
		if _, ok := meaning[Qualifier(value)]; !ok {
			t.Errorf("qualifier %q has no meaning", value)
		}
	}
	for q := range meaning {
		if !qualifiers.Has(string(q)) {
			t.Errorf("meaning has %q, which is no qualifier", q)
		}
	}
}

func TestBoundsKeepZeroAndRefuseToGuess(t *testing.T) {
	t.Parallel()
	if low, high := Bounds(Exact, new(int64(0)), nil, nil); show(low, high) != "0 0" {
		t.Errorf("exactly 0 has the bounds %s, want 0 0", show(low, high))
	}
	if low, high := Bounds("perhaps", new(int64(5)), new(int64(4)), new(int64(6))); show(low, high) != "– –" {
		t.Errorf("an unknown qualifier has the bounds %s, want none", show(low, high))
	}
}
