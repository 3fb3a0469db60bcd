import { fieldOf } from './price-field.js';
import type { Steps } from './rated.js';

/** Once for each period, whatever the quantity. */
export const flatSteps: Steps = (price) => [{ kind: 'flat', amount: fieldOf(price, 'amount') }];
