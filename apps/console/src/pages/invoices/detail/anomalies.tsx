import type { Invoice } from '@bastionary/contracts/invoices';
import { Alert, List } from '@mantine/core';
import { IconZoomExclamation } from '@tabler/icons-react';
import { formatMinor } from '../../../ui/money';

/** In what a draft differs from the period before. */
export const Anomalies = ({ invoice: { anomalies, currency } }: { invoice: Invoice }) =>
  anomalies.length > 0 && (
    <Alert color="orange" icon={<IconZoomExclamation aria-hidden />} title="Look at this before it goes out">
      <List size="sm" spacing={4}>
        {anomalies.map(({ code, detail, before, now }) => (
          <List.Item key={`${code} ${detail}`}>
            {detail}
            {before !== null &&
              now !== null &&
              ` (before ${formatMinor(before, currency)}, now ${formatMinor(now, currency)})`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
