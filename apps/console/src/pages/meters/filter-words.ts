import type { MeterFilter } from '@bastionary/contracts/meters';

const OPERATORS: Record<MeterFilter['operator'], string> = {
  in: 'is',
  not_in: 'is not',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
};

/** `region is eu or us`, `bytes > 100` */
export const filterWords = ({ property, operator, values }: MeterFilter) =>
  `${property} ${OPERATORS[operator]} ${values.join(operator === 'not_in' ? ' nor ' : ' or ')}`;
