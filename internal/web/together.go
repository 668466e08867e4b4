package web

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// together asks several questions at once, and returns the first error, which
// breaks the other questions off.
func together(ctx context.Context, questions ...func(context.Context) error) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, ask := range questions {
		all.Go(func() error { return ask(ctx) })
	}
	return all.Wait()
}
