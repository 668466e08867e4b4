package ledger

import (
	"context"
	"fmt"
	"math"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// leave removes whoever had joined because a claim named them, and is named by
// none any more. A GET shows them beside those who were listed, and a PUT sends
// them back, so that being in what was sent says nothing. But somebody who stood
// in a version without such a claim was listed by a person, and stays.
func (d *draft) leave(ctx context.Context) error {
	var versions []incidents.Incident
	var err error
	d.in.LeaveActors(d.before, func(p incidents.Participant) bool {
		if versions == nil && err == nil {
			versions, err = d.versions(ctx)
		}
		for i := range versions {
			if versions[i].ListsUnnamed(p) {
				return true
			}
		}
		return false
	})
	return err
}

// versions are all that the incident has said, also as a draft.
func (d *draft) versions(ctx context.Context) ([]incidents.Incident, error) {
	rows, err := d.l.q.RevisionPage(ctx, d.tx, dbsqlc.RevisionPageParams{IncidentID: d.in.ID, BelowVersion: math.MaxInt32, Everything: true, Most: math.MaxInt32})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	out, all := make([]incidents.Incident, len(rows)), make([]*incidents.Incident, len(rows))
	for i, row := range rows {
		if out[i], err = parseDocument(row.Document); err != nil {
			return nil, err
		}
		all[i] = &out[i]
	}
	return out, d.l.presentSlugs(ctx, d.tx, all)
}
