package multiplex

import "context"

// Memory is where the first answer goes that a context asks for. Made anew for each,
// it would be most of the garbage that a quick read leaves.
type Memory struct {
	bytes []byte
	taken bool
}

type memoryKey struct{}

// WithMemory has the first answer put there. What was read is good until
// [Memory.Reset].
func WithMemory(ctx context.Context, m *Memory) context.Context {
	return context.WithValue(ctx, memoryKey{}, m)
}

// Reset makes the memory ready for another answer, unless it has grown beyond most.
func (m *Memory) Reset(most int) {
	if cap(m.bytes) > most {
		m.bytes = nil
	}
	m.taken = false
}

// freeMemory is the context's memory; nil when there is none, or it is taken.
func freeMemory(ctx context.Context) *Memory {
	m, ok := ctx.Value(memoryKey{}).(*Memory)
	if !ok || m.taken {
		return nil
	}
	m.taken = true
	return m
}

// lend lends the bytes until they are given back. When nobody waits for the answer any
// more they are not given back, since it may still be written.
func (m *Memory) lend() []byte {
	if m == nil {
		return nil
	}
	bytes := m.bytes
	m.bytes = nil
	return bytes
}

func (m *Memory) giveBack(bytes []byte) {
	if m != nil {
		m.bytes = bytes
	}
}
