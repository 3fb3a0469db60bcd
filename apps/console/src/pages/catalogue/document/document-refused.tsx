import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../../../api/http';
import { ErrorAlert } from '../../../ui/error-alert';
import classes from './document-tab.module.css';
import { faultPlace } from './fault-place';

/** All that is wrong with a document at once, each thing with its place. */
export const DocumentRefused = ({ error, text }: { error: Error; text: string }) => {
  const faults = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  if (faults.length === 0) return <ErrorAlert error={error} />;
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title="The document cannot be applied; nothing has changed"
    >
      <ul className={classes.faults}>
        {faults.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code>{faultPlace(path, text)}</code> {message}
          </li>
        ))}
      </ul>
    </Alert>
  );
};
