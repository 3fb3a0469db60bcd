import type { Preview } from '@bastionary/contracts/entitlements';
import { Text } from '@mantine/core';
import classes from './customer-effects.module.css';
import { DifferenceList } from './difference-list';
import { valueWords } from './feature-words';
import type { Difference, TypeOf } from './version-diff';

type Customer = Preview['customers'][number];
type Props = { preview: Preview; typeOf: TypeOf };

const differencesOf = ({ gains, loses }: Customer, typeOf: TypeOf): Difference[] =>
  // What merely becomes another value is gained and lost, and said once.
  Object.entries({ ...loses, ...gains })
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { from, to }]) => ({
      what: key,
      from: valueWords(typeOf(key), from),
      to: valueWords(typeOf(key), to),
    }));

const verdict = ({ gains, loses }: Customer) =>
  [Object.keys(gains).length > 0 && 'gains', Object.keys(loses).length > 0 && 'loses'].filter(Boolean).join(' and ');

/** Which customers gain or lose what. */
export const CustomerEffects = ({ preview: { customers, customers_changed: count }, typeOf }: Props) => (
  <div>
    <Text size="sm" fw={550} role="status">
      {count === 0 && 'No customer gains or loses anything.'}
      {count === 1 && 'One customer is affected.'}
      {count > 1 && `${count.toLocaleString()} customers are affected.`}
    </Text>
    {customers.length > 0 && (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      <section className={classes.scroll} tabIndex={0} aria-label="Customers affected">
        <ul className={classes.customers}>
          {customers.map((customer) => (
            <li key={customer.customer} className={classes.customer}>
              <Text size="sm" component="div">
                <strong>{customer.name}</strong>{' '}
                <Text span size="sm" c="dimmed">
                  {verdict(customer)}
                </Text>
              </Text>
              <DifferenceList differences={differencesOf(customer, typeOf)} emptyText="" />
            </li>
          ))}
        </ul>
      </section>
    )}
    {count > customers.length && (
      <Text size="sm" c="dimmed" mt="xs">
        And {(count - customers.length).toLocaleString()} more.
      </Text>
    )}
  </div>
);
