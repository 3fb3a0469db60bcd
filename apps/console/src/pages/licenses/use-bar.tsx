import { bytesWords } from '@bastionary/licensing/rules/amount-words';
import classes from './use-bar.module.css';

type Props = {
  used: number;
  /** null: any number. */
  limit: number | null;
  /** What is counted, for those who do not see the bar. */
  what: string;
  isBytes?: boolean;
};

/** How much of a limit is taken: a bar, and the same in numbers. */
export const UseBar = ({ used, limit, what, isBytes = false }: Props) => {
  const words = (amount: number) => (isBytes && amount > 0 ? bytesWords(amount) : amount.toLocaleString());
  const percent = limit === null || limit === 0 ? 0 : Math.min(100, (used / limit) * 100);
  const tone = limit === null || used < limit ? 'free' : used > limit ? 'over' : 'full';
  return (
    <div className={classes.use}>
      <span className={classes.words}>
        {limit === null ? `${words(used)}, no limit` : `${words(used)} of ${words(limit)}`}
        {tone === 'over' && limit !== null && <strong> ({words(used - limit)} too many)</strong>}
        <span className={classes.hidden}> {what}</span>
      </span>
      {limit !== null && (
        <svg className={classes.track} aria-hidden="true">
          <rect className={classes.fill} data-tone={tone} height="100%" width={`${percent}%`} rx="3" />
        </svg>
      )}
    </div>
  );
};
