package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// ActorRevision is a change of an actor at its own address. Those made where an incident
// names them have none from then: the history of the incident has it.
type ActorRevision struct {
	At     time.Time        `json:"at"`
	Author string           `json:"author" doc:"The name of the API key"`
	Action string           `json:"action" example:"edit actor"`
	Reason string           `json:"reason,omitempty"`
	Slug   string           `json:"slug" doc:"Whose change it was: this actor's, or that of one merged into it since"`
	Before *incidents.Actor `json:"before,omitempty" doc:"Left out when the actor was made"`
	After  incidents.Actor  `json:"after"`
	Merged *incidents.Actor `json:"merged,omitempty" doc:"The actor that was merged into this one, as it was"`
}

// queueActorChange notes a change of an actor; before is nil when it is made, merged nil
// but for a merge. One that changes nothing is not noted.
func (l *Ledger) queueActorChange(ctx context.Context, q *pgbatch.Queue, c Change, before *incidents.Actor, after incidents.Actor, merged *incidents.Actor) error {
	row, err := actorChangeRow(after.ID, ndjson.ActorChange{
		ID: incidents.NewID(), At: l.clock(), Author: c.By.Name, Action: c.Action, Reason: c.Reason, Before: before, After: after, Merged: merged,
	})
	if err != nil || string(row.Before) == string(row.After) && merged == nil {
		return err
	}
	return l.q.ActorChangeInsert(ctx, q, row)
}

// actorChangeRow is the row of a change, other names in alphabetical order.
func actorChangeRow(actor uuid.UUID, c ndjson.ActorChange) (dbsqlc.ActorChangeInsertParams, error) {
	row := dbsqlc.ActorChangeInsertParams{ID: c.ID, ActorID: actor, At: c.At, Author: c.Author, Action: c.Action, Reason: nullable(c.Reason)}
	for _, side := range []struct {
		to    *[]byte
		actor *incidents.Actor
	}{{&row.Before, c.Before}, {&row.After, &c.After}, {&row.Merged, c.Merged}} {
		if side.actor == nil {
			continue
		}
		shown := *side.actor
		shown.Aliases = slices.Sorted(slices.Values(shown.Aliases))
		var err error
		if *side.to, err = json.Marshal(shown); err != nil {
			return row, fmt.Errorf("write a change of an actor: %w", err)
		}
	}
	return row, nil
}

// actorChangeOf is the change that a row keeps.
func actorChangeOf(row dbsqlc.ActorChange) (ndjson.ActorChange, error) {
	c := ndjson.ActorChange{ID: row.ID, At: row.At.UTC(), Author: row.Author, Action: row.Action, Reason: orZero(row.Reason)}
	for _, side := range []struct {
		from []byte
		to   **incidents.Actor
	}{{row.Before, &c.Before}, {row.Merged, &c.Merged}} {
		if side.from != nil {
			*side.to = &incidents.Actor{}
			if err := json.Unmarshal(side.from, *side.to); err != nil {
				return c, fmt.Errorf("read a change of an actor: %w", err)
			}
		}
	}
	if err := json.Unmarshal(row.After, &c.After); err != nil {
		return c, fmt.Errorf("read a change of an actor: %w", err)
	}
	return c, nil
}

// ActorHistory is a page of the changes of an actor, the latest first, and the cursor of
// the next page. It says who wrote what, which readers are not told.
func (l *Ledger) ActorHistory(ctx context.Context, by access.Identity, slug string, page Page) ([]ActorRevision, string, error) {
	page = page.bounded()
	if !by.Role.SeesUnpublished() {
		return nil, "", fmt.Errorf("%w: the role %s or above is needed", ErrForbidden, access.Contributor)
	}
	asked, _, err := l.readableActor(ctx, by, slug)
	if err != nil {
		return nil, "", err
	}
	scope := []any{"actor history", asked.ID}
	args := dbsqlc.ActorChangesParams{ActorID: asked.ID, BeforeID: uuid.Max, Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &args.BeforeID); err != nil {
			return nil, "", err
		}
	}
	rows, err := l.q.ActorChanges(ctx, l.search, args)
	if err != nil {
		return nil, "", fmt.Errorf("read an actor's history: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		if next, err = encodeCursor(scope, rows[page.Limit-1].ActorChange.ID); err != nil {
			return nil, "", err
		}
	}
	out := make([]ActorRevision, len(rows))
	for i, row := range rows {
		c, err := actorChangeOf(row.ActorChange)
		if err != nil {
			return nil, "", err
		}
		out[i] = ActorRevision{At: c.At, Author: c.Author, Action: c.Action, Reason: c.Reason, Slug: row.Slug, Before: c.Before, After: c.After, Merged: c.Merged}
	}
	return out, next, nil
}
