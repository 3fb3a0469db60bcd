export const MODELS = ['flat', 'per_unit', 'graduated', 'volume', 'package', 'percentage'] as const;
export type PriceModel = (typeof MODELS)[number];

/** What a model makes its amount of. */
export const MODEL_FIELDS = [
  'amount',
  'unit_amount',
  'meter',
  'tiers',
  'package_size',
  'free_units',
  'flat_amount',
  'free_events',
  'minimum',
] as const;
export type ModelField = (typeof MODEL_FIELDS)[number];

type Taken = { readonly needs: readonly ModelField[]; readonly takes: readonly ModelField[] };

/** Which fields each model needs, and which it takes besides. */
export const FIELDS_OF: Record<PriceModel, Taken> = {
  flat: { needs: ['amount'], takes: [] },
  per_unit: { needs: ['unit_amount'], takes: ['meter', 'free_units', 'minimum'] },
  graduated: { needs: ['tiers'], takes: ['meter', 'free_units', 'minimum'] },
  volume: { needs: ['tiers'], takes: ['meter', 'free_units', 'minimum'] },
  package: { needs: ['package_size'], takes: ['amount', 'unit_amount', 'meter', 'free_units', 'minimum'] },
  percentage: {
    needs: ['meter'],
    takes: ['unit_amount', 'tiers', 'free_units', 'flat_amount', 'free_events', 'minimum'],
  },
};

/** A model that is said in one of two ways. */
const ONE_OF: Partial<Record<PriceModel, readonly [ModelField, ModelField]>> = {
  package: ['amount', 'unit_amount'],
  percentage: ['unit_amount', 'tiers'],
};

type Given = {
  readonly model: PriceModel;
  readonly timing?: 'in_advance' | 'in_arrears' | undefined;
  readonly package_size?: string | undefined;
} & { readonly [field in ModelField]?: unknown };
type Fault = { path: (string | number)[]; message: string };

/** What a price lacks, and what it has that its model does not take. */
export function modelFaults(given: Given): Fault[] {
  const { model, timing, meter } = given;
  const { needs, takes } = FIELDS_OF[model];
  const has = (field: ModelField) => given[field] !== undefined;
  const faults: Fault[] = MODEL_FIELDS.flatMap((field): Fault | [] => {
    if (needs.includes(field)) return has(field) ? [] : missing(model, field);
    if (!has(field) || takes.includes(field)) return [];
    const taken = [...needs, ...takes].join(', ');
    return { path: [field], message: `is nothing that a ${model} price takes; it takes ${taken}` };
  });
  const [one, other] = ONE_OF[model] ?? [];
  if (one !== undefined && other !== undefined) {
    if (has(one) && has(other)) {
      faults.push({
        path: [other],
        message: `must be left out where ${one} is given: a ${model} price takes one of both`,
      });
    }
    if (!has(one) && !has(other)) {
      faults.push({ path: [one], message: `is missing: a ${model} price needs ${one} or ${other}` });
    }
  }
  if (meter !== undefined && timing === 'in_advance') {
    faults.push({ path: ['timing'], message: 'must be in_arrears: what is measured is known only afterwards' });
  }
  if (given.package_size !== undefined && /^[0.]+$/.test(given.package_size)) {
    faults.push({ path: ['package_size'], message: 'must be more than 0' });
  }
  return faults;
}

const missing = (model: PriceModel, field: ModelField): Fault => ({
  path: [field],
  message: `is missing: a ${model} price needs it`,
});

/** Tiers follow one another without a gap: each ends above the one before, the last has no end. */
export function tierFaults(tiers: readonly { readonly up_to: string | null }[]): Fault[] {
  // What is no number is said by its own field.
  if (!tiers.every(({ up_to: end }) => end === null || /^\d+(\.\d{1,12})?$/.test(end))) return [];
  return tiers.flatMap(({ up_to: end }, index): Fault | [] => {
    const path = ['tiers', index, 'up_to'];
    if (index === tiers.length - 1) {
      return end === null ? [] : { path, message: 'must be null: the last tier has no end' };
    }
    if (end === null) return { path, message: 'must be a number: only the last tier has no end' };
    const before = index === 0 ? '0' : (tiers[index - 1]?.up_to ?? null);
    return before === null || units(before) < units(end)
      ? []
      : { path, message: `must be more than ${before}, where the tier before it ends` };
  });
}

/** In units of 10^-12. */
function units(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}
