package web

import (
	"encoding/json"
	"fmt"

	"github.com/breachledger/breachledger/internal/incidents"
)

// readDocument reads an incident that the ledger hands out as finished JSON.
func readDocument(document []byte) (in incidents.Incident, err error) {
	if err := json.Unmarshal(document, &in); err != nil {
		return in, fmt.Errorf("read a stored document: %w", err)
	}
	return in, nil
}

// readCard reads an item of a list, in the same way.
func readCard(item []byte) (card incidents.Card, err error) {
	if err := json.Unmarshal(item, &card); err != nil {
		return card, fmt.Errorf("read a card: %w", err)
	}
	return card, nil
}
