package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// connections is the load on the server, clients that on the database.
const (
	connections = 32
	clients     = 8
)

// measure is one thing that each round measures.
type measure struct {
	name   string
	run    func(ctx context.Context, round int) (sample, error)
	writes bool
	// database and fetches: an answer that was not cached has fetched at least so
	// many incidents from that database.
	database string
	fetches  float64
}

// uncached asks caches not to answer.
const uncached = "Cache-Control=no-cache"

// unkept makes the server look for no answer that it keeps: it keeps those only
// that everybody gets alike. Requests that are all different need it not.
const unkept = "Cookie=bench=uncached"

func (s *suite) measures() []measure {
	b, l := &s.big, &s.little
	all := []measure{
		s.get("list, first page", b, b.inputs.first, connections, 15, uncached, unkept),
		s.sql("list, first page: pgbench", "list-first.sql"),
		s.get("list, random page", b, b.inputs.pages, connections, 15, uncached),
		s.sql("list, random page: pgbench", "list-known.sql@65", "list-unknown.sql@35"),
		s.get("list, random page, small", l, l.inputs.pages, connections, 15, uncached),
		s.get("detail", b, b.inputs.details, connections, 0.5, uncached),
		s.sql("detail: pgbench, JSON of the rows", "detail.sql"),
		s.sql("detail: pgbench, the stored document", "detail-stored.sql"),
		s.get("detail, small", l, l.inputs.details, connections, 0.5, uncached),
		s.post("logging", b, "post", b.inputs.bodies),
		s.sql("logging: pgbench", "insert.sql"),
		s.post("logging, Idempotency-Key", b, "post-once", b.inputs.bodies),
		s.post("logging, small", l, "post", l.inputs.bodies),
		s.get("cached page", b, b.inputs.first, connections, 0),
		s.unchanged(),
		s.get("static", &side{process: s.static}, s.staticInput(), connections, 0),
		s.get("rare word", b, b.inputs.rare, connections, 1, uncached),
		s.sql("rare word: pgbench", "search-same.sql"),
		s.sql("rare word: pgbench, no passages", "search-rare.sql"),
		s.get("common word", b, b.inputs.common, 2, 1, uncached),
		s.get("report on breaches", b, s.line("/v1/reports/breaches"), 2, 0),
		s.get("report on responses", b, s.line("/v1/reports/responses"), 2, 0),
		s.disturbed(),
	}
	return slices.DeleteFunc(all, func(m measure) bool {
		return l.process == nil && strings.HasSuffix(m.name, ", small") || !s.wanted(m.name)
	})
}

func (s *suite) get(name string, to *side, file string, connections int, fetches float64, headers ...string) measure {
	load := wrk{kind: "get", file: file, connections: connections, headers: headers, fromMemory: fetches == 0}
	return measure{name: name, database: to.database, fetches: fetches, run: func(ctx context.Context, round int) (sample, error) {
		return load.run(ctx, s.folder, to.url, round, s.Rounds, s.Time)
	}}
}

// unchanged asks for the first page as those do who have it. What is logged can
// change it: an incident there may get a likely duplicate.
func (s *suite) unchanged() measure {
	return measure{name: "304", run: func(ctx context.Context, round int) (sample, error) {
		page, err := s.big.get(ctx, firstPage)
		if err != nil {
			return sample{}, err
		}
		etag := page.header.Get("ETag")
		load := wrk{kind: "get", file: s.big.inputs.first, connections: connections, headers: []string{"If-None-Match=" + etag}, fromMemory: true}
		out, err := load.run(ctx, s.folder, s.big.url, round, s.Rounds, s.Time)
		if err != nil {
			return out, err
		}
		after, err := s.big.get(ctx, firstPage, "If-None-Match", etag)
		if err == nil && after.status != http.StatusNotModified {
			err = fmt.Errorf("a page that was unchanged is answered with %d", after.status)
		}
		return out, err
	}}
}

func (s *suite) post(name string, to *side, kind, file string) measure {
	load := wrk{kind: kind, file: file, connections: connections, headers: []string{"Content-Type=application/json"}}
	if to.process != nil {
		load.headers = append(load.headers, "Authorization=Bearer "+to.key)
	}
	return measure{name: name, writes: true, run: func(ctx context.Context, round int) (sample, error) {
		return load.run(ctx, s.folder, to.url, round, s.Rounds, s.Time)
	}}
}

func (s *suite) sql(name string, scripts ...string) measure {
	return measure{name: name, writes: scripts[0] == "insert.sql", run: func(ctx context.Context, _ int) (sample, error) {
		return pgbench{scripts, clients}.run(ctx, s.folder, s.big.database, s.set, s.Time)
	}}
}

// disturbed is the list's rate while eight clients run the slowest searches:
// from before it begins until after it has ended, however long wrk takes to read
// its requests.
func (s *suite) disturbed() measure {
	list := wrk{kind: "get", file: s.big.inputs.pages, connections: connections, headers: []string{uncached}}
	slow := wrk{kind: "get", file: s.big.inputs.slow, connections: 8, headers: []string{uncached}}
	return measure{name: "list, random page, beside slow searches", run: func(ctx context.Context, round int) (sample, error) {
		searching, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = slow.run(searching, s.folder, s.big.url, round, s.Rounds, time.Hour) // it is ended, and has no result
		}()
		out, err := list.run(ctx, s.folder, s.big.url, round, s.Rounds, s.Time)
		select {
		case <-ended:
			err = errors.Join(err, errors.New("the slow searches have ended too early"))
		default:
		}
		stop()
		<-ended
		return out, errors.Join(err, s.settle(ctx))
	}}
}

// settle waits until the database has ended what nobody waits for any more, so
// that it does not fall on what is measured next.
func (s *suite) settle(ctx context.Context) error {
	return until(ctx, s.big.database, "the slow searches have ended",
		"SELECT count(*) = 0 FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
}

// write measures what writes, and waits until the reports have it, for the same reason.
func (s *suite) write(ctx context.Context, m measure, round int) (sample, error) {
	got, err := m.run(ctx, round)
	for _, to := range []*side{&s.big, &s.little} {
		if err == nil && to.process != nil {
			err = until(ctx, to.database, "the reports are up to date", "SELECT NOT EXISTS (SELECT FROM report_changes)")
		}
	}
	return got, err
}

// until waits until the database says yes.
func until(ctx context.Context, database, what, question string) error {
	const limit = 30 * time.Second // several times that of a search
	for begun := time.Now(); time.Since(begun) < limit; time.Sleep(100 * time.Millisecond) {
		var yes bool
		if err := ask(ctx, database, &yes, question); err != nil || yes {
			return err
		}
	}
	return fmt.Errorf("waited %s in vain until %s", limit, what)
}

// warmUp logs for a moment before the first round: whoever writes first reads
// into memory what is written to, for the other too.
func (s *suite) warmUp(ctx context.Context, all []measure) error {
	for _, m := range all {
		if !m.writes {
			continue
		}
		if _, err := s.write(ctx, m, s.Rounds); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// runRounds measures everything once in each round, one after the other, so
// that what else the machine does meanwhile falls on all alike.
func (s *suite) runRounds(ctx context.Context, all []measure) error {
	if err := s.warmUp(ctx, all); err != nil {
		return err
	}
	for round := range s.Rounds {
		for _, m := range all {
			run := m.run
			if m.writes {
				if err := admin(ctx, s.postgres, "CHECKPOINT"); err != nil {
					return err
				}
				run = func(ctx context.Context, round int) (sample, error) { return s.write(ctx, m, round) }
			}
			before, err := fetched(ctx, m)
			if err != nil {
				return err
			}
			got, err := run(ctx, round)
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			after, err := fetched(ctx, m)
			if err != nil {
				return err
			}
			if got.Rate > 0 && m.fetches > 0 {
				got.Fetched = float64(after-before) / (got.Rate * s.Time.Seconds())
				got.Cached = got.Fetched < m.fetches/2
			}
			say("%d/%d %-42s %9.0f/s  %8.2f ms %s", round+1, s.Rounds, m.name, got.Rate, got.P50, got.remarks())
			s.results[m.name] = append(s.results[m.name], got)
		}
	}
	return nil
}

// fetched is how many incidents the database has fetched so far.
func fetched(ctx context.Context, m measure) (n int64, err error) {
	if m.fetches == 0 {
		return 0, nil
	}
	err = ask(ctx, m.database, &n, "SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read FROM pg_stat_user_tables WHERE relname = 'incidents'")
	return n, err
}
