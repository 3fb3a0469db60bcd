import {
  convertCssVariables,
  DEFAULT_THEME,
  deepMerge,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { cssVariables, theme } from './theme.ts';

/** Every variable of the theme with its value, per colour scheme. */
export const themeVariables = () => {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  return deepMerge(defaultCssVariablesResolver(merged), cssVariables(merged));
};

export const themeCss = () => convertCssVariables(themeVariables());
