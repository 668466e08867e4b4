package ledger

import (
	"context"
	"errors"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
)

// aDraft stands in an action for the slug of an incident that was never public.
const aDraft = "a draft"

// actionFor is an action as who asks may read it. What was merged into an incident
// may never have been public itself: its slug, made of its title, tells what it said.
func (l *Ledger) actionFor(ctx context.Context, by access.Identity, action string) (string, error) {
	if by.Role.SeesUnpublished() {
		return action, nil
	}
	for _, verb := range []string{mergeFrom, giveBack} {
		slug, ok := strings.CutPrefix(action, verb)
		if !ok {
			continue
		}
		row, err := l.documentRow(ctx, l.search, slug)
		switch { // a draft may have another slug by now
		case errors.Is(err, ErrNotFound), err == nil && row.FirstPublishedAt == nil:
			return verb + aDraft, nil
		case err != nil:
			return "", fromPostgres(err)
		}
	}
	return action, nil
}
