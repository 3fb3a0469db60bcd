import { Stack } from '@mantine/core';
import type { ClientFormProps } from '../client-form';
import { ScopeUse } from './scope-use';
import { ScopesForm } from './scopes-form';

/** What its tokens may do, beside what it has really asked for. */
export const PermissionsTab = ({ client, etag }: ClientFormProps) => (
  <Stack gap="lg">
    <ScopeUse client={client} etag={etag} />
    <ScopesForm client={client} etag={etag} />
  </Stack>
);
