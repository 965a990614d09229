/** Codes of ISO 4217 by the decimal places of their minor unit (list one of 2026, without funds and metals). */
const CODES_BY_MINOR_UNIT: readonly (readonly [decimals: number, codes: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"],
  [
    2,
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP " +
      "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS " +
      "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
      "MYR MZN NAD NGN NIO NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS " +
      "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
];

const MINOR_UNITS: ReadonlyMap<string, number> = new Map(
  CODES_BY_MINOR_UNIT.flatMap(([decimals, codes]) => codes.split(" ").map((code) => [code, decimals])),
);

/** The decimal places of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD; `undefined` for no currency. */
export function findMinorUnit(currency: string): number | undefined {
  return MINOR_UNITS.get(currency);
}

/** As `findMinorUnit`, of a rate card that has been checked. */
export function minorUnitOf(currency: string): number {
  const decimals = findMinorUnit(currency);
  if (decimals === undefined) throw new Error(`A rate card in an unknown currency: ${currency}`);
  return decimals;
}
