import { CopyIcon } from './copy-button';
import classes from './copyable-id.module.css';

/** An identifier in monospace with a copy button. */
export const CopyableId = ({ id, what }: { id: string; what: string }) => (
  <span className={classes.root}>
    <code className={classes.id}>{id}</code>
    <CopyIcon value={id} label={`Copy ${what}`} />
  </span>
);
