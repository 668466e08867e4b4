package ledger

import (
	"context"
	"encoding/hex"
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

// Actors and sources, which incidents share, are changed at their own addresses, and
// those changes are kept. What a write of an incident makes or adds, the history of the
// incident has.

// SharedRevision is a change of an actor or a source at its own address.
type SharedRevision struct {
	At     time.Time `json:"at"`
	Author string    `json:"author" doc:"The name of the API key"`
	Action string    `json:"action" example:"edit actor"`
	Reason string    `json:"reason,omitempty"`
}

// ActorRevision is a change of an actor at its own address.
type ActorRevision struct {
	SharedRevision
	Slug   string           `json:"slug" doc:"Whose change it was: this actor's, or that of one merged into it since"`
	Before *incidents.Actor `json:"before,omitempty" doc:"Left out when the actor was made"`
	After  incidents.Actor  `json:"after"`
	Merged *incidents.Actor `json:"merged,omitempty" doc:"The actor that was merged into this one, as it was"`
}

// SourceRevision is a change of a source at its own address.
type SourceRevision struct {
	SharedRevision
	Before *incidents.SourceSaid `json:"before,omitempty" doc:"Left out when the source was added"`
	After  incidents.SourceSaid  `json:"after"`
}

// noted is what a change keeps of who makes it.
func (l *Ledger) noted(c Change) dbsqlc.SharedChangeInsertParams {
	return dbsqlc.SharedChangeInsertParams{ID: incidents.NewID(), At: l.clock(), Author: c.By.Name, Action: c.Action, Reason: nullable(c.Reason)}
}

// queueActorChange notes a change of an actor; before is nil when it is made, merged nil
// but for a merge. One that changes nothing is not noted.
func (l *Ledger) queueActorChange(ctx context.Context, q *pgbatch.Queue, c Change, before *incidents.Actor, after incidents.Actor, merged *incidents.Actor) error {
	row := l.noted(c)
	row.ActorID = &after.ID
	for _, actor := range []*incidents.Actor{before, &after, merged} {
		if actor != nil {
			actor.Aliases = storedAliases(*actor)
		}
	}
	err := putStates(&row, before, after, merged)
	if err != nil || merged == nil && string(row.Before) == string(row.After) {
		return err
	}
	return l.q.SharedChangeInsert(ctx, q, row)
}

// storedAliases are the other names of an actor that the ledger keeps, in a fixed order.
func storedAliases(a incidents.Actor) (aliases []string) {
	for _, n := range keyedNames(a.Names())[1:] {
		aliases = append(aliases, n.name)
	}
	slices.Sort(aliases)
	return aliases
}

// queueSourceChange notes a change of a source; before is nil when it is added. One that
// changes nothing is not noted.
func (l *Ledger) queueSourceChange(ctx context.Context, q *pgbatch.Queue, c Change, id uuid.UUID, before *incidents.SourceSaid, after incidents.SourceSaid) error {
	row := l.noted(c)
	row.SourceID = &id
	if err := putStates(&row, before, after, nil); err != nil || string(row.Before) == string(row.After) {
		return err
	}
	return l.q.SharedChangeInsert(ctx, q, row)
}

// saidOf is what a source says of itself, its text by its hash.
func saidOf(s incidents.Source) incidents.SourceSaid {
	out := incidents.SourceSaid{
		URL: s.URL, Title: s.Title, Publisher: s.Publisher, Author: s.Author, Published: s.Published, Language: s.Language, NoIncidentReason: s.NoIncidentReason,
	}
	if s.Text != "" {
		out.TextSHA256 = hex.EncodeToString(textHash(s.Text))
	}
	return out
}

// putStates puts an actor or a source before and after a change into its row.
func putStates[T any](row *dbsqlc.SharedChangeInsertParams, before *T, after T, merged *T) error {
	for _, side := range []struct {
		to    *[]byte
		state *T
	}{{&row.Before, before}, {&row.After, &after}, {&row.Merged, merged}} {
		if side.state == nil {
			continue
		}
		var err error
		if *side.to, err = json.Marshal(side.state); err != nil {
			return fmt.Errorf("write a change: %w", err)
		}
	}
	return nil
}

// changeRow is the row of a change that a backup has.
func changeRow[T any](actor, source *uuid.UUID, c ndjson.Change[T]) (dbsqlc.SharedChangeInsertParams, error) {
	row := dbsqlc.SharedChangeInsertParams{
		ID: c.ID, ActorID: actor, SourceID: source, At: c.At, Author: c.Author, Action: c.Action, Reason: nullable(c.Reason),
	}
	err := putStates(&row, c.Before, c.After, c.Merged)
	return row, err
}

// changeOf is the change that a row keeps.
func changeOf[T any](row dbsqlc.SharedChange) (ndjson.Change[T], error) {
	c := ndjson.Change[T]{ID: row.ID, At: row.At.UTC(), Author: row.Author, Action: row.Action, Reason: orZero(row.Reason)}
	for _, side := range []struct {
		from []byte
		to   any
	}{{row.Before, &c.Before}, {row.After, &c.After}, {row.Merged, &c.Merged}} {
		if side.from == nil {
			continue
		}
		if err := json.Unmarshal(side.from, side.to); err != nil {
			return c, fmt.Errorf("read a change: %w", err)
		}
	}
	return c, nil
}

// ActorHistory is a page of the changes of an actor, the latest first, and the cursor of
// the next page. It says who wrote what, which readers are not told.
func (l *Ledger) ActorHistory(ctx context.Context, by access.Identity, slug string, page Page) ([]ActorRevision, string, error) {
	if err := needs(by, access.Contributor); err != nil {
		return nil, "", err
	}
	asked, _, err := l.readableActor(ctx, by, slug)
	if err != nil {
		return nil, "", err
	}
	var rows []dbsqlc.ActorChangesRow
	next, err := changesPage([]any{"actor history", asked.ID}, page, func(before uuid.UUID, most int32) (ids []uuid.UUID, err error) {
		rows, err = l.q.ActorChanges(ctx, l.search, dbsqlc.ActorChangesParams{ActorID: asked.ID, BeforeID: before, Most: most})
		for _, row := range rows {
			ids = append(ids, row.SharedChange.ID)
		}
		return ids, err
	})
	if err != nil {
		return nil, "", explain("read an actor's history", fromPostgres(err))
	}
	out := make([]ActorRevision, min(len(rows), page.bounded().Limit))
	for i := range out {
		c, err := changeOf[incidents.Actor](rows[i].SharedChange)
		if err != nil {
			return nil, "", err
		}
		out[i] = ActorRevision{SharedRevision{c.At, c.Author, c.Action, c.Reason}, rows[i].Slug, c.Before, c.After, c.Merged}
	}
	return out, next, nil
}

// SourceHistory is a page of the changes of a source, as [Ledger.ActorHistory].
func (l *Ledger) SourceHistory(ctx context.Context, by access.Identity, id uuid.UUID, page Page) ([]SourceRevision, string, error) {
	if err := needs(by, access.Contributor); err != nil {
		return nil, "", err
	}
	if _, err := l.q.SourceIsPublic(ctx, l.search, id); err != nil {
		return nil, "", fmt.Errorf("read a source's history: %w", notFound(fromPostgres(err), "source "+id.String()))
	}
	var rows []dbsqlc.SharedChange
	next, err := changesPage([]any{"source history", id}, page, func(before uuid.UUID, most int32) (ids []uuid.UUID, err error) {
		rows, err = l.q.SourceChanges(ctx, l.search, dbsqlc.SourceChangesParams{SourceID: id, BeforeID: before, Most: most})
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return ids, err
	})
	if err != nil {
		return nil, "", explain("read a source's history", fromPostgres(err))
	}
	out := make([]SourceRevision, min(len(rows), page.bounded().Limit))
	for i := range out {
		c, err := changeOf[incidents.SourceSaid](rows[i])
		if err != nil {
			return nil, "", err
		}
		out[i] = SourceRevision{SharedRevision{c.At, c.Author, c.Action, c.Reason}, c.Before, c.After}
	}
	return out, next, nil
}

// changesPage reads one change more than fit on a page, before the one that the cursor
// names, and returns the cursor of the next page.
func changesPage(scope any, page Page, read func(before uuid.UUID, most int32) ([]uuid.UUID, error)) (next string, err error) {
	page = page.bounded()
	before := uuid.Max
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &before); err != nil {
			return "", err
		}
	}
	ids, err := read(before, int32(page.Limit)+1)
	if err != nil || len(ids) <= page.Limit {
		return "", err
	}
	return encodeCursor(scope, ids[page.Limit-1])
}
