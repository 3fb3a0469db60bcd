import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const bastion: MantineColorsTuple = [
  '#eef1fc',
  '#dde3f8',
  '#bac5f0',
  '#95a6e8',
  '#7d90e2',
  '#6579d6',
  '#4d62c4',
  '#3f53b1',
  '#34469c',
  '#28367c',
];

/** A slightly blue dark, calmer than Mantine's neutral one. */
const dark: MantineColorsTuple = [
  '#d5d8e0',
  '#b4b9c5',
  '#8d93a3',
  '#696f80',
  '#434958',
  '#333947',
  '#262b37',
  '#1b1f29',
  '#14171f',
  '#0d0f15',
];

export const theme = createTheme({
  primaryColor: 'bastion',
  // Mantine's own shades 6 put white text below the 4.5:1 of WCAG 1.4.3.
  primaryShade: { light: 8, dark: 7 },
  colors: { bastion, dark },
  black: '#171b26',
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '12px', xl: '24px' },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    // Within the landmark of its button, and without Mantine's focus placeholder, which a menu may not contain.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } } },
    Badge: { defaultProps: { variant: 'light', tt: 'none', fw: 600, miw: 'max-content' } },
  },
});

/** Where Mantine's default text colours fail WCAG 2.2 AA, and the two surfaces of our own. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--app-canvas': '#f6f7fa',
    '--app-border': 'var(--mantine-color-gray-3)',
    '--app-code': '#f1f3f8',
    '--mantine-color-dimmed': '#575e6c',
    '--mantine-color-placeholder': '#5f6675',
    '--mantine-color-error': '#b42323',
    '--mantine-color-success': '#0b6b45',
    '--mantine-color-anchor': 'var(--mantine-color-bastion-8)',
    // Borders of inputs: 3:1 against the page, WCAG 1.4.11.
    '--mantine-color-default-border': '#848c9a',
    '--mantine-color-disabled-color': '#6b7280',
    '--mantine-color-bastion-light-hover': '#e7ebfb',
    '--mantine-color-green-light-color': '#0b5130',
    '--mantine-color-orange-light-color': '#7a2e00',
    '--mantine-color-red-light-color': '#8f1414',
    '--mantine-color-red-filled': '#bf2626',
    '--mantine-color-red-filled-hover': '#a31d1d',
  },
  dark: {
    '--app-canvas': 'var(--mantine-color-dark-8)',
    '--app-border': 'var(--mantine-color-dark-5)',
    '--app-code': 'var(--mantine-color-dark-8)',
    '--mantine-color-dimmed': '#a3aab9',
    '--mantine-color-placeholder': '#9aa1b0',
    '--mantine-color-error': '#ff9a9a',
    '--mantine-color-success': '#63d6a0',
    '--mantine-color-anchor': 'var(--mantine-color-bastion-3)',
    '--mantine-color-default-border': '#6d7488',
    '--mantine-color-disabled-color': '#8d93a3',
    // Mantine's dark tints are nearly as strong as filled ones: too loud for a badge.
    '--mantine-color-bastion-light': '#252d4d',
    '--mantine-color-bastion-light-hover': '#2c3659',
    '--mantine-color-bastion-light-color': 'var(--mantine-color-bastion-1)',
    '--mantine-color-green-light': '#17352a',
    '--mantine-color-green-light-color': '#a7efc4',
    '--mantine-color-orange-light': '#3d2a17',
    '--mantine-color-orange-light-color': '#ffd8a8',
    '--mantine-color-red-light': '#44212a',
    '--mantine-color-red-light-hover': '#522733',
    '--mantine-color-red-light-color': '#ffc9c9',
    '--mantine-color-red-filled': '#c02a2a',
    '--mantine-color-red-filled-hover': '#a82323',
  },
});
