import type { Feature } from '@bastionary/contracts/entitlements';
import { IconArrowDownRight, IconArrowsExchange, IconArrowUpRight } from '@tabler/icons-react';
import classes from './change-list.module.css';
import { type FeatureChange, typeIn } from './feature-changes';
import { valueWords } from './feature-value';

const ICONS = { gained: IconArrowUpRight, lost: IconArrowDownRight, changed: IconArrowsExchange };

/** What is gained, lost or different: `API calls 1,000 → 5,000`. */
export const ChangeList = ({ changes, features }: { changes: FeatureChange[]; features: Feature[] }) => (
  <ul className={classes.list}>
    {changes.map(({ feature, kind, from, to }) => {
      const Icon = ICONS[kind];
      const type = typeIn(features)(feature, from, to);
      return (
        <li key={feature} className={classes.change} data-kind={kind}>
          <Icon size={16} stroke={2.2} aria-label={`${kind}:`} className={classes.icon} />
          <span className={classes.words}>
            <code>{feature}</code> <del className={classes.from}>{valueWords(type, from)}</del> →{' '}
            <ins className={classes.to}>{valueWords(type, to)}</ins>
          </span>
        </li>
      );
    })}
  </ul>
);
