import { type ReactNode, useState } from 'react';
import classes from './more.module.css';

type Props = {
  label: string;
  /** What must not be folded away: something in it is wrong. */
  isNeeded?: boolean;
  children: ReactNode;
};

/** What is rarely needed, folded away. */
export const More = ({ label, isNeeded = false, children }: Props) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={classes.more}
      open={isOpen || isNeeded}
      onToggle={(event) => {
        if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
      }}
    >
      <summary className={classes.summary}>{label}</summary>
      <div className={classes.content}>{children}</div>
    </details>
  );
};
