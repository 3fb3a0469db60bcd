import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { customerQuery, customersQuery } from '../../api/customers';
import classes from './customer-select.module.css';

type Props = {
  /** The id of the chosen customer. */
  value: string | null;
  onChange: (id: string | null) => void;
  label: string;
  description?: ReactNode;
  placeholder?: string;
  error?: ReactNode;
  required?: boolean;
};

const SHOWN = 8;

/** One customer, found by typing a part of the name, e-mail, external id, or the id. */
export const CustomerSelect = ({
  value,
  onChange,
  label,
  description,
  placeholder = 'Type a name, e-mail or id',
  error,
  required = false,
}: Props) => {
  const listLabel = useId();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  // What is being typed; null while the field shows who was chosen.
  const [words, setWords] = useState<string | null>(null);
  const [search] = useDebouncedValue(words?.trim() ?? '', 200);
  const chosen = useQuery({ ...customerQuery(value ?? ''), enabled: value !== null });
  const found = useQuery({
    ...customersQuery({ search: search || undefined, limit: SHOWN }),
    enabled: combobox.dropdownOpened,
  });
  const customers = found.data?.data ?? [];
  const fault = chosen.error ? `${value} cannot be shown: ${chosen.error.message}` : found.error?.message;

  const stop = () => {
    combobox.closeDropdown();
    if (words?.trim() === '') onChange(null);
    setWords(null);
  };
  const choose = (id: string) => {
    onChange(id);
    setWords(null);
    combobox.closeDropdown();
  };

  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false} keepMounted={false}>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          label={label}
          description={description}
          placeholder={placeholder}
          error={error ?? fault}
          required={required}
          autoComplete="off"
          spellCheck={false}
          value={words ?? (value === null ? '' : (chosen.data?.customer.name ?? value))}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={stop}
          rightSection={
            value === null ? (
              <Combobox.Chevron />
            ) : (
              <Combobox.ClearButton
                onClear={() => onChange(null)}
                aria-label={`${label}: choose none`}
                tabIndex={0}
                aria-hidden={false}
                size="1.5rem"
              />
            )
          }
          rightSectionPointerEvents={value === null ? 'none' : 'all'}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!combobox.dropdownOpened} className={classes.dropdown}>
        <span id={listLabel} hidden>
          {label}
        </span>
        {found.data === undefined && found.isFetching && (
          <div className={classes.state}>
            <Loader size="sm" aria-label="Searching" />
          </div>
        )}
        {found.data && customers.length === 0 && (
          <Text className={classes.state} size="sm" c="dimmed" role="status">
            {search === '' ? 'There is no customer yet.' : 'No customer is called like this.'}
          </Text>
        )}
        {customers.length > 0 && (
          <Combobox.Options labelledBy={listLabel}>
            {customers.map(({ id, name, email, status }) => (
              <Combobox.Option key={id} value={id} active={id === value}>
                <Text size="sm" fw={500}>
                  {name}
                  {status === 'suspended' && ' (suspended)'}
                </Text>
                <Text size="xs" className={classes.detail}>
                  {email} · {id}
                </Text>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
};
