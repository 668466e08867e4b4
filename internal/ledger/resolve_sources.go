package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// sourceState is a source of a document on its way to the ledger.
type sourceState struct {
	known    bool
	redacted bool
	fill     bool // the document knows more of a known source than the ledger
	addText  bool
	text     string
	index    *article.Index // of the text, made when the first quote needs it
	kept     []dbsqlc.RedactedQuote
}

// sourceResolver turns the sources of a document into known or new ones, ties
// each piece of evidence to its source, and finds the quotes.
type sourceResolver struct {
	state     []sourceState  // one for each of the document's sources
	named     map[int]string // where evidence names a source that the document does not list
	byText    map[string]uuid.UUID
	settled   map[uuid.UUID]bool // those that this writer leaves as they are
	problems  incidents.Problems
	misquotes int
}

// knownBefore are the sources of the document that other incidents may have.
func (r *sourceResolver) knownBefore(in *incidents.Incident) []uuid.UUID {
	ids := []uuid.UUID{}
	for i, s := range in.Sources {
		if r.state[i].known {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// resolveSources resolves them for a writer of a role. One that is not an editor's
// says nothing new of sources on which more than drafts rest.
func (l *Ledger) resolveSources(ctx context.Context, tx pgx.Tx, look lookups, in *incidents.Incident, by access.Role) (*sourceResolver, error) {
	r := &sourceResolver{byText: map[string]uuid.UUID{}}
	r.gather(in)
	r.state = make([]sourceState, len(in.Sources))
	var named sourceNames
	for _, s := range in.Sources {
		named.add(s.ID, s.URL, s.Text)
	}
	var rows []dbsqlc.SourcesNamedRow
	if !named.none() {
		var err error
		if rows, err = look.sourcesNamed(ctx, named); err != nil {
			return nil, fmt.Errorf("look up sources: %w", err)
		}
	}
	if err := l.settle(ctx, tx, r, rows, by); err != nil {
		return nil, err
	}
	for i := range in.Sources {
		r.match(i, &in.Sources[i], &r.state[i], rows)
	}
	if err := l.keptQuotes(ctx, tx, r, in); err != nil {
		return nil, err
	}
	r.unite(in)
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		for i := range c.Evidence {
			r.place(fmt.Sprintf("%s/evidence/%d", pointer, i), in, &c.Evidence[i])
		}
	})
	for i := range in.Sources {
		in.Sources[i].Key, in.Sources[i].Text = "", ""
	}
	return r, nil
}

// settle finds the sources that a writer of a role leaves as they are.
func (l *Ledger) settle(ctx context.Context, tx pgx.Tx, r *sourceResolver, rows []dbsqlc.SourcesNamedRow, by access.Role) error {
	if by.AtLeast(access.Editor) || len(rows) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	settled, err := l.q.SourcesSettled(ctx, tx, ids)
	if err != nil {
		return fmt.Errorf("look what rests on the sources: %w", err)
	}
	r.settled = make(map[uuid.UUID]bool, len(settled))
	for _, id := range settled {
		r.settled[id] = true
	}
	return nil
}
