import type { RefundRequest } from '@bastionary/contracts/invoices';
import { Choice } from '../../ui/choice';

type Access = RefundRequest['access'];
type Props = { value: Access; onChange: (access: Access) => void };

/** What a refund does to the subscription it was paid for. */
export const AccessChoice = ({ value, onChange }: Props) => (
  <Choice
    label="If all that was paid for the current period goes back"
    options={[
      {
        value: 'suspend',
        label: 'The subscription is suspended',
        description: 'With its licences, tokens and features, as soon as the money is back. Paying again restores it.',
      },
      { value: 'keep', label: 'The subscription works on', description: 'As if it were paid.' },
    ]}
    value={value}
    onChange={(access) => onChange(access as Access)}
  />
);
