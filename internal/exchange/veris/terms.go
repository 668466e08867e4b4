package veris

import (
	"fmt"
	"regexp"

	"github.com/breachledger/breachledger/internal/incidents"
)

func at(pointer string, i int) string { return fmt.Sprintf("%s/%d", pointer, i) }

// actionNames are VERIS's seven threat actions, those that say most first.
var actionNames = []string{"malware", "social", "hacking", "misuse", "physical", "error", "environmental"}

// vectorsOf maps the varieties of each action; "" is for an action of which none
// has a term. It is the table of incidents.Vector the other way round, with the
// varieties that it doesn't name.
//
//nolint:gosec // "stolen creds" are no credentials
var vectorsOf = map[string]map[string]incidents.Vector{
	"malware": {
		"Ransomware": "ransomware",
		"":           "malware",
	},
	"social": {
		"Phishing":   incidents.Phishing,
		"Pretexting": "social_engineering", "Baiting": "social_engineering", "Elicitation": "social_engineering",
		"Forgery": "social_engineering", "Influence": "social_engineering", "Scam": "social_engineering",
		"Prompt bombing": "social_engineering", unknown: "social_engineering",
		"": incidents.VectorOther, // extortion, bribery, propaganda, spam
	},
	"hacking": {
		"Use of stolen creds": "stolen_credentials",
		"Brute force":         "credential_stuffing",
		"DoS":                 "denial_of_service",
		unknown:               "unauthorised_access",
		"":                    incidents.VectorOther,
		"Exploit vuln":        "exploit", "Exploit misconfig": "exploit", "SQLi": "exploit", "XSS": "exploit", "CSRF": "exploit",
		"Buffer overflow": "exploit", "RFI": "exploit", "Path traversal": "exploit", "OS commanding": "exploit",
		"SSI injection": "exploit", "LDAP injection": "exploit", "XML injection": "exploit", "XPath injection": "exploit",
		"XQuery injection": "exploit", "XML external entities": "exploit", "XML entity expansion": "exploit",
		"Mail command injection": "exploit", "Null byte injection": "exploit", "Format string attack": "exploit",
		"Integer overflows": "exploit", "Insecure deserialization": "exploit", "Session fixation": "exploit",
		"Session prediction": "exploit", "Session replay": "exploit", "Forced browsing": "exploit",
		"Abuse of functionality": "exploit", "HTTP response splitting": "exploit", "HTTP Response Splitting": "exploit",
		"HTTP request smuggling": "exploit", "HTTP request splitting": "exploit", "HTTP response smuggling": "exploit",
		"Virtual machine escape": "exploit", "URL redirector abuse": "exploit", "Special element injection": "exploit",
		"Prompt injection": "exploit", "Cache poisoning": "exploit", "User breakout": "exploit",
	},
	"misuse": {"": "insider"},
	"physical": {
		"Skimmer": "skimming",
		"Theft":   "lost_or_stolen_media",
		"":        incidents.VectorOther,
	},
	"error": {
		"Misconfiguration": "misconfiguration",
		"Publishing error": "misconfiguration", // made public by mistake
		"Loss":             "lost_or_stolen_media",
		"":                 incidents.VectorOther,
	},
	"environmental": {"": incidents.VectorOther},
}

// classesOf maps the varieties of data. Personal data may be anything from an
// address to a social security number, and payment data anything about a card: its
// number, its code, or the date on it.
var classesOf = map[string]incidents.DataClass{
	"Payment": "other_payment", "Bank": "bank_account", "Virtual currency": "wallet_or_crypto_key",
	"Credentials": "credentials", "Multi-factor credential": "credentials", "API key": "credentials", "API key ": "credentials",
	"Session key": "credentials", "Digital certificate": "credentials",
	"Medical": "health", "Personal": "other_personal", "Sensitive Personal": "other_personal",
	"Classified": "other", "Copyrighted": "other", "Internal": "other", "Secrets": "other", "Source code": "other",
	"System": "other", other: "other", unknown: "unknown",
}

var cveNumber = regexp.MustCompile(`CVE[- ]\d{4}-\d{4,10}`)
