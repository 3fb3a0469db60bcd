import { Checkbox, Input, Skeleton, Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { resourcesQuery } from '../../../../api/resources';
import { ErrorAlert } from '../../../../ui/error-alert';

type Props = {
  /** Identifiers; null for those that own its scopes. */
  value: string[] | null;
  onChange: (identifiers: string[] | null) => void;
  error?: ReactNode;
  isReadOnly: boolean;
};

export const ResourceChoice = ({ value, onChange, error, isReadOnly }: Props) => {
  const id = useId();
  const resources = useQuery(resourcesQuery);
  const toggle = (identifier: string, isChosen: boolean) =>
    onChange(isChosen ? [...(value ?? []), identifier] : (value ?? []).filter((each) => each !== identifier));
  return (
    <Input.Wrapper
      label="Resources it may ask for"
      labelElement="div"
      description="Every token names the resources it is meant for; the client may choose among these (RFC 8707)."
      error={error}
      id={id}
    >
      <Stack gap="xs" mt="xs" role="group" aria-labelledby={`${id}-label`}>
        <Switch
          label="Those that own its scopes"
          checked={value === null}
          onChange={(event) => onChange(event.currentTarget.checked ? null : [])}
          disabled={isReadOnly}
        />
        {resources.error && <ErrorAlert error={resources.error} onRetry={() => resources.refetch()} />}
        {value !== null && resources.isPending && <Skeleton height={48} />}
        {value !== null &&
          resources.data?.map(({ identifier, name }) => (
            <Checkbox
              key={identifier}
              label={name}
              description={identifier}
              checked={value.includes(identifier)}
              onChange={(event) => toggle(identifier, event.currentTarget.checked)}
              disabled={isReadOnly}
            />
          ))}
      </Stack>
    </Input.Wrapper>
  );
};
