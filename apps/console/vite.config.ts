import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { themeCss } from './src/theme/theme-css.ts';

/**
 * Mantine would write the theme's variables into a `<style>` element at run time, which the content security policy
 * refuses. They are known at build time, so they become an ordinary stylesheet.
 */
const themeStylesheet = (): Plugin => {
  const id = 'virtual:theme.css';
  return {
    name: 'theme-stylesheet',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) => (source === `\0${id}` ? themeCss() : undefined),
  };
};

export default defineConfig({
  plugins: [react(), themeStylesheet()],
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:3000' } },
  // A data: URI would be an inline font or script to the policy.
  build: { assetsInlineLimit: 0, target: 'es2023', chunkSizeWarningLimit: 600 },
});
