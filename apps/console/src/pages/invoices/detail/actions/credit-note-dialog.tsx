import type { CreditNoteRequest, Invoice } from '@bastionary/contracts/invoices';
import { Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../../api/http';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { issueCreditNote } from '../../../../api/invoices';
import { AmountField } from '../../../../ui/amount-field';
import { Choice } from '../../../../ui/choice';
import { Consequences } from '../../../../ui/consequences';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { formatMinor } from '../../../../ui/money';
import { AccessChoice } from '../../../payments/access-choice';
import { useInvoiceChange } from '../../use-invoice-change';
import { type CreditDraft, creditable, whereItGoes, writeCredit } from './credit-draft';
import { CreditLines } from './credit-lines';

type Props = { invoice: Invoice; onClose: () => void };

/** Takes back an invoice, or a part of it, and says beforehand where the money goes. */
export const CreditNoteDialog = ({ invoice, onClose }: Props) => {
  const { id, number, currency } = invoice;
  const [draft, setDraft] = useState<CreditDraft>(EMPTY);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const change = (part: Partial<CreditDraft>) => setDraft((before) => ({ ...before, ...part }));
  const issue = useInvoiceChange(
    (body: CreditNoteRequest) => issueCreditNote(id, body, intent),
    (note) => `Credit note ${note.number} is issued.`,
    onClose,
  );
  const faults = { ...(issue.error instanceof ApiError ? issue.error.fieldErrors : {}), ...wrong };
  const written = writeCredit({ ...draft, reason: draft.reason || '…' }, invoice);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = writeCredit(draft, invoice);
    setWrong('faults' in result ? result.faults : {});
    if ('body' in result) issue.mutate(result.body, { onError: () => setIntent(idempotencyKey()) });
  };

  return (
    <Dialog opened onClose={onClose} title={`Credit note for ${number}`} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Choice
            label="What is taken back"
            options={[
              {
                value: 'whole',
                label: 'All that is left of it',
                description: formatMinor(creditable(invoice), currency),
              },
              { value: 'amount', label: 'An amount', description: 'Tax included; spread over the lines.' },
              { value: 'lines', label: 'Parts of its lines', description: 'Before tax; the tax follows.' },
            ]}
            value={draft.what}
            onChange={(what) => change({ what: what as CreditDraft['what'] })}
          />
          {draft.what === 'amount' && (
            <AmountField
              label="Amount"
              currency={currency}
              value={draft.amount}
              onChange={(amount) => change({ amount })}
              error={faults.amount}
            />
          )}
          {draft.what === 'lines' && (
            <CreditLines
              invoice={invoice}
              typed={draft.lines}
              faults={faults}
              onChange={(line, typed) => change({ lines: { ...draft.lines, [line]: typed } })}
            />
          )}
          <Choice
            label="What was paid already"
            options={[
              { value: 'wallet', label: 'Goes to the wallet', description: 'The next invoices take it from there.' },
              { value: 'refund', label: 'Is paid back', description: 'The way it came.' },
            ]}
            value={draft.paidPart}
            onChange={(paidPart) => change({ paidPart: paidPart as CreditDraft['paidPart'] })}
          />
          {draft.paidPart === 'refund' && (
            <AccessChoice value={draft.access} onChange={(access) => change({ access })} />
          )}
          <TextInput
            label="Reason"
            description="Stands on the document"
            value={draft.reason}
            maxLength={500}
            onChange={(event) => change({ reason: event.currentTarget.value })}
            error={faults.reason}
            required
          />
          <div role="status">
            {'body' in written && written.gross !== null && (
              <Consequences of={whereItGoes(written.gross, invoice, draft.paidPart)} />
            )}
            {'body' in written && written.gross === null && (
              <Text size="sm">First what is due gets less; what is more than that was paid, and goes back.</Text>
            )}
          </div>
          {issue.error && Object.keys(faults).length === 0 && <ErrorAlert error={issue.error} />}
          <DialogActions onCancel={onClose} isPending={issue.isPending}>
            Issue the credit note
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};

const EMPTY: CreditDraft = { what: 'whole', amount: '', lines: {}, paidPart: 'wallet', access: 'suspend', reason: '' };
