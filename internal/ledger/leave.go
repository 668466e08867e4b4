package ledger

import (
	"context"
	"fmt"
	"math"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// leave removes participants who joined because a claim named them, when no claim does
// any more. A GET shows them beside those who were listed, and a PUT sends them back, so
// being in what was sent means nothing. But somebody who stood in a version without such
// a claim was listed by a person, and stays.
func (d *draft) leave(ctx context.Context) error {
	var listed map[roleOf]bool
	var err error
	d.in.LeaveActors(d.before, func(p incidents.Participant) bool {
		if listed == nil && err == nil {
			listed, err = d.listed(ctx)
		}
		return listed[roleOf{p.Actor.Slug, p.Role}]
	})
	return err
}

// roleOf is a role of the actor of a slug.
type roleOf struct {
	actor string
	role  incidents.Role
}

// listed are those whom any version of the incident lists without a claim that names
// them, also as a draft. Few versions are held at once, as in a history.
func (d *draft) listed(ctx context.Context) (map[roleOf]bool, error) {
	out, args := map[roleOf]bool{}, dbsqlc.RevisionPageParams{IncidentID: d.in.ID, BelowVersion: math.MaxInt32, Everything: true, Most: historyAtOnce}
	for {
		rows, err := d.l.q.RevisionPage(ctx, d.tx, args)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		versions := make([]*incidents.Incident, len(rows))
		for i, row := range rows {
			version, err := parseDocument(row.Document)
			if err != nil {
				return nil, err
			}
			versions[i], args.BelowVersion = &version, row.Version
		}
		if err := d.l.presentSlugs(ctx, d.tx, versions); err != nil {
			return nil, err
		}
		for _, version := range versions {
			for _, p := range version.Unnamed() {
				out[roleOf{p.Actor.Slug, p.Role}] = true
			}
		}
		if len(rows) < historyAtOnce {
			return out, nil
		}
	}
}
