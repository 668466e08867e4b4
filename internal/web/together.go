package web

import (
	"context"
	"sync"
)

// together asks several questions at once, and returns the first error, which
// breaks the other questions off.
func together(ctx context.Context, questions ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, ask := range questions {
		all.Go(func() {
			if err := ask(ctx); err != nil {
				cancel(err) // the first one counts
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
