import '@fontsource-variable/inter/wght.css';
import './theme/global.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'virtual:theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client';
import { router } from './router';
import { cssVariables, theme } from './theme/theme';

const root = document.getElementById('root');

export const startApp = () => {
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        // Both would be <style> elements, which the content security policy refuses: see vite.config.ts.
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <section aria-label="Notifications" aria-live="polite">
          <Notifications position="bottom-left" withinPortal={false} />
        </section>
      </MantineProvider>
    </StrictMode>,
  );
};
