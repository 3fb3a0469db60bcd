import { ActionIcon, Button, Input, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { type MetadataRow, metadataRow } from './customer-draft';
import classes from './metadata-field.module.css';

type Props = {
  value: MetadataRow[];
  onChange: (rows: MetadataRow[]) => void;
  error?: string | undefined;
  isReadOnly?: boolean;
};

/** Names and texts of the operators’ own. */
export const MetadataField = ({ value, onChange, error, isReadOnly = false }: Props) => {
  const list = useRef<HTMLUListElement>(null);
  const change = (key: string, part: Partial<MetadataRow>) =>
    onChange(value.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = () => {
    onChange([...value, metadataRow()]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  };
  return (
    <div className={classes.root}>
      <Text size="sm" c="dimmed">
        Names and texts of your own, at most 50. Nothing here reads them.
      </Text>
      {value.length > 0 && (
        <ul ref={list} className={classes.rows} aria-label="Metadata">
          {value.map(({ key, name, value: words }, index) => (
            <li key={key} className={classes.row}>
              <TextInput
                aria-label={`Name ${index + 1}`}
                placeholder="segment"
                autoComplete="off"
                spellCheck={false}
                value={name}
                onChange={(event) => change(key, { name: event.currentTarget.value })}
                disabled={isReadOnly}
              />
              <TextInput
                aria-label={`Text ${index + 1}`}
                placeholder="enterprise"
                autoComplete="off"
                value={words}
                onChange={(event) => change(key, { value: event.currentTarget.value })}
                disabled={isReadOnly}
              />
              {!isReadOnly && (
                <ActionIcon
                  size={36}
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${name || `entry ${index + 1}`}`}
                  onClick={() => onChange(value.filter((row) => row.key !== key))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {error && <Input.Error role="alert">{error}</Input.Error>}
      {!isReadOnly && (
        <div>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            Add an entry
          </Button>
        </div>
      )}
    </div>
  );
};
