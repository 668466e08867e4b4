package ledger

import (
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// sourceNames are what sources are looked up by: ids, addresses, and hashes of the texts
// of those without an address.
type sourceNames dbsqlc.SourcesNamedParams

// add names a source by the first of these that it has. An address that PostgreSQL
// cannot hold is no source's, and reported elsewhere.
func (n *sourceNames) add(id uuid.UUID, url, text string) {
	switch {
	case id != uuid.Nil:
		n.Ids = append(n.Ids, id)
	case url != "" && storable(url):
		n.Urls = append(n.Urls, url)
	case url == "" && text != "":
		n.Hashes = append(n.Hashes, textHash(text))
	}
}

func (n sourceNames) none() bool { return len(n.Ids)+len(n.Urls)+len(n.Hashes) == 0 }

// whole has empty lists for those that are nil, which PostgreSQL would take for unknown.
func (n sourceNames) whole() sourceNames {
	return sourceNames{Ids: orEmpty(n.Ids), Urls: orEmpty(n.Urls), Hashes: orEmpty(n.Hashes)}
}
