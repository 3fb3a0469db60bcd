import type { FinanceOverview, Tile, TileKey } from '@bastionary/contracts/finance';
import { Text, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { Amount } from '../../../ui/amount';
import { linkToRows } from '../rows/lists';
import { comparison, percentWords } from './comparison';
import classes from './tiles.module.css';

const NAMES: Record<TileKey, string> = {
  mrr: 'MRR',
  arr: 'ARR',
  net_new_mrr: 'Net new MRR',
  churned_mrr: 'Churned MRR',
  logo_churn: 'Customers lost',
  gross_retention: 'Gross retention',
  net_retention: 'Net retention',
  revenue: 'Revenue',
  open: 'Open',
  overdue: 'Overdue',
  cash: 'Cash received',
  failed_payments: 'Failed payments',
  unbilled_usage: 'Unbilled usage',
  wallet_liability: 'Owed in wallets',
};

export const Tiles = ({ overview: { tiles, currency } }: { overview: FinanceOverview }) => (
  <ul className={classes.tiles} aria-label="Numbers of the period">
    {tiles.map((tile) => (
      <OneTile key={tile.key} tile={tile} currency={currency} />
    ))}
  </ul>
);

const OneTile = ({ tile, currency }: { tile: Tile; currency: string }) => {
  const id = useId();
  const { key, unit, value, definition, rows } = tile;
  const link = linkToRows(rows);
  const change = comparison(tile, currency);
  const number = (
    <span className={classes.number}>
      {value === null ? '–' : unit === 'amount' ? <Amount minor={value} currency={currency} /> : percentWords(value)}
    </span>
  );
  return (
    <li className={classes.tile}>
      <span className={classes.head}>
        <Text c="dimmed" size="sm" component="span" id={id}>
          {NAMES[key]}
        </Text>
        <Tooltip label={definition} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
          <button type="button" className={classes.info} aria-label={`${NAMES[key]}: ${definition}`}>
            <IconInfoCircle size={15} aria-hidden />
          </button>
        </Tooltip>
      </span>
      {link ? (
        <Link
          to="/finance/rows/$list"
          params={{ list: link.list }}
          search={link.search}
          className={classes.link}
          aria-describedby={id}
        >
          {number}
        </Link>
      ) : (
        number
      )}
      <Text size="xs" c="dimmed" component="span">
        {change}
      </Text>
    </li>
  );
};
