import { ActionIcon, Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { Facts } from '../../ui/facts';
import { emptyRow, type ScopeRow } from './resource-draft';
import classes from './scope-editor.module.css';

type Props = {
  value: ScopeRow[];
  onChange: (rows: ScopeRow[]) => void;
  /** Keys of the features that a scope can need. */
  features: string[];
  faults: Record<string, string>;
  isReadOnly?: boolean;
};

/** The scopes of a resource, each with what it allows: those words are what people see when they choose scopes. */
export const ScopeEditor = ({ value, onChange, features, faults, isReadOnly = false }: Props) => {
  const list = useRef<HTMLUListElement>(null);
  const change = (key: string, part: Partial<ScopeRow>) =>
    onChange(value.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () => {
    onChange([...value, emptyRow()]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };

  if (isReadOnly) return <ScopeList rows={value} />;
  return (
    <div className={classes.root}>
      {value.length > 0 && (
        <ul ref={list} className={classes.rows} aria-label="Scopes">
          {value.map(({ key, name, description, feature }, index) => (
            <li key={key} className={classes.row}>
              <TextInput
                label="Scope"
                placeholder="orders:read"
                autoComplete="off"
                spellCheck={false}
                value={name}
                onChange={(event) => change(key, { name: event.currentTarget.value })}
                error={faults[`scopes.${key}.name`]}
                classNames={{ input: classes.name ?? '' }}
              />
              <TextInput
                label="What it allows"
                placeholder="See orders and their lines"
                autoComplete="off"
                value={description}
                onChange={(event) => change(key, { description: event.currentTarget.value })}
                error={faults[`scopes.${key}.description`]}
              />
              <NativeSelect
                label="Customers need"
                data={[{ value: '', label: 'no feature' }, ...features]}
                value={feature ?? ''}
                onChange={(event) => change(key, { feature: event.currentTarget.value || null })}
                error={faults[`scopes.${key}.feature`]}
              />
              <ActionIcon
                size={36}
                variant="subtle"
                color="gray"
                className={classes.remove}
                aria-label={`Remove the scope ${name || index + 1}`}
                onClick={() => onChange(value.filter((row) => row.key !== key))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          No scopes. Tokens for this resource then carry none.
        </Text>
      )}
      {faults.scopes && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {faults.scopes}
        </Text>
      )}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          Add a scope
        </Button>
      </div>
    </div>
  );
};

const ScopeList = ({ rows }: { rows: ScopeRow[] }) => (
  <Facts
    facts={rows.map(({ key, name, description, feature }) => [
      name,
      <Text key={key} size="sm">
        {description}
        {feature && (
          <Text span c="dimmed">
            {` · customers need ${feature}`}
          </Text>
        )}
      </Text>,
    ])}
  />
);
