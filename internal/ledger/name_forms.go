package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// legalForms are what names of companies may end with or not: words that say what
// they are in law, folded.
var legalForms = []string{
	"inc", "incorporated", "corp", "corporation", "co", "company", "co ltd", "ltd", "limited", "llc", "llp", "lp", "plc",
	"group", "holding", "holdings", "pty ltd", "pte ltd", "pvt ltd", "private limited",
	"ag", "gmbh", "se", "sa", "s a", "sas", "nv", "n v", "bv", "b v", "ab", "asa", "oy", "oyj", "spa", "s p a", "srl", "s r l", "kk",
}

// formsMost and newFormsMost bound of how many names of an incident the other forms are
// looked up: when somebody asks what it is like, and when it is written.
const (
	formsMost    = 50
	newFormsMost = 10
)

// formAlike is how much two forms of one name are alike.
const formAlike = 0.9

// formsOf are the other forms of a folded name: without its legal form, with each other
// one, and with and without "the".
func formsOf(name string) []string {
	stem := strings.TrimPrefix(name, "the ")
	for again := true; again; {
		again = false
		for _, form := range legalForms {
			if rest, ok := strings.CutSuffix(stem, " "+form); ok {
				stem, again = rest, true
			}
		}
	}
	var out []string
	for _, begin := range []string{stem, "the " + stem} {
		out = append(out, begin)
		for _, form := range legalForms {
			out = append(out, begin+" "+form)
		}
	}
	return out
}

// otherForms asks for the incidents of organisations that may be those which documents
// make, under another form of the name ("Target", "Target Corporation"). Known ones are
// not asked for: that was done when they were made.
type otherForms struct {
	args dbsqlc.BreachedInOtherFormParams
}

// add asks for those of a document, before its actors are stored.
func (o *otherForms) add(n int, d *draft) {
	names := 0
	for _, actor := range d.actors.created {
		breached := func(p incidents.Participant) bool { return p.Actor.ID == actor.ID && p.Role.Breached() }
		if names == newFormsMost || !slices.ContainsFunc(d.in.Participants, breached) {
			continue
		}
		names++
		for _, form := range formsOf(incidents.FoldName(actor.Name)) {
			o.args.Ns, o.args.Ids, o.args.Forms = append(o.args.Ns, int32(n)), append(o.args.Ids, d.in.ID), append(o.args.Forms, form)
		}
	}
}

// ask returns them by the numbers of the documents, each with how much the names are
// alike. When nothing was added it asks nobody.
func (o *otherForms) ask(ctx context.Context, l *Ledger, db dbsqlc.DBTX) (map[int]map[uuid.UUID]float64, error) {
	out := map[int]map[uuid.UUID]float64{}
	if len(o.args.Ns) == 0 {
		return out, nil
	}
	rows, err := l.q.BreachedInOtherForm(ctx, db, o.args)
	if err != nil {
		return nil, fmt.Errorf("look for other forms of names: %w", err)
	}
	for _, row := range rows {
		if out[int(row.N)] == nil {
			out[int(row.N)] = map[uuid.UUID]float64{}
		}
		out[int(row.N)][row.IncidentID] = formAlike
	}
	return out, nil
}
