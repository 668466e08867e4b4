// Package unpack reads files that may be packed with gzip, whatever they are called.
package unpack

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

// magic is what every gzip file begins with (RFC 1952).
var magic = []byte{0x1f, 0x8b}

// Reader reads a file, unpacked when it is gzip, through a buffer of so many bytes. An
// empty or short file is no gzip: what it is short of is for its own reader to say.
func Reader(r io.Reader, buffer int) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, buffer)
	if begin, _ := in.Peek(len(magic)); !bytes.Equal(begin, magic) {
		return in, nil
	}
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("unpack gzip: %w", err)
	}
	return bufio.NewReaderSize(unpacked, buffer), nil
}
