import { TextInput } from '@mantine/core';

type Props = {
  description?: string;
  placeholder?: string;
  value: string;
  onChange: (typed: string) => void;
  error: string | undefined;
};

/** What programs know something by, for ever. */
export const KeyField = ({ description = 'It never changes.', onChange, ...rest }: Props) => (
  <TextInput
    label="Key"
    description={description}
    autoComplete="off"
    spellCheck={false}
    required
    onChange={(event) => onChange(event.currentTarget.value)}
    {...rest}
  />
);
