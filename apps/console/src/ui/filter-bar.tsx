import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useRef } from 'react';
import classes from './filter-bar.module.css';
import { useSearchShortcut } from './search-shortcut';

type Field<Name extends string> = { name: Name; label: string; placeholder: string };
type Filter<Name extends string> = Partial<Record<Name, string | undefined>>;
type Props<Name extends string> = {
  fields: readonly Field<Name>[];
  /** What the address says. */
  value: Filter<Name>;
  onFilter: (filter: Filter<Name>) => void;
};

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim() || undefined;

/** Filters that compare whole values: they count when they are sent, not while somebody types. */
export const FilterBar = <Name extends string>({ fields, value, onFilter }: Props<Name>) => {
  const bar = useRef<HTMLFormElement>(null);
  useSearchShortcut(() => bar.current?.querySelector('input')?.focus());

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onFilter(Object.fromEntries(fields.map(({ name }) => [name, textOf(form, name)])) as Filter<Name>);
  };

  return (
    <search>
      <form ref={bar} onSubmit={submit} className={classes.bar}>
        {fields.map(({ name, label, placeholder }) => (
          <TextInput
            // Remade when the address changes without us: back, or "clear the filters".
            key={`${name} ${value[name] ?? ''}`}
            name={name}
            label={label}
            placeholder={placeholder}
            defaultValue={value[name] ?? ''}
            autoComplete="off"
            spellCheck={false}
            className={classes.field}
          />
        ))}
        <Button type="submit" variant="default">
          Filter
        </Button>
      </form>
    </search>
  );
};
