package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// defaultMeetingPatience is how long the answer to a new incident waits for the
// transactions of others that it may be the same as. Most take a few milliseconds.
const defaultMeetingPatience = time.Second

// answered ends a recording that was written or refused. One that has met others
// first waits for them, with no transaction open: they may be waiting for its locks.
func (l *Ledger) answered(r *recording) {
	if r.err != nil || len(r.met) == 0 {
		close(r.done)
		return
	}
	l.settling.Go(func() { l.settleMeetings(r) })
}

// settleMeetings adds the incidents that one has met to its answer, and their pairs to
// the queue, if they are stored too. Those that take long only reach the queue.
func (l *Ledger) settleMeetings(r *recording) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), 2*groupTimeout)
	defer cancel()
	met, late := endedWithin(r.met, l.recorder.meetingPatience)
	doc, err := l.settleWith(ctx, r.doc, met, r.change.Once)
	r.doc = doc
	close(r.done)
	if len(late) > 0 && err == nil {
		late, _ = endedWithin(late, 2*groupTimeout) // by then every transaction has ended
		_, err = l.settleWith(ctx, doc, late, nil)
	}
	if err != nil {
		l.log.Error("an incident and others logged at the same time cannot be put in the queue of likely duplicates", "incident", doc.Slug, "error", err)
	}
}

// endedWithin separates those whose transaction ends in time from the others.
func endedWithin(met []meeting, patience time.Duration) (ended, late []meeting) {
	end := time.NewTimer(patience)
	defer end.Stop()
	for i, m := range met {
		select {
		case <-m.with.ended:
			ended = append(ended, m)
		case <-end.C:
			return ended, met[i:]
		}
	}
	return ended, nil
}

// settleWith returns the answer with those of the incidents that are stored, and
// puts the likeliest pairs of all in the queue. o, where it is not nil, remembers that
// answer for a repeated request.
func (l *Ledger) settleWith(ctx context.Context, doc Document, met []meeting, o *Once) (out Document, err error) {
	out = doc
	if len(met) == 0 {
		return out, nil
	}
	defer caught(&err)
	err = l.write(ctx, func(tx pgx.Tx) error {
		similar, fresh := slices.Clone(doc.Similar), map[uuid.UUID]bool{}
		for _, m := range met {
			row, err := l.q.IncidentDocumentByID(ctx, tx, m.similar.ID)
			if errors.Is(err, pgx.ErrNoRows) {
				continue // the other transaction failed
			}
			if err != nil {
				return fmt.Errorf("look for an incident logged at the same time: %w", err)
			}
			if stands(row.Publication) {
				similar, fresh[m.similar.ID] = append(similar, m.similar), true
			}
		}
		with := doc
		with.Similar = likeness.Ranked(similar)
		q := &pgbatch.Queue{}
		if err := l.queuePairs(ctx, q, slices.DeleteFunc(pairsOf(doc.ID, with.Similar), func(p pair) bool { return !fresh[p.other] })); err != nil {
			return err
		}
		if err := l.keep(ctx, q, o, with); err != nil {
			return err
		}
		out = with
		return q.Send(ctx, tx)
	})
	return out, err
}
