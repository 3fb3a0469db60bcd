import { describe, expect, test } from '@jest/globals';
import { themeVariables } from './theme-css';

type Scheme = 'light' | 'dark';
type Variables = Record<string, string>;

const all = themeVariables();
const variablesOf = (scheme: Scheme): Variables => ({ ...all.variables, ...all[scheme] });

const resolve = (variables: Variables, value: string): string => {
  const reference = /^var\((--[\w-]+)\)$/.exec(value.trim())?.[1];
  return reference === undefined ? value.trim() : resolve(variables, variables[reference] ?? `missing ${reference}`);
};

const channels = (color: string): number[] => {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(color)?.[1];
  const rgb = /^rgba?\((\d+),\s*(\d+),\s*(\d+)(?:,\s*1)?\)$/.exec(color);
  if (rgb) return rgb.slice(1, 4).map(Number);
  if (!hex) throw new Error(`${color} is not an opaque colour`);
  const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
};

// WCAG 2.2, "relative luminance" and "contrast ratio".
const luminance = (color: string) => {
  const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (variables: Variables, text: string, ground: string) => {
  const [light = 0, dark = 0] = [text, ground]
    .map((name) => luminance(resolve(variables, `var(${name})`)))
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const SURFACES = ['--mantine-color-body', '--app-canvas', '--app-code'];
const TEXTS = ['text', 'dimmed', 'error', 'success', 'anchor', 'placeholder'].map((name) => `--mantine-color-${name}`);
const TINTS = ['bastion', 'green', 'orange', 'red', 'gray'];
const FILLS = ['bastion', 'red'];

const pairs: [text: string, ground: string, least: number][] = [
  ...SURFACES.flatMap((ground) => TEXTS.map((text): [string, string, number] => [text, ground, 4.5])),
  ...TINTS.map((tint): [string, string, number] => [
    `--mantine-color-${tint}-light-color`,
    `--mantine-color-${tint}-light`,
    4.5,
  ]),
  ...FILLS.flatMap((fill): [string, string, number][] => [
    ['--mantine-color-white', `--mantine-color-${fill}-filled`, 4.5],
    ['--mantine-color-white', `--mantine-color-${fill}-filled-hover`, 4.5],
  ]),
  ...SURFACES.slice(0, 2).map((ground): [string, string, number] => ['--mantine-color-default-border', ground, 3]),
];

describe.each<Scheme>(['light', 'dark'])('the %s theme keeps the contrasts of WCAG 2.2 AA', (scheme) => {
  test.each(pairs)('%s on %s has at least %d:1', (text, ground, least) => {
    expect(contrast(variablesOf(scheme), text, ground)).toBeGreaterThanOrEqual(least);
  });
});
