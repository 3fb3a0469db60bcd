import type { LimitName } from '@bastionary/contracts/license-policies';
import type { License, UpdateLicenseRequest } from '@bastionary/contracts/licenses';
import { Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { policyChoicesQuery } from '../../../api/license-policies';
import { updateLicense, type VersionedLicense } from '../../../api/licenses';
import { Dialog } from '../../../ui/dialog';
import { DialogActions } from '../../../ui/dialog-actions';
import { More } from '../../../ui/more';
import { NumberField } from '../../../ui/number-field';
import { SearchSelect } from '../../../ui/search-select';
import { UpdateError } from '../../audit/update-error';
import { toLocal } from '../../clients/expiry-field';
import classes from '../../license-policies/fields/fields.module.css';
import { LIMITS, limitDrafts, limitFrom } from '../../license-policies/policy-draft';
import { LIMIT_WORDS } from '../../license-policies/policy-words';
import { conflictOf, useLicenseChange } from '../use-license-change';

/** Its own limits as typed: none for those of the policy. */
const draftOf = (license: License) => ({
  policy: license.policy,
  name: license.name ?? '',
  expires: license.expires_at === null ? '' : toLocal(license.expires_at),
  ...Object.fromEntries(
    Object.entries(limitDrafts(license)).map(([name, typed]) => [name, license.overrides.includes(name) ? typed : '']),
  ),
});
type Draft = ReturnType<typeof draftOf> & Record<LimitName, string>;

/** What differs, for the api: an own limit that is emptied is none at all, not the policy’s. */
const changeOf = (draft: Draft, before: Draft): UpdateLicenseRequest => ({
  ...(draft.policy !== before.policy && { policy: draft.policy }),
  ...(draft.name !== before.name && { name: draft.name.trim() || null }),
  ...(draft.expires !== before.expires && {
    expires_at: draft.expires === '' ? null : new Date(draft.expires).toISOString().replace(/\.\d+Z$/, 'Z'),
  }),
  ...Object.fromEntries(
    LIMITS.filter((name) => draft[name] !== before[name]).map((name) => [name, limitFrom(name, draft[name])]),
  ),
});

export const EditLicense = ({ license, etag, onClose }: VersionedLicense & { onClose: () => void }) => {
  const policies = useQuery(policyChoicesQuery).data?.data ?? [];
  const [before] = useState(() => draftOf(license) as Draft);
  // The version on the screen when it was opened: a refetch behind the dialog must not hide a conflict.
  const [openedEtag] = useState(etag);
  const [draft, setDraft] = useState(before);
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const request = changeOf(draft, before);
  const wrong = LIMITS.filter((name) => draft[name] !== '' && !((limitFrom(name, draft[name]) ?? 1) >= 1));
  const update = useLicenseChange(
    license.id,
    () => updateLicense(license.id, openedEtag, request),
    'The licence is changed.',
    onClose,
  );
  const refused = update.error instanceof ApiError ? update.error.fieldErrors : {};
  const faults: Record<string, string> = {
    ...refused,
    ...Object.fromEntries(wrong.map((name) => [name, 'must be a whole number'])),
  };
  const policy = policies.find(({ id }) => id === draft.policy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(request).length === 0) onClose();
    else if (wrong.length === 0) update.mutate();
  };
  const limitField = (name: LimitName) => (
    <NumberField
      key={name}
      label={`${LIMIT_WORDS[name].label}${name === 'max_memory' || name === 'max_disk' ? ' in GiB' : ''}`}
      placeholder={
        license.overrides.includes(name)
          ? 'any number'
          : `${policy?.[name]?.toLocaleString() ?? 'any number'}, by the policy`
      }
      value={draft[name]}
      onChange={(typed) => change({ [name]: typed })}
      error={faults[name]}
    />
  );
  return (
    <Dialog opened onClose={onClose} title="Change the licence" size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={faults.name}
            data-autofocus
          />
          <SearchSelect
            label="Policy"
            description="Another one transfers the licence: its terms hold at once"
            data={policies.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.policy}
            onChange={(chosen) => change({ policy: chosen })}
            error={faults.policy}
          />
          <TextInput
            label="Expires (empty: never)"
            type="datetime-local"
            value={draft.expires}
            onChange={(event) => change({ expires: event.currentTarget.value })}
            error={faults.expires_at}
          />
          {policy?.floating !== false && limitField('max_machines')}
          <More label="Further limits of its own" isNeeded={LIMITS.some((name) => faults[name])}>
            <Text size="sm" c="dimmed">
              What stands here holds instead of the policy’s.
            </Text>
            <div className={classes.grid}>{LIMITS.filter((name) => name !== 'max_machines').map(limitField)}</div>
          </More>
          {update.error && Object.keys(refused).length === 0 && (
            <UpdateError error={update.error} {...conflictOf(license.id)} onReload={onClose} />
          )}
          <DialogActions onCancel={onClose} isPending={update.isPending}>
            Save the changes
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
