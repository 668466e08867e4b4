package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// formAlike is how much two names are alike that differ in their legal form alone.
const formAlike = 0.9

// otherForms asks for the incidents of organisations that may be those which documents
// make, under another form of the name ("Target", "Target Corporation"). Known ones are
// not asked for: that was done when they were made. What a form is, the function
// actor_name_stem of the database says.
type otherForms struct {
	args dbsqlc.BreachedInOtherFormParams
}

// add asks for those of a document, before its actors are stored.
func (o *otherForms) add(n int, d *draft) {
	for _, actor := range d.actors.created {
		breached := func(p incidents.Participant) bool { return p.Actor.ID == actor.ID && p.Role.Breached() }
		if slices.ContainsFunc(d.in.Participants, breached) {
			o.args.Ns, o.args.Ids = append(o.args.Ns, int32(n)), append(o.args.Ids, d.in.ID)
			o.args.Names = append(o.args.Names, incidents.FoldName(actor.Name))
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
