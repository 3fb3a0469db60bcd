import { Button, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconHistory } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import classes from './as-of.module.css';

/** The value of a datetime-local field to the second: local time, without an offset. */
const toLocal = (instant: Date) =>
  new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

type Props = { at: string | undefined; onPick: (at: string | undefined) => void };

/** Which instant is shown: now, or one of the past. */
export const AsOf = ({ at, onPick }: Props) => {
  const [typed, setTyped] = useState(at ? toLocal(new Date(at)) : '');
  const [fault, setFault] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const instant = new Date(typed);
    if (Number.isNaN(instant.getTime())) return setFault('must be a date and a time');
    if (instant > new Date()) return setFault('must lie in the past: what comes can still change');
    setFault(null);
    onPick(instant.toISOString());
  };

  return (
    <form onSubmit={submit} noValidate className={classes.bar}>
      <TextInput
        label="As of"
        type="datetime-local"
        step={1}
        max={toLocal(new Date())}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setFault(null);
        }}
        error={fault}
        className={classes.field}
      />
      <Button type="submit" variant="default" leftSection={<IconHistory size={16} aria-hidden />}>
        Show it
      </Button>
      {at && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => onPick(undefined)}
        >
          Back to now
        </Button>
      )}
    </form>
  );
};
