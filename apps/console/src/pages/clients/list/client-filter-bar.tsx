import { clientStatus } from '@bastionary/contracts/clients';
import { Kbd, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSearchShortcut } from '../../../ui/search-shortcut';
import classes from './client-filter-bar.module.css';

const route = getRouteApi('/signed-in/clients');
const STATUSES = [
  { value: '', label: 'Any status' },
  ...clientStatus.options.map((value) => ({ value, label: value })),
];

/** The filters stand in the address: a filtered list can be bookmarked, sent and gone back to. */
export const ClientFilterBar = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(filter.search ?? '');

  // The address may change without us: back, or "clear the filters".
  useEffect(() => setWords(filter.search ?? ''), [filter.search]);
  const hasShortcut = useSearchShortcut(() => input.current?.focus());

  const search = useDebouncedCallback((typed: string) => {
    void navigate({ search: ({ status }) => ({ status, search: typed.trim() || undefined }), replace: true });
  }, 250);

  return (
    <search className={classes.bar}>
      <TextInput
        ref={input}
        className={classes.search}
        aria-label="Search clients"
        placeholder="Search by name or id"
        type="search"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          hasShortcut && (
            <Kbd size="xs" aria-hidden>
              /
            </Kbd>
          )
        }
        aria-keyshortcuts={hasShortcut ? '/' : undefined}
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
      />
      <NativeSelect
        aria-label="Status"
        data={STATUSES}
        value={filter.status ?? ''}
        onChange={(event) => {
          const status = clientStatus.safeParse(event.currentTarget.value).data;
          void navigate({ search: ({ search: kept }) => ({ search: kept, status }) });
        }}
      />
    </search>
  );
};
