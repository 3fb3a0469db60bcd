import { TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { Panel } from '../../ui/panel';
import { SearchSelect } from '../../ui/search-select';
import type { CustomerDraft, CustomerFaults } from './customer-draft';
import classes from './customer-fields.module.css';
import { MetadataField } from './metadata-field';
import { countries, currencies, currencyName, timeZones } from './places';

type Props = {
  draft: CustomerDraft;
  change: (part: Partial<CustomerDraft>) => void;
  faults: CustomerFaults;
  /** A customer that there is already keeps its currency. */
  hasFixedCurrency?: boolean;
  isReadOnly?: boolean;
};

/** Everything that is known of a customer. */
export const CustomerFields = ({ draft, change, faults, hasFixedCurrency = false, isReadOnly = false }: Props) => {
  const options = useMemo(() => ({ currency: currencies(), country: countries(), zone: timeZones() }), []);
  return (
    <>
      <Panel title="Who it is">
        <div className={classes.pairs}>
          <TextInput
            label="Name"
            description="As it is to stand on invoices."
            placeholder="Acme GmbH"
            required
            autoComplete="off"
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={faults.name}
            disabled={isReadOnly}
          />
          <TextInput
            label="E-mail"
            description="Where invoices and reminders go."
            placeholder="billing@acme.example"
            required
            type="email"
            autoComplete="off"
            spellCheck={false}
            value={draft.email}
            onChange={(event) => change({ email: event.currentTarget.value })}
            error={faults.email}
            disabled={isReadOnly}
          />
          <TextInput
            label="External id"
            description="The id it has in your own books; unique. Optional."
            placeholder="crm-4711"
            autoComplete="off"
            spellCheck={false}
            value={draft.external_id}
            onChange={(event) => change({ external_id: event.currentTarget.value })}
            error={faults.external_id}
            disabled={isReadOnly}
          />
          <TextInput
            label="Tax id"
            description="Of value added tax, for example. Optional."
            placeholder="DE123456789"
            autoComplete="off"
            spellCheck={false}
            value={draft.tax_id}
            onChange={(event) => change({ tax_id: event.currentTarget.value })}
            error={faults.tax_id}
            disabled={isReadOnly}
          />
        </div>
      </Panel>
      <Panel title="Where and in what it pays">
        <div className={classes.fields}>
          {hasFixedCurrency ? (
            <TextInput
              label="Currency"
              description="For ever: amounts in two currencies do not add up."
              value={currencyName(draft.currency)}
              disabled
            />
          ) : (
            <SearchSelect
              label="Currency"
              description="It cannot be changed later."
              placeholder="Type a code or a name"
              required
              data={options.currency}
              value={draft.currency}
              onChange={(currency) => change({ currency })}
              error={faults.currency}
            />
          )}
          <SearchSelect
            label="Country"
            description="Optional."
            placeholder="Type a name"
            clearable
            data={options.country}
            value={draft.country}
            onChange={(country) => change({ country })}
            error={faults.country}
            disabled={isReadOnly}
          />
          <SearchSelect
            label="Time zone"
            description="Billing periods begin at midnight there."
            data={options.zone}
            value={draft.time_zone}
            onChange={(time_zone) => change({ time_zone: time_zone || 'UTC' })}
            error={faults.time_zone}
            disabled={isReadOnly}
          />
        </div>
      </Panel>
      <Panel title="Metadata">
        <MetadataField
          value={draft.metadata}
          onChange={(metadata) => change({ metadata })}
          error={faults.metadata}
          isReadOnly={isReadOnly}
        />
      </Panel>
    </>
  );
};
