package veris

import (
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

func TestQualifier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		summary string
		n       int64
		want    incidents.Qualifier
	}{
		{"", 500, incidents.Exact},
		{"500 patients", 500, incidents.Exact},
		{"It lost as many as 78.8 million customer records.", 78_800_000, incidents.AtMost},
		{"Up to 1,200 cards were copied", 1200, incidents.AtMost},
		{"(over 412 million accounts)", 412_000_000, incidents.MoreThan},
		{"no fewer than 300", 300, incidents.AtLeast},
		{"An estimated\n250 people", 250, incidents.About},
		{"less than 1.5 thousand", 1500, incidents.LessThan},
		{"over 500 patients; 500 records in all", 500, incidents.Exact},
		{"over 501 patients, about 499", 500, incidents.Exact},
		{"over $500 was stolen", 500, incidents.Exact},
		{"moreover 500", 500, incidents.Exact},
		{"over500", 500, incidents.Exact},
		{"over 10 years", 10, incidents.Exact},
		{"over 99999999999999999999999 1.2.3 , . ,,", 500, incidents.Exact},
		{"of approx. 400 persons", 400, incidents.About},
		{"Close to 400 persons", 400, incidents.About},
		{"for ~400 persons", 400, incidents.About},

		// "not" belongs to the word behind it.
		{"Not more than 5,000 cards", 5000, incidents.AtMost},
		{"It was no more than 5,000 cards", 5000, incidents.AtMost},
		{"Not less than 5,000 cards", 5000, incidents.AtLeast},
		{"Not fewer than 5,000 cards", 5000, incidents.AtLeast},

		// Words that have to do with something else than the figure.
		{"a file of information about 5,000 patients", 5000, incidents.Exact},
		{"Data about 5,000 patients were sold", 5000, incidents.Exact},
		{"details about 5,000 patients, and records about 5,000 patients", 5000, incidents.Exact},
		{"information collected about 5,000 patients", 5000, incidents.Exact},
		{"he handed over 1,200 patient files", 1200, incidents.Exact},
		{"She turned over 1,200 files and took over 1,200 accounts", 1200, incidents.Exact},
		{"a lawsuit over 1,200 lost files", 1200, incidents.Exact},
		{"this adds up to 1,200 files", 1200, incidents.Exact},
		// … and the words behind these, which have to do with it.
		{"information on about 5,000 patients", 5000, incidents.About},
		{"the records of about 5,000 patients", 5000, incidents.About},
		{"It lost data. About 5,000 patients were told", 5000, incidents.About},
		{"It lost data, about 5,000 records", 5000, incidents.About},
		{"Data collected about some 2,000 students", 2000, incidents.About},
		{"stealing details about over 200,000 users", 200_000, incidents.MoreThan},
		{"turned over more than 700,000 documents", 700_000, incidents.MoreThan},
		{"took over 1,200; over 1,200 in all", 1200, incidents.Exact},

		// A negation of something else.
		{"It was not encrypted. More than 5,000 are hit", 5000, incidents.MoreThan},
		{"It was not up to scratch after he had put details of nearly 11 million customers there", 11_000_000, incidents.About},
		{"unauthorized access to more than 5,000 patients' notes", 5000, incidents.MoreThan},
		{"It was neither encrypted nor password protected and held the personal information of over 5,000 employees", 5000, incidents.MoreThan},
		{"A dispute at the agency has led to a breach that hit about 5,000 people", 5000, incidents.About},
		{"Not encrypted\n\nMore than 5,000 are hit", 5000, incidents.MoreThan},
		{"more than 5,000 records that were not encrypted", 5000, incidents.MoreThan},
		{"roughly about 5,000", 5000, incidents.About},

		// Years, telephone numbers and lists are no ranges.
		{"the records are from 1999, 2000 and 2002", 2000, incidents.Exact},
		{"between 1999 and 2000", 2000, incidents.Exact},
		{"HHS-14-5000", 5000, incidents.Exact},
		{"1,000 men and 5,000 women", 5000, incidents.Exact},
	} {
		d := &decoder{in: incidents.Incident{Summary: c.summary}}
		if got := d.counted(incidents.Records, &c.n, true); got.Qualifier != c.want || got.Quantity == nil || *got.Quantity != c.n || len(d.notes) > 0 {
			t.Errorf("%q, %d: %s, %v; want %s", c.summary, c.n, got.Qualifier, d.notes, c.want)
		}
	}
}

// What is not understood leaves the figure as VERIS states it, and says so.
func TestQualifierDoubt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		summary string
		n       int64
		doubt   string
	}{
		{"It did not affect more than 5,000 patients.", 5000, "not affect more than 5,000"},
		{"It didn't reach over 5,000 patients", 5000, "didn't reach over 5,000"},
		{"Acme denied that more than 5,000 cards were hit", 5000, "denied that more than 5,000"},
		{"Acme denied to U.S. officials, after all, that over 5,000 cards were hit", 5000, "denied to U.S. officials, after all, that over 5,000"},
		{"It is not known whether more than 5,000 are hit", 5000, "whether more than 5,000"},
		{"It is not believed that the group has got over 5,000 cards", 5000, "not believed that the group has got over 5,000"},
		{"There is no evidence of at least 5,000 thefts", 5000, "no evidence of at least 5,000"},
		{"Not only about 5,000 cards", 5000, "Not only about 5,000"},
		{"It was rather 4,000 than about 5,000. Not about 5,000!", 5000, "Not about 5,000"},
		{"as many as approximately 5,000 cards", 5000, "as many as approximately 5,000"},
		{"over approximately 5,000 cards", 5000, "over approximately 5,000"},
		{"up to an estimated 5,000 cards", 5000, "up to an estimated 5,000"},
		{"approximately between 4,000 and 5,000 cards", 5000, "approximately between 4,000 and 5,000"},
		{"not between 4,000 and 5,000 cards", 5000, "not between 4,000 and 5,000"},
		{"between 5,000 and 6,000 cards", 5000, "between 5,000 and 6,000"},
		{"pertaining to approximately 5,000 to 8,000 patients", 8000, "5,000 to 8,000"},
		{"some 4,000-5,000 cards", 5000, "4,000-5,000"},
		{"4,000–5,000 cards", 4000, "4,000–5,000"},
		{"about 4,000 or 5,000 cards", 4000, "4,000 or 5,000"},
		{"between $4,000 and 5,000", 5000, "between $4,000 and 5,000"},
	} {
		d := &decoder{in: incidents.Incident{Summary: c.summary}}
		got := d.counted(incidents.Records, &c.n, true)
		_ = d.counted("cards", &c.n, false) // of the same figure: no second note
		if got.Qualifier != incidents.Exact || *got.Quantity != c.n || len(d.notes) != 1 || d.notes[0].Pointer != "/summary" ||
			d.notes[0].Detail != `qualifies a count in words that were not understood ("`+c.doubt+`"): it is exact, as VERIS states it` {
			t.Errorf("%q, %d: %s, %v; want a note of %q", c.summary, c.n, got.Qualifier, d.notes, c.doubt)
		}
	}
}

// A range whose end VERIS states is one.
func TestQualifierBetween(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		summary   string
		low, high int64
	}{
		{"Between 4,000 and 5,000 cards", 4000, 5000},
		{"films of between 2,000 to 2,500 patients", 2000, 2500},
		{"between 1 and 2 million users", 1_000_000, 2_000_000},
		{"between 900 thousand and 2 million users", 900_000, 2_000_000},
		{"information about between 1,950 and 2,050 users", 1950, 2050},
	} {
		d := &decoder{in: incidents.Incident{Summary: c.summary}}
		got := d.counted(incidents.Records, &c.high, true)
		if got.Qualifier != incidents.Between || got.Quantity != nil || *got.Low != c.low || *got.High != c.high || len(d.notes) > 0 {
			t.Errorf("%q: %+v, %v; want between %d and %d", c.summary, got, d.notes, c.low, c.high)
		}
	}
}
