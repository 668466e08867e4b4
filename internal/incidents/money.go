package incidents

import "github.com/shopspring/decimal"

// Money is an amount in a currency, as a source states it. Amounts are decimals,
// never floats.
type Money struct {
	Qualifier Qualifier       `json:"qualifier,omitempty" doc:"How the source qualifies this amount: one that takes one figure; absent is the same as exact" example:"about"`
	Amount    decimal.Decimal `json:"amount" doc:"The amount, as a decimal in a string" example:"290"`
	Currency  string          `json:"currency" doc:"ISO 4217 code or the code of a crypto asset" example:"USD"`
}

// isoCurrencies are the codes of ISO 4217, funds and metals excepted, with some
// that were in use when older incidents happened.
const isoCurrencies = `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BYR BZD
CAD CDF CHF CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA
MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VEF VES VND
VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL`

// cryptoCurrencies are the crypto assets that incidents are stated in.
const cryptoCurrencies = `ADA ALGO ATOM AVAX BCH BNB BSV BTC BTG BUSD DAI DASH DOGE DOT EOS ETC ETH FTM GUSD LINK LTC MATIC NEM
NEAR PYUSD RUNE SHIB SOL SUI TON TRX UNI USDC USDP USDT WBTC WETH XEM XLM XMR XRP XTZ XVG ZEC`

var currencies = setOf(isoCurrencies + " " + cryptoCurrencies)

// KnownCurrency reports whether the code is an ISO 4217 or known crypto code.
func KnownCurrency(code string) bool { return currencies[code] }

const (
	maxAmountDigits = 30 // digits before the point
	maxAmountScale  = 18 // digits behind it, as ether has
)

// AmountFits reports whether the amount fits what the ledger stores: 30 digits before
// the point and 18 behind it. It looks at the exponent before it expands anything:
// "1e999999999" must cost nothing.
func AmountFits(d decimal.Decimal) bool {
	exp := int(d.Exponent())
	if exp < -maxAmountScale || exp > maxAmountDigits {
		return false
	}
	const bits = 4 * (maxAmountDigits + maxAmountScale) // more than any fitting amount has, and quick to count
	if d.Coefficient().BitLen() > bits {
		return false
	}
	return d.NumDigits()+exp <= maxAmountDigits
}
