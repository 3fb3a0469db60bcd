import { notifications } from '@mantine/notifications';

/** Tells that a change has happened. Failures stay where they happened instead. */
export const toast = (message: string) => {
  notifications.show({
    message,
    color: 'green',
    role: 'status',
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
};
