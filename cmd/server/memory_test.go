package main

import (
	"net/http"
	"testing"
)

// TestMemoryFollowsConnections: a server with thousands gets what they take.
func TestMemoryFollowsConnections(t *testing.T) {
	t.Parallel()
	var limits []int64
	m := &memoryLimit{set: func(bytes int64) { limits = append(limits, bytes) }, most: freeConnections}
	for range freeConnections {
		m.follow(nil, http.StateNew)
		m.follow(nil, http.StateActive)
		m.follow(nil, http.StateIdle)
	}
	for range 10_000 { // one after the other
		m.follow(nil, http.StateNew)
		m.follow(nil, http.StateClosed)
	}
	if len(limits) != 1 || limits[0] != servingLimit+(1+connectionStep)*eachConnection {
		t.Errorf("for one more connection the limits are %v", limits)
	}
	for range 1000 - freeConnections {
		m.follow(nil, http.StateNew)
	}
	if last := limits[len(limits)-1]; last < servingLimit+(1000-freeConnections)*eachConnection || len(limits) > 1000/connectionStep+1 {
		t.Errorf("for 1,000 connections the limits are %v", limits)
	}
}
