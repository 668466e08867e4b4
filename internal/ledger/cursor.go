package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// A cursor says behind which row the next page begins. It is opaque to clients:
// the place as JSON, bound to the list that gave it out by a check sum. It
// holds no page number, so rows that are added or removed shift nothing.

const checkSize = 8

// encodeCursor writes a place in the list that scope describes.
func encodeCursor(scope any, place any) (string, error) {
	body, err := json.Marshal(place)
	if err != nil {
		return "", fmt.Errorf("write cursor: %w", err)
	}
	check, err := cursorCheck(scope, body)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(check, body...)), nil
}

// decodeCursor reads a place; a cursor of another list, or one that was
// tampered with, is an [ErrCursor].
func decodeCursor(scope any, cursor string, place any) error {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < checkSize {
		return ErrCursor
	}
	check, err := cursorCheck(scope, raw[checkSize:])
	if err != nil {
		return err
	}
	if !bytes.Equal(check, raw[:checkSize]) || json.Unmarshal(raw[checkSize:], place) != nil {
		return ErrCursor
	}
	return nil
}

func cursorCheck(scope any, body []byte) ([]byte, error) {
	list, ok := scope.(json.RawMessage)
	if !ok {
		var err error
		if list, err = json.Marshal(scope); err != nil {
			return nil, fmt.Errorf("write cursor: %w", err)
		}
	}
	sum := sha256.New()
	sum.Write([]byte("breachledger cursor 1\n"))
	sum.Write(list)
	sum.Write([]byte{'\n'})
	sum.Write(body)
	return sum.Sum(nil)[:checkSize], nil
}
