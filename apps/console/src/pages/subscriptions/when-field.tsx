import { NativeSelect, TextInput } from '@mantine/core';
import { Choice } from '../../ui/choice';
import classes from './when-field.module.css';
import { formatZoned } from './zoned-time';

/** When something takes effect; `at` as a datetime-local field has it. */
export type WhenDraft = { kind: 'now' | 'period_end' | 'custom'; at: string };

/** As the wire has it; undefined if the moment is incomplete. */
export const writeWhen = ({ kind, at }: WhenDraft): string | undefined => {
  if (kind !== 'custom') return kind;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, 'Z');
};

type Props = {
  label: string;
  value: WhenDraft;
  onChange: (value: WhenDraft) => void;
  /** Null if there is no period any more, or none yet. */
  periodEnd: string | null;
  isTrial: boolean;
  timeZone: string;
};

const endWords = (isTrial: boolean) => `At the end of the ${isTrial ? 'trial' : 'period'}`;

/** Now or at the end of the period. */
export const WhenChoice = ({ label, value, onChange, periodEnd, isTrial, timeZone }: Props) => (
  <Choice
    label={label}
    value={value.kind}
    onChange={(kind) => onChange({ ...value, kind: kind as WhenDraft['kind'] })}
    options={[
      { value: 'now', label: 'Now', description: 'In the moment you confirm it.' },
      ...(periodEnd === null
        ? []
        : [
            {
              value: 'period_end',
              label: endWords(isTrial),
              description: `${formatZoned(periodEnd, timeZone)} (${timeZone})`,
            },
          ]),
    ]}
  />
);

/** The same in one line, for a form that asks more; or any moment to come. */
export const WhenSelect = ({ label, value, onChange, periodEnd, isTrial, timeZone }: Props) => (
  <div className={classes.row}>
    <NativeSelect
      label={label}
      className={classes.when}
      data={[
        { value: 'now', label: 'Now' },
        ...(periodEnd === null
          ? []
          : [{ value: 'period_end', label: `${endWords(isTrial)}: ${formatZoned(periodEnd, timeZone)}` }]),
        { value: 'custom', label: 'At a certain time' },
      ]}
      value={value.kind}
      onChange={(event) => onChange({ ...value, kind: event.currentTarget.value as WhenDraft['kind'] })}
    />
    {value.kind === 'custom' && (
      <TextInput
        label="Date and time, as your clock has it"
        type="datetime-local"
        className={classes.at}
        value={value.at}
        onChange={(event) => onChange({ ...value, at: event.currentTarget.value })}
        required
      />
    )}
  </div>
);
