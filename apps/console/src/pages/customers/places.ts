type Option = { value: string; label: string };

const byLabel = (a: Option, b: Option) => a.label.localeCompare(b.label);

const currencyNames = new Intl.DisplayNames(undefined, { type: 'currency' });
const regionNames = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' });

/** Codes that name no country: unions, test codes, and parts of countries with a code of their own for the post only. */
const NO_COUNTRY = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

// There is no list of regions in Intl; a code that means something has a name, and one of the past means another by now.
const isCountry = (code: string) =>
  !NO_COUNTRY.has(code) && regionNames.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code;

export const currencyName = (code: string) => `${code} – ${currencyNames.of(code) ?? code}`;
export const countryName = (code: string) => regionNames.of(code) ?? code;

/** Europe/Berlin, as people write it. */
export const timeZoneName = (zone: string) => zone.replaceAll('_', ' ');

/** Each made when it is first asked for. */
export const currencies = () =>
  Intl.supportedValuesOf('currency').map((value) => ({ value, label: currencyName(value) }));

export const countries = () =>
  LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter(isCountry)
    .map((value) => ({ value, label: countryName(value) }))
    .sort(byLabel);

export const timeZones = () =>
  [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({ value, label: timeZoneName(value) }));
