import { Loader, Modal, Text, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { SEARCH_MAX } from '../../api/search';
import type { Entry } from './entry';
import classes from './palette.module.css';
import { PaletteList } from './palette-list';
import { rememberHit } from './recent-entries';
import { useSections } from './use-sections';

type Props = { opened: boolean; onClose: () => void };

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Goes anywhere and does anything by its name, by keyboard alone: the combobox of the ARIA practices, with a listbox. */
const Search = ({ onClose }: { onClose: () => void }) => {
  const router = useRouter();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const { sections, isWaiting, error } = useSections(typed);
  const entries = sections.flatMap((section) => section.entries);
  const at = Math.min(active, entries.length - 1);
  const optionId = (index: number) => `${id}-${index}`;

  const choose = (entry: Entry) => {
    if (entry.hit) rememberHit(entry.hit);
    onClose();
    if (typeof entry.act === 'function') return entry.act();
    void router.navigate(entry.act as Parameters<typeof router.navigate>[0]);
  };
  const goTo = (index: number) => {
    setActive(index);
    document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const chosen = entries[at];
    if (step !== undefined && entries.length > 0) goTo((at + step + entries.length) % entries.length);
    else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) choose(chosen);
    else return;
    event.preventDefault();
  };
  const outcome = entries.length === 0 ? 'Nothing found' : `${entries.length} to choose from`;

  return (
    <>
      <div className={classes.field}>
        <IconSearch size={18} aria-hidden className={classes.glass} />
        <input
          role="combobox"
          aria-label="Search, or go to a page"
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? optionId(at) : undefined}
          aria-autocomplete="list"
          placeholder="A page, a name or an id"
          value={typed}
          maxLength={SEARCH_MAX}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setActive(0);
          }}
          onKeyDown={press}
          autoComplete="off"
          spellCheck={false}
          className={classes.input}
          data-autofocus
        />
        {isWaiting && <Loader size={16} aria-hidden />}
      </div>
      <PaletteList
        id={`${id}-list`}
        sections={sections}
        active={at}
        optionId={optionId}
        onPoint={setActive}
        onChoose={choose}
      />
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" className={classes.told} role="alert">
          Could not search: {error.message}
        </Text>
      )}
      {!error && !isWaiting && entries.length === 0 && (
        <Text size="sm" c="dimmed" className={classes.told}>
          Nothing has “{typed.trim()}” in its name, and it is no id.
        </Text>
      )}
      <VisuallyHidden role="status">{isWaiting ? '' : outcome}</VisuallyHidden>
      <div className={classes.keys} aria-hidden>
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> to move
        </span>
        <span>
          <kbd>↵</kbd> to go there
        </span>
        <span>
          <kbd>esc</kbd> to close
        </span>
      </div>
    </>
  );
};

export const Palette = ({ opened, onClose }: Props) => (
  // The scroll lock would write a <style> element, which the content security policy refuses; global.css locks.
  <Modal.Root opened={opened} onClose={onClose} size="38rem" yOffset="10dvh" xOffset="0.75rem" lockScroll={false}>
    <Modal.Overlay backgroundOpacity={0.45} />
    {/* className would style the frame around it, too. */}
    <Modal.Content classNames={{ content: classes.content ?? '' }}>
      <VisuallyHidden>
        <Modal.Title>Search</Modal.Title>
      </VisuallyHidden>
      <Modal.Body className={classes.body}>
        <Search onClose={onClose} />
      </Modal.Body>
    </Modal.Content>
  </Modal.Root>
);
