import { type MantineColorScheme, SegmentedControl, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun, type TablerIcon } from '@tabler/icons-react';

const choice = (value: MantineColorScheme, label: string, Icon: TablerIcon) => ({
  value,
  label: (
    <>
      <Icon size={16} aria-hidden style={{ display: 'block', margin: 'auto' }} />
      <VisuallyHidden>{label}</VisuallyHidden>
    </>
  ),
});

const CHOICES = [
  choice('auto', 'As the system', IconDeviceDesktop),
  choice('light', 'Light', IconSun),
  choice('dark', 'Dark', IconMoon),
];

export const ColorSchemeSwitch = () => {
  // Keeping transitions spares Mantine's temporary <style> element, which the content security policy refuses.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <SegmentedControl
      aria-label="Colour scheme"
      size="xs"
      data={CHOICES}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
    />
  );
};
