import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import classes from './palette.module.css';

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const SHORTCUT = isApple ? '⌘ K' : 'Ctrl K';
const KEYS = isApple ? 'Meta+K' : 'Control+K';

/** In the rail: wide, with the shortcut on it. */
export const PaletteButton = ({ onOpen }: { onOpen: () => void }) => (
  <UnstyledButton onClick={onOpen} className={classes.button} aria-haspopup="dialog" aria-keyshortcuts={KEYS}>
    <IconSearch size={16} aria-hidden />
    <span className={classes.buttonWord}>Search</span>
    <kbd className={classes.shortcut} aria-hidden>
      {SHORTCUT}
    </kbd>
  </UnstyledButton>
);

/** In the bar of a narrow screen. */
export const PaletteIcon = ({ onOpen }: { onOpen: () => void }) => (
  <ActionIcon variant="subtle" color="gray" size={34} onClick={onOpen} aria-label="Search" aria-haspopup="dialog">
    <IconSearch size={19} aria-hidden />
  </ActionIcon>
);
