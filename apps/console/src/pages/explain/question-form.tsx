import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { featuresQuery } from '../../api/catalogue';
import { usePermission } from '../../api/session';
import { toLocal } from '../clients/expiry-field';
import { CustomerSelect } from '../customers/customer-select';
import type { Ask, ExplainSearch } from './explain-search';
import classes from './question-form.module.css';

const QUESTIONS: { value: Ask; label: string }[] = [
  { value: 'token', label: 'Does it get a token?' },
  { value: 'feature', label: 'Does it have a feature?' },
  { value: 'quota', label: 'May it use one more of a limit?' },
  { value: 'license', label: 'Is a licence valid?' },
];

type Props = { search: ExplainSearch; onAsk: (search: ExplainSearch) => void };
type Who = 'client' | 'customer';

/** The question of the address, to be changed and asked anew. */
export const QuestionForm = ({ search, onAsk }: Props) => {
  const mayPickCustomer = usePermission('customers:read');
  const [ask, setAsk] = useState<Ask>(search.ask ?? 'token');
  const [who, setWho] = useState<Who>(search.client === undefined ? 'customer' : 'client');
  const [client, setClient] = useState(search.client ?? '');
  const [customer, setCustomer] = useState<string | null>(search.customer ?? null);
  const [about, setAbout] = useState(search.about ?? '');
  const [at, setAt] = useState(() => (search.at && !Number.isNaN(Date.parse(search.at)) ? toLocal(search.at) : ''));
  const [fingerprint, setFingerprint] = useState(search.fingerprint ?? '');
  const [isTried, setTried] = useState(false);
  // Only clients ask for tokens; a licence is asked about by its id alone.
  const asker = ask === 'license' ? null : ask === 'token' ? 'client' : who;
  const isWhoMissing = asker === 'client' ? client.trim() === '' : asker === 'customer' && customer === null;
  const isAboutMissing = ask !== 'token' && about.trim() === '';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isWhoMissing || isAboutMissing) return;
    onAsk({
      ...(asker === 'client' && { client: client.trim() }),
      ...(asker === 'customer' && { customer: customer ?? undefined }),
      ...(ask === 'license' && fingerprint.trim() !== '' && { fingerprint: fingerprint.trim() }),
      ask,
      ...(about.trim() !== '' && { about: about.trim() }),
      ...(at !== '' && { at: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') }),
    });
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <NativeSelect
        label="Question"
        data={QUESTIONS}
        value={ask}
        onChange={(event) => {
          setAsk(event.currentTarget.value as Ask);
          setAbout('');
        }}
      />
      {ask !== 'token' && ask !== 'license' && (
        <NativeSelect
          label="Of whom"
          data={[
            { value: 'customer', label: 'a customer' },
            { value: 'client', label: 'the customer of a client' },
          ]}
          value={who}
          onChange={(event) => setWho(event.currentTarget.value as Who)}
        />
      )}
      {asker === 'customer' && mayPickCustomer && (
        <CustomerSelect
          label="Customer"
          required
          value={customer}
          onChange={setCustomer}
          error={isTried && isWhoMissing ? 'choose a customer' : undefined}
        />
      )}
      {asker !== null && (asker === 'client' || !mayPickCustomer) && (
        <TextInput
          label={asker === 'client' ? 'Client id' : 'Customer id'}
          required
          autoComplete="off"
          spellCheck={false}
          value={asker === 'client' ? client : (customer ?? '')}
          onChange={(event) => {
            const typed = event.currentTarget.value;
            if (asker === 'client') setClient(typed);
            else setCustomer(typed.trim() || null);
          }}
          error={isTried && isWhoMissing ? 'must not be empty' : undefined}
        />
      )}
      {ask === 'license' ? (
        <>
          <TextInput
            label="Licence id"
            placeholder="lic_…"
            required
            autoComplete="off"
            spellCheck={false}
            value={about}
            onChange={(event) => setAbout(event.currentTarget.value)}
            error={isTried && isAboutMissing ? 'must not be empty' : undefined}
          />
          <TextInput
            label="Fingerprint of a machine"
            placeholder="none in particular"
            autoComplete="off"
            spellCheck={false}
            value={fingerprint}
            onChange={(event) => setFingerprint(event.currentTarget.value)}
          />
        </>
      ) : ask === 'token' ? (
        <TextInput
          label="Scope"
          placeholder="All that it has"
          autoComplete="off"
          spellCheck={false}
          value={about}
          onChange={(event) => setAbout(event.currentTarget.value)}
        />
      ) : (
        <FeatureField
          isLimit={ask === 'quota'}
          value={about}
          onChange={setAbout}
          error={isTried && isAboutMissing ? 'must not be empty' : undefined}
        />
      )}
      <TextInput
        label="When (empty: now)"
        type="datetime-local"
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
      />
      <Button type="submit" className={classes.ask}>
        Ask
      </Button>
    </form>
  );
};

type FieldProps = { isLimit: boolean; value: string; onChange: (key: string) => void; error: string | undefined };

const FeatureField = ({ isLimit, value, onChange, error }: FieldProps) => {
  const maySee = usePermission('catalogue:read');
  const features = useQuery({ ...featuresQuery, enabled: maySee }).data;
  const label = isLimit ? 'Limit' : 'Feature';
  if (features === undefined) {
    return (
      <TextInput
        label={label}
        required
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
    );
  }
  const offered = features.filter(({ type }) => !isLimit || type === 'limit');
  const isKnown = offered.some(({ key }) => key === value);
  return (
    <NativeSelect
      label={label}
      required
      data={[
        ...(isKnown ? [] : [{ value, label: value || 'Choose one' }]),
        ...offered.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` })),
      ]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
};
