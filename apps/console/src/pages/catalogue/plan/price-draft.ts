import { exponentOf, toMajor, toMinor } from '@bastionary/billing/rules/rating/money';
import type { Price } from '@bastionary/contracts/prices';

export type TierDraft = { id: string; upTo: string; each: string; flat: string };

/**
 * A price as it is typed: money in the currency, not in minor units. Fields of other models keep what was typed, so that
 * changing one's mind loses nothing. `id` tells the rows apart.
 */
export type PriceDraft = {
  id: string;
  key: string;
  model: Price['model'];
  currency: string;
  interval: Price['interval'];
  intervalCount: string;
  timing: Price['timing'];
  meter: string;
  /** Of a flat price, of a unit, of a package. */
  amount: string;
  percent: string;
  tiers: TierDraft[];
  packageSize: string;
  freeUnits: string;
  eventAmount: string;
  freeEvents: string;
  minimum: string;
};

/** What is wrong, by field of the contract: `unit_amount`, `tiers.1.up_to`. */
export type PriceFaults = Record<string, string>;

let made = 0;
const newId = () => {
  made += 1;
  return `new-${made}`;
};

/** Two tiers are the fewest that say anything; the last has no end. */
const emptyTiers = (): TierDraft[] => [emptyTier(), emptyTier()];
export const emptyTier = (): TierDraft => ({ id: newId(), upTo: '', each: '', flat: '' });

/** In the currency and rhythm of the one before it. */
export const emptyPrice = (before: PriceDraft | undefined): PriceDraft => ({
  id: newId(),
  key: '',
  model: 'flat',
  currency: before?.currency ?? 'EUR',
  interval: before?.interval ?? 'month',
  intervalCount: before?.intervalCount ?? '1',
  timing: before?.timing ?? 'in_advance',
  meter: '',
  amount: '',
  percent: '',
  tiers: emptyTiers(),
  packageSize: '',
  freeUnits: '',
  eventAmount: '',
  freeEvents: '',
  minimum: '',
});

export const readPrice = (price: Price, id: string): PriceDraft => {
  const { model, currency, meter = '', tiers, package_size = '', free_units = '', free_events = '' } = price;
  const money = (minor: string | undefined) => (minor === undefined ? '' : toMajor(minor, currency));
  const isPercentage = model === 'percentage';
  const sum = isPercentage ? money : (decimal: string) => decimal;
  return {
    id,
    key: price.key,
    model,
    currency,
    interval: price.interval,
    intervalCount: String(price.interval_count),
    timing: price.timing,
    meter,
    amount: isPercentage ? '' : money(price.unit_amount ?? price.amount),
    percent: isPercentage ? (price.unit_amount ?? '') : '',
    tiers:
      tiers?.map((tier, index) => ({
        id: `${id}-tier-${index}`,
        upTo: tier.up_to === null ? '' : sum(tier.up_to),
        each: isPercentage ? tier.unit_amount : money(tier.unit_amount),
        flat: money(tier.flat_amount),
      })) ?? (isPercentage ? [] : emptyTiers()),
    packageSize: package_size,
    freeUnits: free_units === '' ? '' : sum(free_units),
    eventAmount: money(price.flat_amount),
    freeEvents: free_events,
    minimum: money(price.minimum),
  };
};

/** What the draft says, in the form of the contract, and what of it is no money. Whether it makes sense, the contract says. */
export const writePrice = (draft: PriceDraft): { given: Record<string, unknown>; faults: PriceFaults } => {
  const { model } = draft;
  const faults: PriceFaults = {};
  const currency = draft.currency.trim().toUpperCase();
  /** Minor units of what was typed; of `isWhole` money no fraction of them. */
  const money = (typed: string, field: string, isWhole: boolean): string => {
    const major = decimal(typed);
    if (!/^\d{1,18}(\.\d{1,14})?$/.test(major)) {
      faults[field] = 'must be an amount, such as 19.99';
      return '0';
    }
    const minor = toMinor(major, currency).toFixed();
    if (isWhole && minor.includes('.')) faults[field] = decimalsFault(currency);
    else if (/\.\d{13}/.test(minor)) faults[field] = 'has too many decimals';
    return minor;
  };
  const optional = (typed: string, write: (typed: string) => string) =>
    typed.trim() === '' ? undefined : write(typed);
  const sum = (typed: string, field: string) => (model === 'percentage' ? money(typed, field, false) : decimal(typed));
  const isTiered = model === 'graduated' || model === 'volume' || (model === 'percentage' && draft.tiers.length > 0);

  const given: Record<string, unknown> = {
    key: optional(draft.key, (typed) => typed.trim()),
    model,
    currency,
    interval: draft.interval,
    interval_count: /^\d{1,7}$/.test(draft.intervalCount.trim()) ? Number(draft.intervalCount) : Number.NaN,
    ...(model !== 'flat' && {
      meter: optional(draft.meter, (typed) => typed.trim()),
      free_units: optional(draft.freeUnits, (typed) => sum(typed, 'free_units')),
      minimum: optional(draft.minimum, (typed) => money(typed, 'minimum', true)),
    }),
    ...(model === 'flat' && { amount: money(draft.amount, 'amount', true) }),
    ...((model === 'per_unit' || model === 'package') && { unit_amount: money(draft.amount, 'unit_amount', false) }),
    ...(model === 'package' && { package_size: decimal(draft.packageSize) }),
    ...(model === 'percentage' && {
      unit_amount: isTiered ? undefined : decimal(draft.percent),
      flat_amount: optional(draft.eventAmount, (typed) => money(typed, 'flat_amount', false)),
      free_events: optional(draft.freeEvents, decimal),
    }),
    ...(isTiered && {
      tiers: draft.tiers.map(({ upTo, each, flat }, index) => ({
        up_to: index === draft.tiers.length - 1 ? null : sum(upTo, `tiers.${index}.up_to`),
        unit_amount: model === 'percentage' ? decimal(each) : money(each, `tiers.${index}.unit_amount`, false),
        flat_amount: optional(flat, (typed) => money(typed, `tiers.${index}.flat_amount`, false)),
      })),
    }),
  };
  const isMetered = given.meter !== undefined;
  return { given: { ...given, timing: isMetered ? 'in_arrears' : draft.timing }, faults };
};

/** `1,000.5` and `1 000.5` are written like this by people, `0,5` too. */
export const decimal = (typed: string) => {
  const bare = typed.trim().replace(/[\s_']/g, '');
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(bare)) return bare.replaceAll(',', '');
  return bare.replace(',', '.').replace(/^0+(?=\d)/, '');
};

const decimalsFault = (currency: string) => {
  const exponent = exponentOf(currency);
  return exponent === 0 ? `${currency} has no decimals` : `${currency} has ${exponent} decimals`;
};
