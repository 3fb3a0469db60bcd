import { Kbd, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './search-filter.module.css';
import { useSearchShortcut } from './search-shortcut';

type Props = {
  label: string;
  placeholder: string;
  /** What the address says. */
  value: string | undefined;
  onSearch: (words: string | undefined) => void;
  /** Further filters. */
  children?: ReactNode;
};

/** The search above a list; it counts while somebody types. */
export const SearchFilter = ({ label, placeholder, value, onSearch, children }: Props) => {
  const input = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(value ?? '');
  // The address may change without us: back, or "clear the filters".
  useEffect(() => setWords(value ?? ''), [value]);
  const hasShortcut = useSearchShortcut(() => input.current?.focus());
  const search = useDebouncedCallback((typed: string) => onSearch(typed.trim() || undefined), 250);

  return (
    <search className={classes.bar}>
      <TextInput
        ref={input}
        className={classes.search}
        aria-label={label}
        placeholder={placeholder}
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
      {children}
    </search>
  );
};
