import type { Invoice } from '@bastionary/contracts/invoices';
import { Button, Menu } from '@mantine/core';
import {
  IconCheck,
  IconChevronDown,
  IconCircleX,
  IconCoinOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconReceiptRefund,
  IconTrash,
} from '@tabler/icons-react';
import { usePermission } from '../../../../api/session';

export type Asked = 'finalize' | 'hold' | 'release' | 'delete' | 'void' | 'uncollectible' | 'payment' | 'credit';

type Props = { invoice: Invoice; onAsk: (asked: Asked) => void };

const ICON = { size: 16, 'aria-hidden': true } as const;

/** What can be done to it as it stands; what the api would still refuse, it says why. */
export const InvoiceActions = ({ invoice, onAsk }: Props) => {
  const mayWrite = usePermission('invoices:write');
  const mayRecord = usePermission('payments:write');
  const { status, finalize_at: finalizeAt } = invoice;
  if (status === 'draft') return mayWrite && <DraftActions isHeld={finalizeAt === null} onAsk={onAsk} />;
  if (status === 'void') return null;
  const mayCredit = mayWrite && BigInt(invoice.amount_credited) < BigInt(invoice.total);
  const isOwed = status === 'open' || status === 'uncollectible';
  // What was paid cannot be undone by voiding: it is taken back by a credit note.
  const mayVoid = mayWrite && isOwed && invoice.amount_paid === '0' && invoice.amount_credited === '0';
  return (
    <>
      {isOwed && mayRecord && (
        <Button leftSection={<IconCheck {...ICON} />} onClick={() => onAsk('payment')}>
          Record a payment
        </Button>
      )}
      {(mayCredit || mayVoid) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown {...ICON} />}>
              Actions
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {mayCredit && (
              <Menu.Item leftSection={<IconReceiptRefund {...ICON} />} onClick={() => onAsk('credit')}>
                Issue a credit note
              </Menu.Item>
            )}
            {mayWrite && status === 'open' && (
              <Menu.Item leftSection={<IconCoinOff {...ICON} />} onClick={() => onAsk('uncollectible')}>
                Mark as uncollectible
              </Menu.Item>
            )}
            {mayVoid && (
              <>
                <Menu.Divider />
                <Menu.Item
                  c="var(--mantine-color-error)"
                  leftSection={<IconCircleX {...ICON} />}
                  onClick={() => onAsk('void')}
                >
                  Void the invoice
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
};

const DraftActions = ({ isHeld, onAsk }: { isHeld: boolean; onAsk: Props['onAsk'] }) => (
  <>
    <Button leftSection={<IconCheck {...ICON} />} onClick={() => onAsk('finalize')}>
      Finalize now
    </Button>
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown {...ICON} />}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {isHeld ? (
          <Menu.Item leftSection={<IconPlayerPlay {...ICON} />} onClick={() => onAsk('release')}>
            Release it
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPause {...ICON} />} onClick={() => onAsk('hold')}>
            Hold it for review
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item c="var(--mantine-color-error)" leftSection={<IconTrash {...ICON} />} onClick={() => onAsk('delete')}>
          Delete the draft
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  </>
);
