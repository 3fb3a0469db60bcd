import { Button, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useRef } from 'react';
import { useSearchShortcut } from '../../ui/search-shortcut';
import classes from './audit-filter-bar.module.css';

const route = getRouteApi('/signed-in/audit-log');

const FIELDS = [
  { name: 'action', label: 'Action', placeholder: 'client.created' },
  { name: 'target', label: 'Target', placeholder: 'client:my_client_id' },
  { name: 'actor', label: 'Actor', placeholder: 'operator:opr_…' },
] as const;

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim() || undefined;

export const AuditFilterBar = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const bar = useRef<HTMLFormElement>(null);
  useSearchShortcut(() => bar.current?.querySelector('input')?.focus());

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void navigate({
      search: { action: textOf(form, 'action'), target: textOf(form, 'target'), actor: textOf(form, 'actor') },
    });
  };

  return (
    <search>
      <form ref={bar} onSubmit={submit} className={classes.bar}>
        {FIELDS.map(({ name, label, placeholder }) => (
          <TextInput
            // Remade when the address changes without us: back, or "clear the filters".
            key={`${name} ${filter[name] ?? ''}`}
            name={name}
            label={label}
            placeholder={placeholder}
            defaultValue={filter[name] ?? ''}
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
