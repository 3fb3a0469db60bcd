import type { Customer, UpdateCustomerRequest } from '@bastionary/contracts/customers';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../../api/http';
import { usePermission } from '../../../../api/session';
import { SaveBar } from '../../../../ui/save-bar';
import { differences, useDraft } from '../../../../ui/use-draft';
import { UpdateError } from '../../../audit/update-error';
import { type CustomerDraft, type CustomerFaults, readCustomer, writeCustomer } from '../../customer-draft';
import { CustomerFields } from '../../customer-fields';
import { conflictOf, useUpdateCustomer } from '../use-update-customer';
import classes from './details-tab.module.css';

type Props = { customer: Customer; etag: string };

/** Of what was written, the fields that differ from what was there. */
const changesOf = (draft: CustomerDraft, base: CustomerDraft) => {
  const written = writeCustomer(draft);
  if ('faults' in written) return written;
  const changed = new Set(Object.keys(differences(draft, base)));
  const fields = Object.entries(written.body).filter(([name]) => changed.has(name));
  return { body: Object.fromEntries(fields) as UpdateCustomerRequest };
};

export const DetailsTab = ({ customer, etag }: Props) => {
  const mayWrite = usePermission('customers:write');
  const [typed, setTyped] = useState<CustomerFaults>({});
  const form = useDraft(readCustomer(customer), etag);
  const update = useUpdateCustomer(customer.id, form.etag, form.reset);
  const refused = update.error instanceof ApiError ? update.error.fieldErrors : {};

  const undo = () => {
    form.reset();
    update.reset();
    setTyped({});
  };
  const change = (part: Partial<CustomerDraft>) => {
    setTyped({});
    update.reset();
    form.change(part);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.isChanged) return;
    const written = changesOf(form.draft, form.base);
    setTyped('faults' in written ? written.faults : {});
    if ('body' in written) update.mutate({ body: written.body, done: 'The customer is saved.' });
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <CustomerFields
        draft={form.draft}
        change={change}
        faults={{ ...refused, ...typed }}
        hasFixedCurrency
        isReadOnly={!mayWrite}
      />
      {form.isChanged && (
        <SaveBar isPending={update.isPending} onUndo={undo}>
          {update.error && <UpdateError error={update.error} {...conflictOf(customer.id)} onReload={undo} />}
        </SaveBar>
      )}
    </form>
  );
};
