import { Stack, TextInput } from '@mantine/core';
import { Choice } from '../../ui/choice';
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
  isTrial?: boolean;
  timeZone: string;
  /** Left out where only now and the end of the period make sense. */
  withCustom?: boolean;
};

export const WhenField = ({
  label,
  value,
  onChange,
  periodEnd,
  isTrial = false,
  timeZone,
  withCustom = false,
}: Props) => (
  <Stack gap="xs">
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
                label: `At the end of the ${isTrial ? 'trial' : 'period'}`,
                description: `${formatZoned(periodEnd, timeZone)} (${timeZone})`,
              },
            ]),
        ...(withCustom ? [{ value: 'custom', label: 'At a certain time', description: 'A moment to come.' }] : []),
      ]}
    />
    {value.kind === 'custom' && (
      <TextInput
        label="Date and time, as your clock has it"
        type="datetime-local"
        value={value.at}
        onChange={(event) => onChange({ ...value, at: event.currentTarget.value })}
        required
      />
    )}
  </Stack>
);
