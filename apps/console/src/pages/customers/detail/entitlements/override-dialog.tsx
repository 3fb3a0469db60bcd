import type { Feature, FeatureValue, Override, SetOverrideRequest } from '@bastionary/contracts/entitlements';
import { Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { setOverride } from '../../../../api/entitlements';
import { ApiError } from '../../../../api/http';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { ExpiryField, fromExpiry, toExpiry } from '../../../clients/expiry-field';
import { OverridePreview } from './override-preview';
import { readValue, writeValue } from './override-value';
import { useOverrideChange } from './use-override-change';
import { ValueField } from './value-field';

type Props = {
  customerId: string;
  feature: Feature;
  /** What the customer has now. */
  value: FeatureValue;
  /** The override there is already. */
  override: Override | undefined;
  onClose: () => void;
};

const REASON_OF_PREVIEW = 'preview';

/** Gives one customer an exception; what it would mean is asked of the server while the fields change. */
export const OverrideDialog = ({ feature, onClose, ...rest }: Props) => (
  <Dialog opened onClose={onClose} title={`Override ${feature.name}`}>
    <OverrideForm feature={feature} onClose={onClose} {...rest} />
  </Dialog>
);

const OverrideForm = ({ customerId, feature, value, override, onClose }: Props) => {
  const [draft, setDraft] = useState(() => readValue(feature.type, override?.value ?? value));
  const [reason, setReason] = useState(override?.reason ?? '');
  const [expiry, setExpiry] = useState(() => fromExpiry(override?.expires_at ?? null));
  const [typed, setTyped] = useState<Record<string, string>>({});
  const save = useOverrideChange(customerId, (body: SetOverrideRequest) => setOverride(customerId, feature.key, body), {
    done: `The override of ${feature.name} is set.`,
    onDone: onClose,
  });
  const refused = save.error instanceof ApiError ? save.error.fieldErrors : {};
  const faults = { ...refused, ...typed };

  const written = writeValue(feature.type, draft);
  const [settled] = useDebouncedValue('value' in written ? JSON.stringify(written.value) : null, 250);
  const forget = () => {
    setTyped({});
    save.reset();
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expires_at = toExpiry(expiry, new Date());
    const found: Record<string, string> = {};
    if ('fault' in written) found.value = written.fault;
    if (reason.trim() === '') found.reason = 'Say why: it stands in the audit log.';
    if (expires_at === undefined) found.expires_at = 'must be a date and a time';
    setTyped(found);
    if (Object.keys(found).length === 0 && 'value' in written) {
      save.mutate({ value: written.value, reason, expires_at: expires_at ?? null });
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm" c="dimmed">
          It wins over whatever this customer’s plans give.
        </Text>
        <ValueField
          type={feature.type}
          draft={draft}
          onChange={(part) => {
            forget();
            setDraft({ ...draft, ...part });
          }}
          error={faults.value}
        />
        <TextInput
          label="Reason"
          placeholder="Agreed with Ms Byron until the new contract"
          required
          autoComplete="off"
          value={reason}
          onChange={(event) => {
            forget();
            setReason(event.currentTarget.value);
          }}
          error={faults.reason}
        />
        <ExpiryField
          value={expiry}
          onChange={(choice) => {
            forget();
            setExpiry(choice);
          }}
          error={faults.expires_at}
          description="After it the plans count again."
        />
        {settled !== null && (
          <OverridePreview
            customerId={customerId}
            feature={feature}
            body={{ value: JSON.parse(settled) as FeatureValue, reason: REASON_OF_PREVIEW }}
          />
        )}
        {save.error && Object.keys(refused).length === 0 && <ErrorAlert error={save.error} />}
        <DialogActions onCancel={onClose} isPending={save.isPending}>
          Set the override
        </DialogActions>
      </Stack>
    </form>
  );
};
