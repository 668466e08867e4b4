package ledger

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// PoolStats says how a pool of database connections is used. What is counted is
// counted since the start.
type PoolStats struct {
	Name    string // "main", "search" or "quick"
	Max     int    // the most connections that it opens
	Idle    int
	InUse   int
	Opening int
	// Acquires are how often a connection was taken, Waits how often it had to be
	// waited for, Waited how long in all, and Canceled how often in vain.
	Acquires, Waits, Canceled int64
	Waited                    time.Duration
}

// Stats are those of the pool for writes and reads by key, of the pool for
// lists, searches and reports, and of the one that quick reads share.
func (l *Ledger) Stats() []PoolStats {
	return []PoolStats{poolStats("main", l.pool), poolStats("search", l.search), poolStats("quick", l.quick)}
}

func poolStats(name string, p *pgxpool.Pool) PoolStats {
	s := p.Stat()
	return PoolStats{
		Name: name, Max: int(s.MaxConns()), Idle: int(s.IdleConns()), InUse: int(s.AcquiredConns()), Opening: int(s.ConstructingConns()),
		Acquires: s.AcquireCount(), Waits: s.EmptyAcquireCount(), Canceled: s.CanceledAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
	}
}
