package web

import (
	"context"
	"fmt"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

// together asks several questions at once, and returns the first error, which cancels
// the others. A panic counts as an error: in a goroutine that is not the request's
// nothing else would recover it, and it would end the server.
func together(ctx context.Context, questions ...func(context.Context) error) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, ask := range questions {
		all.Go(func() (err error) {
			defer func() {
				if caught := recover(); caught != nil {
					err = fmt.Errorf("panic: %v\n%s", caught, debug.Stack())
				}
			}()
			return ask(ctx)
		})
	}
	return all.Wait()
}
