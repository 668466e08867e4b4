package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// measureOnce measures what needs no rounds.
func (s *suite) measureOnce(ctx context.Context) (out []row, err error) {
	for _, m := range []struct {
		name    string
		measure func(context.Context) ([]row, error)
	}{
		{"memory", s.memory}, {"stale", s.staleness}, {"filtered reports", s.filteredReports},
	} {
		if !s.wanted(m.name) {
			continue
		}
		rows, err := m.measure(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		for _, r := range rows {
			say("%s: %s %s", r.What, figure(r), r.Detail)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// memory is what the server has resident under 64 connections, at most.
func (s *suite) memory(ctx context.Context) ([]row, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	most := make(chan float64, 1)
	go func() {
		largest := 0.0
		for ctx.Err() == nil {
			now, _, _ := s.big.resident() // a process that has ended has none
			largest = max(largest, now)
			time.Sleep(50 * time.Millisecond)
		}
		most <- largest
	}()
	for i, file := range []string{s.big.inputs.pages, s.big.inputs.details, s.big.inputs.first, s.big.inputs.rare} {
		if _, err := (wrk{kind: "get", file: file, connections: 64}).run(ctx, s.folder, s.big.url, i, 4, s.Time/2); err != nil {
			return nil, err
		}
	}
	cancel()
	v := <-most
	_, highest, err := s.big.resident()
	return []row{judge(row{
		What: "memory of the server under 64 connections", Unit: "MiB", Value: &v, AtLeast: 100, AimFor: 60, Low: true,
		Detail: fmt.Sprintf("at its highest in the whole run %.0f MiB", highest),
	})}, err
}

// burst logs incidents, eight at a time.
func (s *suite) burst(ctx context.Context, n int) error {
	body, when := firstLine(s.big.inputs.bodies), time.Now().UnixNano()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i := range n {
		group.Go(func() error {
			fresh := strings.NewReplacer("@@", fmt.Sprintf("burst%dx%d", when, i), "@w", strconv.FormatInt(when/int64(i+1), 36))
			a, err := s.big.post(ctx, incidentsPath, []byte(fresh.Replace(body)))
			if err == nil && a.status != http.StatusCreated {
				err = a.wrong("logging", nil)
			}
			return err
		})
	}
	return group.Wait()
}

// counted is how many incidents a report is about.
func (s *suite) counted(ctx context.Context, path string) (int64, answered, error) {
	a, err := s.big.get(ctx, path)
	var r struct{ Counted, Uncounted, Incidents int64 }
	if err == nil && a.status == http.StatusOK {
		err = json.Unmarshal(a.body, &r)
	}
	return r.Counted + r.Uncounted + r.Incidents, a, err
}

const burstSize = 400

// staleness is how long after a burst of writes each report says so, and
// whether it does at once when it is asked to be fresh.
func (s *suite) staleness(ctx context.Context) (out []row, err error) {
	for _, report := range []string{"breaches", "responses"} {
		path := "/v1/reports/" + report
		late := row{What: "report on " + report + ": stale after a write burst", Unit: "s", AtLeast: 5, AimFor: 5, Low: true}
		// However stale it is, it is the truth after this.
		before, a, err := s.counted(ctx, path+"?fresh=true")
		fresh := err == nil && a.status == http.StatusOK
		if !fresh {
			before, a, err = s.counted(ctx, path)
		}
		if err != nil {
			return nil, err
		}
		if a.status != http.StatusOK {
			late.Detail = fmt.Sprintf("answered with %d", a.status)
			out = append(out, judge(late))
			continue
		}
		if err := s.burst(ctx, burstSize); err != nil {
			return nil, err
		}
		began, now := time.Now(), int64(0)
		for now < before+burstSize && time.Since(began) < 30*time.Second {
			if now, _, err = s.counted(ctx, path); err != nil {
				return nil, err
			}
		}
		v := time.Since(began).Seconds()
		late.Value = &v
		out = append(out, judge(late), s.exact(ctx, report, before+burstSize, fresh))
	}
	return out, nil
}

// exact is whether a report that is asked to be fresh has just been brought up
// to date: 1, or 0.
func (s *suite) exact(ctx context.Context, report string, before int64, there bool) row {
	r := row{What: "report on " + report + ": exact with fresh=true (1 is yes)", AtLeast: 1, AimFor: 1}
	if !there {
		r.Detail = "fresh=true is refused"
		return judge(r)
	}
	v := 0.0
	r.Value = &v
	if err := s.burst(ctx, burstSize); err != nil {
		return judge(r, err.Error())
	}
	got, a, err := s.counted(ctx, "/v1/reports/"+report+"?fresh=true")
	r.Detail = fmt.Sprintf("%d incidents of %d, in %.0f ms", got, before+burstSize, a.took.Seconds()*1000)
	if err == nil && got == before+burstSize {
		v = 1
	}
	return judge(r)
}

// filteredReports are bounded: an answer, or 503 when the time is up.
func (s *suite) filteredReports(ctx context.Context) ([]row, error) {
	longest, answers, faults := 0.0, map[int]int{}, []string{}
	for _, path := range []string{
		"/v1/reports/responses?payment=true", "/v1/reports/breaches?payment=true", "/v1/reports/responses?unanswered=true&min_victims=1",
		"/v1/reports/breaches?min_victims=1&sector=bank", "/v1/reports/promises?payment=true", "/v1/reports/responses?q=customers",
	} {
		a, err := s.big.get(ctx, path)
		if err != nil {
			return nil, err
		}
		longest = max(longest, a.took.Seconds())
		answers[a.status]++
		if a.status != http.StatusOK && a.status != http.StatusServiceUnavailable {
			faults = append(faults, fmt.Sprintf("%s is answered with %d", path, a.status))
		}
	}
	// The default of SEARCH_TIMEOUT is for one query; a report has two or three.
	return []row{judge(row{
		What: "filtered reports: the longest", Unit: "s", Value: &longest, AtLeast: 15, AimFor: 5, Low: true,
		Detail: fmt.Sprintf("%d of 6 answered, %d with 503", answers[http.StatusOK], answers[http.StatusServiceUnavailable]),
	}, faults...)}, nil
}
