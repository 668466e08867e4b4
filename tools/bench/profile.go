package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

type profileCommand struct {
	Out string `env:"PROFILES" default:"bench/profiles" type:"path" help:"The folder that the profiles go to."`
}

// Run leaves a CPU profile of the server under each load, and its heap after it.
func (c *profileCommand) Run(ctx context.Context, o *options) (err error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	o.alone, o.serverEnv = true, []string{"PPROF_LISTEN=" + address}
	s, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	if err := os.MkdirAll(c.Out, 0o755); err != nil { //nolint:gosec // it is for everybody to read
		return err
	}
	b := &s.big
	profiles := &process{url: "http://" + address + "/debug/pprof"}
	for _, m := range []measure{
		s.get("list", b, b.inputs.pages, connections, 0, uncached), s.get("cached", b, b.inputs.first, connections, 0),
		s.get("detail", b, b.inputs.details, connections, 0, uncached), s.post("logging", b, "post", b.inputs.bodies),
		s.get("search", b, b.inputs.rare, connections, 0, uncached),
	} {
		if !s.wanted(m.name) {
			continue
		}
		taken := make(chan error, 1)
		go func() {
			taken <- save(ctx, profiles, fmt.Sprintf("/profile?seconds=%s", seconds(o.Time-time.Second)), filepath.Join(c.Out, m.name+".cpu.pprof"))
		}()
		got, err := m.run(ctx, 0)
		err = errors.Join(err, <-taken, save(ctx, profiles, "/heap", filepath.Join(c.Out, m.name+".heap.pprof")), save(ctx, profiles, "/allocs", filepath.Join(c.Out, m.name+".allocs.pprof")))
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		say("%-10s %9.0f/s%s", m.name, got.Rate, got.remarks())
	}
	fmt.Printf("The profiles are in %s. To look at one: go tool pprof -http : %s\n", c.Out, filepath.Join(c.Out, "list.cpu.pprof"))
	return nil
}

func save(ctx context.Context, from *process, path, file string) error {
	a, err := from.get(ctx, path)
	if err == nil && a.status != 200 {
		err = fmt.Errorf("%s is answered with %d", path, a.status)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, a.body, 0o600)
}
