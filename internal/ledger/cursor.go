package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// A cursor says behind which row the next page begins. It is opaque to clients:
// the place as JSON, bound to the list that gave it out by a check sum. It
// holds no page number, so rows that are added or removed shift nothing.

const checkSize = 8

// encodeCursor writes a place in the list that scope describes.
func encodeCursor(scope any, place any) (string, error) {
	body, err := placeJSON(place)
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

// isDay reports whether a text of a cursor, which anybody can make, is a day that
// PostgreSQL has: it has no year 0.
func isDay(text string) bool {
	day, err := time.Parse(time.DateOnly, text)
	return err == nil && day.Year() > 0
}

func cursorCheck(scope any, body []byte) ([]byte, error) {
	list, ok := scope.(json.RawMessage)
	if !ok {
		var err error
		if list, err = json.Marshal(scope); err != nil {
			return nil, fmt.Errorf("write cursor: %w", err)
		}
	}
	said := make([]byte, 0, 512)
	said = append(append(append(append(said, "breachledger cursor 1\n"...), list...), '\n'), body...)
	sum := sha256.Sum256(said)
	return sum[:checkSize], nil
}

// placeJSON is a place as JSON; that of a list, of which there is one on every
// page, without encoding/json.
func placeJSON(at any) ([]byte, error) {
	p, ok := at.(place)
	if !ok {
		return json.Marshal(at)
	}
	key, err := json.Marshal(p.Key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 80)
	out = append(append(append(out, `{"k":`...), key...), `,"i":"`...)
	out = append(out, p.ID.String()...)
	return append(out, `"}`...), nil
}
