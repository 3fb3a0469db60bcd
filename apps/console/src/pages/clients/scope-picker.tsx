import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import type { Resource } from '@bastionary/contracts/resources';
import { Alert, Checkbox, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { resourcesQuery } from '../../api/resources';
import { ErrorAlert } from '../../ui/error-alert';
import classes from './scope-picker.module.css';

const isManagement = (resource: Resource) => resource.scopes.some(({ name }) => name in MANAGEMENT_SCOPES);

type Props = { value: string[]; onChange: (scopes: string[]) => void; isReadOnly?: boolean };

/** Every scope there is, under the resource that owns it. */
export const ScopePicker = ({ value, onChange, isReadOnly = false }: Props) => {
  const { data, error, refetch } = useQuery(resourcesQuery);
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={160} />;
  const known = new Set(data.flatMap(({ scopes }) => scopes.map(({ name }) => name)));
  const toggle = (name: string, isChosen: boolean) =>
    onChange(isChosen ? [...value, name] : value.filter((each) => each !== name));

  return (
    <Stack gap="lg">
      {[...data]
        .sort((a, b) => Number(isManagement(a)) - Number(isManagement(b)))
        .map((resource) => (
          <fieldset key={resource.identifier} className={classes.group} disabled={isReadOnly}>
            <legend className={classes.legend}>
              {resource.name}
              <code className={classes.identifier}>{resource.identifier}</code>
            </legend>
            {isManagement(resource) && (
              <Text size="sm" c="dimmed" mb="sm">
                These let the program administer this installation. Give as few as it needs.
              </Text>
            )}
            <div className={classes.scopes}>
              {resource.scopes.map(({ name, description }) => (
                <Checkbox
                  key={name}
                  label={name}
                  description={description}
                  checked={value.includes(name)}
                  onChange={(event) => toggle(name, event.currentTarget.checked)}
                  classNames={{ label: classes.name ?? '' }}
                />
              ))}
            </div>
          </fieldset>
        ))}
      {value.some((name) => !known.has(name)) && (
        <Alert color="orange" title="Scopes no resource owns any more">
          {value.filter((name) => !known.has(name)).join(', ')}
        </Alert>
      )}
    </Stack>
  );
};
