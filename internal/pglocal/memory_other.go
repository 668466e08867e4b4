//go:build unix && !linux

package pglocal

// memoryRoot is "": no folder is known to be in memory.
func memoryRoot() string { return "" }
