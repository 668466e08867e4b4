package ledger

import (
	"context"
	"encoding/json"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// historyWalk goes through the versions of an incident, the newest first. Each is read
// once, and compared with the one before it, which comes next.
type historyWalk struct {
	l    *Ledger
	by   access.Identity
	left int // how many are still wanted
	each func(r Revision, before json.RawMessage) error
	last int  // the version that came last
	told int  // bytes of what has changed
	more bool // there are others before it
}

// How many versions are read at once, with their whole documents: a few if those are
// large. Versions before small ones may be large too, so the number grows step by step.
const (
	historyAtOnce = 4
	historyAtMost = 32
	historySmall  = 32 << 10 // bytes
	// historyTold is how many bytes of changes there are in a page, but for the last
	// version: an answer holds all of them.
	historyTold = 4 << 20
)

func (w *historyWalk) over(ctx context.Context, args dbsqlc.RevisionPageParams) error {
	var later *read
	for atOnce := historyAtOnce; ; {
		args.Most = int32(min(atOnce, w.left+1))
		rows, err := w.l.q.RevisionPage(ctx, w.l.search, args)
		if err != nil {
			return fromPostgres(err)
		}
		size := 0
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			one := &read{row: row}
			if later != nil {
				if err := w.tell(ctx, later, one); err != nil {
					return err
				}
			}
			if w.left == 0 || w.told > historyTold {
				w.more = true
				return nil
			}
			later = one
			args.BelowVersion = row.Version
			size += len(row.Document)
		}
		if len(rows) < int(args.Most) {
			break
		}
		if size < len(rows)*historySmall {
			atOnce = min(2*atOnce, historyAtMost)
		} else {
			atOnce = historyAtOnce
		}
	}
	if later == nil {
		return nil
	}
	return w.tell(ctx, later, nil)
}

// tell hands over a version; before is the one that it follows, nil for none.
func (w *historyWalk) tell(ctx context.Context, one, before *read) error {
	r := revisionOf(w.by, one.row.Version, one.row.At, one.row.Author, one.row.Action, one.row.Reason)
	r.Document = one.row.Document
	var err error
	if r.Action, err = w.l.actionFor(ctx, w.by, r.Action); err != nil {
		return err
	}
	var was json.RawMessage
	if before != nil {
		r.Before, was = int(before.row.Version), before.row.Document
		s, err := stepTo(one, before)
		if err != nil {
			return err
		}
		merged, err := w.l.mergedActors(ctx, s)
		if err != nil {
			return err
		}
		if err := s.changes(&r, merged); err != nil {
			return err
		}
		if len(r.Actors)+len(r.Sources) > 0 {
			before.tree = nil // it shows those of the later version now
		}
	}
	w.left--
	w.told += len(r.Changes)
	w.last = r.Version
	return w.each(r, was)
}

// read is a version whose document is read as a tree when that is needed.
type read struct {
	row  dbsqlc.RevisionPageRow
	tree any
}

func (r *read) parse() (any, error) {
	if r.tree == nil {
		if err := exactly(r.row.Document, &r.tree); err != nil {
			return nil, err
		}
	}
	return r.tree, nil
}
