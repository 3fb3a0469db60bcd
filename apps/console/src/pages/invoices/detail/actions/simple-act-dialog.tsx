import type { Invoice } from '@bastionary/contracts/invoices';
import { finalizeInvoice, markUncollectible, updateInvoice } from '../../../../api/invoices';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { Consequences } from '../../../../ui/consequences';
import { formatMinor } from '../../../../ui/money';
import { useInvoiceChange } from '../../use-invoice-change';

type SimpleAct = 'finalize' | 'hold' | 'release' | 'uncollectible';

type Words = {
  title: string;
  confirm: string;
  done: string;
  isDangerous?: boolean;
  act: (id: string) => Promise<Invoice>;
  consequences: (invoice: Invoice) => string[];
};

const WORDS: Record<SimpleAct, Words> = {
  finalize: {
    title: 'Finalize this draft?',
    confirm: 'Finalize',
    done: 'The invoice is finalized.',
    act: finalizeInvoice,
    consequences: ({ total, currency }) => [
      `It is computed once more, then gets its number: now ${formatMinor(total, currency)}.`,
      'Usage that arrives later is an adjustment of the next invoice.',
      'It can no longer be changed. What is wrong is taken back by a credit note.',
    ],
  },
  hold: {
    title: 'Hold this draft?',
    confirm: 'Hold it',
    done: 'The draft waits for somebody to finalize it.',
    act: (id) => updateInvoice(id, { finalize_at: null }),
    consequences: () => ['It no longer goes out by itself; somebody has to finalize it.'],
  },
  release: {
    title: 'Release this draft?',
    confirm: 'Release it',
    done: 'The draft goes out with the next billing run.',
    act: (id) => updateInvoice(id, { finalize_at: new Date().toISOString() }),
    consequences: () => ['It goes out by itself with the next billing run, within minutes.'],
  },
  uncollectible: {
    title: 'Give this invoice up?',
    confirm: 'Mark as uncollectible',
    done: 'The invoice is marked as uncollectible.',
    isDangerous: true,
    act: markUncollectible,
    consequences: ({ amount_due, currency }) => [
      `${formatMinor(amount_due, currency)} leave the receivables as a loss.`,
      'Nobody is reminded any more. Should the money come after all, it can still be recorded.',
    ],
  },
};

type Props = { act: SimpleAct; invoice: Invoice; onClose: () => void };

export const SimpleActDialog = ({ act, invoice, onClose }: Props) => {
  const { title, confirm, done, isDangerous = false, act: change, consequences } = WORDS[act];
  const mutation = useInvoiceChange(() => change(invoice.id), done, onClose);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      confirmLabel={confirm}
      isDangerous={isDangerous}
      isPending={mutation.isPending}
      error={mutation.error}
      onConfirm={() => mutation.mutate()}
    >
      <Consequences of={consequences(invoice)} />
    </ConfirmDialog>
  );
};
