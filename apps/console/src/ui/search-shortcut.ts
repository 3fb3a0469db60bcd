import { useHotkeys, useLocalStorage } from '@mantine/hooks';

/** Whether `/` goes to the search. It can be turned off: WCAG 2.1.4, for those who speak to their computer. */
export const useSearchShortcutSetting = () =>
  useLocalStorage({ key: 'bastionary-search-shortcut', defaultValue: true, getInitialValueInEffect: false });

export const useSearchShortcut = (focusSearch: () => void) => {
  const [isOn] = useSearchShortcutSetting();
  useHotkeys([['/', () => isOn && focusSearch()]]);
  return isOn;
};
