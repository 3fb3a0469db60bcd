import classes from './command.module.css';
import { CopyIcon } from './copy-button';

type Props = { command: string; label: string };

/** A command to paste into a terminal. */
export const Command = ({ command, label }: Props) => (
  <div className={classes.root}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <pre className={classes.pre}>
        <code>{command}</code>
      </pre>
    </section>
    <span className={classes.copy}>
      <CopyIcon value={command} label={`Copy: ${label}`} />
    </span>
  </div>
);
