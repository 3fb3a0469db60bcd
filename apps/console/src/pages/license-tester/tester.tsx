import type { License } from '@bastionary/contracts/licenses';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { lookUpLicense, validateLicense } from '../../api/licenses';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { MissingPermission } from '../../ui/missing-permission';
import { More } from '../../ui/more';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import classes from '../license-policies/fields/fields.module.css';
import { EMPTY_SCOPE, type ScopeDraft, toScope } from './scope-draft';
import { ValidationAnswer } from './validation-answer';

const route = getRouteApi('/signed-in/license-tester');

const FIELDS: { name: keyof ScopeDraft; label: string; description: string }[] = [
  { name: 'product', label: 'Product', description: 'Id or code' },
  { name: 'policy', label: 'Policy', description: 'Id' },
  { name: 'user', label: 'User', description: 'E-mail or id' },
  { name: 'machine', label: 'Machine', description: 'Id' },
  { name: 'components', label: 'Components', description: 'Fingerprints, by commas' },
  { name: 'entitlements', label: 'Entitlements', description: 'Codes, by commas' },
  { name: 'version', label: 'Version', description: 'Of the program' },
  { name: 'checksum', label: 'Checksum', description: 'Of the program' },
];

const ID = /^lic_[0-9a-z]{26}$/;

/** Asks as a program would, and says in words what it would be told. */
export const LicenseTesterPage = () => {
  const { license: asked = '' } = route.useSearch();
  const maySee = usePermission('licenses:read');
  const [which, setWhich] = useState(asked);
  const [scope, setScope] = useState(EMPTY_SCOPE);
  const test = useMutation({
    gcTime: 0,
    mutationFn: async (subject: string) => {
      const license: Pick<License, 'id'> = ID.test(subject) ? { id: subject } : await lookUpLicense(subject);
      return { id: license.id, answer: await validateLicense(license.id, { scope: toScope(scope) }) };
    },
  });
  const change = (name: keyof ScopeDraft, typed: string) => setScope((before) => ({ ...before, [name]: typed }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (which.trim()) test.mutate(which.trim());
  };

  if (!maySee) return <MissingPermission permission="licenses:read" />;
  return (
    <>
      <PageHeader
        title="Validate"
        description="What a program with this licence would be told now, and everything behind it. Nothing is changed or counted by asking."
      />
      <Stack gap="lg">
        <Panel title="The question">
          <form onSubmit={submit} noValidate>
            <Stack>
              <div className={classes.grid}>
                <PasswordInput
                  label="Licence key or id"
                  description="A key is not kept, and stands in no address"
                  required
                  autoComplete="off"
                  spellCheck={false}
                  visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
                  value={which}
                  onChange={(event) => setWhich(event.currentTarget.value)}
                />
                <TextInput
                  label="Fingerprint of the machine"
                  description="Several by commas; empty: no machine is named"
                  autoComplete="off"
                  spellCheck={false}
                  value={scope.fingerprint}
                  onChange={(event) => change('fingerprint', event.currentTarget.value)}
                />
              </div>
              <More label="What else the program says about itself">
                <div className={classes.grid}>
                  {FIELDS.map(({ name, label, description }) => (
                    <TextInput
                      key={name}
                      label={label}
                      description={description}
                      autoComplete="off"
                      spellCheck={false}
                      value={scope[name]}
                      onChange={(event) => change(name, event.currentTarget.value)}
                    />
                  ))}
                </div>
              </More>
              <div>
                <Button type="submit" disabled={!which.trim()} loading={test.isPending}>
                  Validate
                </Button>
              </div>
            </Stack>
          </form>
        </Panel>
        {test.error && <ErrorAlert error={test.error} />}
        {test.data && <ValidationAnswer licenseId={test.data.id} answer={test.data.answer} />}
      </Stack>
    </>
  );
};
