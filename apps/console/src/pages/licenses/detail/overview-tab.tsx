import type { LimitName } from '@bastionary/contracts/license-policies';
import type { License } from '@bastionary/contracts/licenses';
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { idempotencyKey } from '../../../api/idempotency-key';
import { resetUses, validationQuery } from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { Facts } from '../../../ui/facts';
import { ObjectLink } from '../../../ui/object-link';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { Answer } from '../../explain/answer';
import { LIMITS } from '../../license-policies/policy-draft';
import { LIMIT_WORDS } from '../../license-policies/policy-words';
import { CustomerName } from '../../subscriptions/customer-name';
import { PolicyName } from '../license-columns';
import { isInGrace } from '../license-words';
import { MaskedKey } from '../masked-key';
import { UseBar } from '../use-bar';
import { useLicenseChange } from '../use-license-change';
import classes from './overview-tab.module.css';

/** Whether it is valid and why, what it gives, and where it comes from. */
export const OverviewTab = ({ license }: { license: License }) => {
  const mayAsk = usePermission('explain:read');
  return (
    <div className={classes.columns}>
      <Stack gap="lg" className={classes.main}>
        {mayAsk && <Answer request={{ question: { license: license.id } }} name="This licence" />}
      </Stack>
      <Stack gap="lg">
        <LimitsPanel license={license} />
        <FactsPanel license={license} />
      </Stack>
    </div>
  );
};

const FactsPanel = ({ license }: { license: License }) => {
  const { customer_id, source, scheme, expires_at, grace_ends_at, next_check_in_by, last_validated_at } = license;
  const when = (at: string | null, none: string) => (at === null ? none : <Time value={at} as="date-time" />);
  return (
    <Panel title="Facts">
      <Facts
        facts={[
          ['Key', <MaskedKey key="key" licenseKey={license.key} />],
          ['Kind of key', scheme === null ? 'random' : `signed (${scheme})`],
          ['Policy', <PolicyName key="policy" id={license.policy} />],
          [
            'Customer',
            customer_id === null ? (
              'nobody'
            ) : (
              <ObjectLink key="customer" id={customer_id}>
                <CustomerName id={customer_id} />
              </ObjectLink>
            ),
          ],
          [
            'Issued by',
            source === null ? (
              'an operator or the API'
            ) : (
              <span key="source">
                <ObjectLink id={source.subscription}>its subscription</ObjectLink> to <code>{source.plan}</code>
              </span>
            ),
          ],
          ['Expires', when(expires_at, 'never')],
          ...(isInGrace(license) ? [['Works until', when(grace_ends_at, '–')] as [string, React.ReactNode]] : []),
          ...(next_check_in_by ? [['Check in by', when(next_check_in_by, '–')] as [string, React.ReactNode]] : []),
          ['Last validated', when(last_validated_at, 'never')],
          ['Issued', when(license.created_at, '–')],
        ]}
      />
    </Panel>
  );
};

/** Every limit it has, with what is taken of it now. */
const LimitsPanel = ({ license }: { license: License }) => {
  const { data, error } = useQuery(validationQuery(license.id));
  const mayWrite = usePermission('licenses:write');
  const [key, setKey] = useState(idempotencyKey);
  const reset = useLicenseChange(
    license.id,
    () => resetUses(license.id, key),
    'Uses are counted anew.',
    () => setKey(idempotencyKey()),
  );
  const shown = LIMITS.filter((name) => name === 'max_machines' || name === 'max_uses' || license[name] !== null);
  const usedOf = (name: LimitName): number | undefined => {
    if (name === 'max_machines') return license.machines;
    if (name === 'max_uses') return license.uses;
    return data?.limits[name]?.used;
  };
  return (
    <Panel title="Limits">
      <Stack gap="sm">
        {error && <ErrorAlert error={error} />}
        {shown.map((name) => {
          const used = usedOf(name);
          const isBytes = name === 'max_memory' || name === 'max_disk';
          return (
            <div key={name} className={classes.limit}>
              <Text size="sm">
                {LIMIT_WORDS[name].label}
                {license.overrides.includes(name) && (
                  <Text size="xs" c="dimmed" component="span" display="block">
                    its own
                  </Text>
                )}
              </Text>
              {used === undefined ? (
                <Skeleton height={20} />
              ) : (
                <UseBar used={used} limit={license[name]} what={LIMIT_WORDS[name].what} isBytes={isBytes} />
              )}
            </div>
          );
        })}
        {mayWrite && license.uses > 0 && (
          <Button size="xs" variant="default" onClick={() => reset.mutate()} loading={reset.isPending}>
            Count uses anew
          </Button>
        )}
        {reset.error && <ErrorAlert error={reset.error} />}
      </Stack>
    </Panel>
  );
};
