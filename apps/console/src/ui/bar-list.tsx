import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './bar-list.module.css';
import { barSpan } from './bar-span';

export type Bar = {
  key: string;
  label: ReactNode;
  /** Between which values it stands; for a plain bar from nothing to the value. */
  from: bigint;
  to: bigint;
  amount: ReactNode;
  tone?: 'good' | 'bad';
  isStrong?: boolean;
  /** The rows behind it. */
  link?: Pick<LinkProps, 'to' | 'params' | 'search'>;
};

/** Bars that lie, each with its name and its number: a chart that is a list for those who read rather than see. */
export const BarList = ({ label, bars }: { label: string; bars: Bar[] }) => {
  const ends = [0n, ...bars.flatMap(({ from, to }) => [from, to])].sort((one, other) => (one < other ? -1 : 1));
  const [low = 0n] = ends;
  const high = ends.at(-1) ?? 0n;
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map(({ key, label: name, from, to, amount, tone, isStrong, link }) => {
        const content = (
          <>
            <span className={classes.label}>{name}</span>
            <svg className={classes.track} aria-hidden="true">
              <rect className={classes.fill} data-tone={tone} height="100%" {...barSpan(from, to, low, high)} />
            </svg>
            <span className={classes.amount}>{amount}</span>
          </>
        );
        const className = isStrong ? `${classes.bar} ${classes.strong}` : classes.bar;
        return (
          <li key={key}>
            {link ? (
              <Link {...link} className={className}>
                {content}
              </Link>
            ) : (
              <div className={className}>{content}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
};
