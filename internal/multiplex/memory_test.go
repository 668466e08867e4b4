package multiplex_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/breachledger/breachledger/internal/multiplex"
)

// TestMemoryIsUsedOnceAtATime: two answers of a context do not overwrite each
// other, and one for which nobody waited any more is not written into memory that
// is used again.
func TestMemoryIsUsedOnceAtATime(t *testing.T) {
	t.Parallel()
	r, _ := open(t, 2)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			var memory multiplex.Memory
			for n := range 200 {
				ctx, cancel := context.WithCancel(multiplex.WithMemory(t.Context(), &memory))
				if n%3 == 0 {
					go cancel()
				}
				want := [2]string{strings.Repeat(string(rune('a'+i)), 100+n), strings.Repeat(string(rune('A'+i)), 3000-n)}
				var got [2][]byte
				var err error
				for k := range got {
					if err == nil {
						err = r.QueryRow(ctx, "SELECT to_json($1::text)", want[k]).Scan(&got[k])
					}
				}
				for k := range got {
					if err == nil && string(got[k]) != `"`+want[k]+`"` {
						t.Errorf("answer %d is %.40s…, want %.40s…", k, got[k], want[k])
					}
				}
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				cancel()
				memory.Reset(2000)
			}
		})
	}
	all.Wait()
}
