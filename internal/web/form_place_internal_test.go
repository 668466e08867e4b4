package web

import "testing"

func TestPlace(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{
		"": "The whole", "/title": "Title", "/category": "Category", "/counts/0/quantity": "Figure 1, number", "/counts/1/evidence/0/quote": "Figure 2, sentence 1",
		"/participants/2/actor/name": "Taking part 3, name", "/countries/1": "Countries 2", "/occurred/from": "Happened, from", "/disclosed": "Became public",
		"/evidence/0/source/url": "Sentence 1, address", "/losses/0/claimed_by/name": "Loss 1, claimed by", "/kind": "Kind", "/answers": "What it denies",
		"/attributions/0/accused": "Accusation 1, accused", "/external_refs/0/id": "Reference 1, number", "/losses/0/converted/currency": "Loss 1, converted, currency",
	} {
		if got := place(pointer); got != want {
			t.Errorf("%s is called %q, not %q", pointer, got, want)
		}
	}
}

func TestRowNames(t *testing.T) {
	t.Parallel()
	f := newForm()
	for name, value := range map[string]string{
		"/counts/0/qualifier": "at_most", "/counts/0/quantity": "40000000", "/counts/0/unit": "cards",
		"/losses/0/qualifier": "between", "/losses/0/low": "3000000", "/losses/0/high": "5000000", "/losses/0/currency": "USD", "/losses/0/kind": "stolen",
	} {
		f.values[name] = []string{value}
	}
	for list, want := range map[string]string{"/counts": "At most 40,000,000 cards", "/losses": "Between 3,000,000 and 5,000,000 USD stolen"} {
		if got := f.RowName(list, 0); got != want {
			t.Errorf("the row is called %q, not %q", got, want)
		}
	}
}
