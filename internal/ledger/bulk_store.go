package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// render makes the rows.
func (k *batch) render(ctx context.Context) error {
	for _, n := range k.kept {
		in, item := k.drafts[n].in, k.items[k.fresh[n]]
		in.Link(func(uuid.UUID) bool { return false })
		in.JoinActors()
		in.Derive()
		r, err := render(in)
		if err != nil {
			return err
		}
		k.staged = append(k.staged, newlyLogged(incidentRow(in, r)))
		k.ids = append(k.ids, in.ID)
		if in.Victims != nil && orZero(in.Victims.Quantity) >= largeFrom {
			k.large = append(k.large, in.ID)
		}
		if err := k.addRows(ctx, item, in); err != nil {
			return err
		}
	}
	return nil
}

func (k *batch) addRows(ctx context.Context, item ImportItem, in *incidents.Incident) error {
	if err := k.l.queueChildren(ctx, &k.rows, in); err != nil {
		return err
	}
	return k.l.q.ImportRecordInsert(ctx, &k.rows, dbsqlc.ImportRecordInsertParams{
		Origin: item.Origin, IncidentID: in.ID, Digest: item.Digest, Version: 1, ImportedAt: in.UpdatedAt, Original: item.Original,
	})
}

// storeUnchanged stores the batch while what it shows of actors and sources is held:
// who changes one of these sees its incidents afterwards, and renders them anew.
func (k *batch) storeUnchanged(ctx context.Context, tx pgx.Tx) error {
	if err := k.unchanged(ctx, tx); err != nil {
		return err
	}
	return k.store(ctx, tx)
}

// store writes what is new, then what was imported before.
func (k *batch) store(ctx context.Context, tx pgx.Tx) error {
	if len(k.staged) > 0 {
		if err := k.l.copyIncidents(ctx, tx, k.staged); err != nil {
			return err
		}
		if err := k.rows.Copy(ctx, tx); err != nil {
			return err
		}
		if err := k.l.q.RevisionsOfNew(ctx, tx, dbsqlc.RevisionsOfNewParams{
			Ids: k.ids, Author: k.change.By.Name, Action: k.change.Action, Reason: nullable(k.change.Reason),
		}); err != nil {
			return fmt.Errorf("insert revisions: %w", err)
		}
		if k.alone {
			if err := takeTurn(ctx, tx, pairsLock); err != nil {
				return err
			}
		}
		if err := k.l.copyDuplicates(ctx, tx, k.ids, k.large); err != nil {
			return err
		}
	}
	for _, i := range k.others {
		var err error
		if k.results[i], err = refusable(k.l.importItem(ctx, tx, k.change, k.items[i])); err != nil {
			return err
		}
	}
	return nil
}
