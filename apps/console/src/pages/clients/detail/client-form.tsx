import type { Client, UpdateClientRequest } from '@bastionary/contracts/clients';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError } from '../../../api/http';
import { usePermission } from '../../../api/session';
import { SaveBar } from '../../../ui/save-bar';
import { useDraft } from '../../../ui/use-draft';
import { UpdateError } from '../../audit/update-error';
import classes from './client-form.module.css';
import { conflictOf, useUpdateClient } from './use-update-client';

export type ClientFormProps = { client: Client; etag: string };

type FormState<Draft> = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What is wrong, by the field's name on the wire. */
  faults: Record<string, string>;
  isReadOnly: boolean;
};

type Props<Draft> = ClientFormProps & {
  read: (client: Client) => Draft;
  /** The members to change; faults by field, if something typed cannot be sent. */
  write: (draft: Draft, base: Draft) => { body: UpdateClientRequest } | { faults: Record<string, string> };
  done: string;
  children: (state: FormState<Draft>) => ReactNode;
};

/** Settings of a client that are saved together, against the version they were changed on. */
export const ClientForm = <Draft extends object>({ client, etag, read, write, done, children }: Props<Draft>) => {
  const mayWrite = usePermission('clients:write');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const form = useDraft(read(client), etag);
  const update = useUpdateClient(client.client_id, form.etag, form.reset);
  const refused = update.error instanceof ApiError ? update.error.fieldErrors : {};

  const undo = () => {
    form.reset();
    update.reset();
    setTyped({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.isChanged) return;
    const written = write(form.draft, form.base);
    setTyped('faults' in written ? written.faults : {});
    if ('body' in written) update.mutate({ body: written.body, done });
  };
  const change = (part: Partial<Draft>) => {
    setTyped({});
    update.reset();
    form.change(part);
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {children({ draft: form.draft, change, faults: { ...refused, ...typed }, isReadOnly: !mayWrite })}
      {form.isChanged && (
        <SaveBar isPending={update.isPending} onUndo={undo}>
          {update.error && <UpdateError error={update.error} {...conflictOf(client.client_id)} onReload={undo} />}
        </SaveBar>
      )}
    </form>
  );
};
