import { rateLimit, tokenQuota } from '@bastionary/contracts/client-metadata';
import type { Client } from '@bastionary/contracts/clients';
import { Collapse, Stack, Switch, Text } from '@mantine/core';
import { Choice } from '../../../../ui/choice';
import { NumberField } from '../../../../ui/number-field';
import { Panel } from '../../../../ui/panel';
import { ClientForm, type ClientFormProps } from '../client-form';
import classes from './limits-tab.module.css';

const words = (value: number | null | undefined) => (value == null ? '' : String(value));

const read = ({ rate_limit: rate, token_quota: quota }: Client) => ({
  hasRate: rate !== null,
  requests: words(rate?.requests ?? 10),
  perSeconds: words(rate?.per_seconds ?? 1),
  burst: words(rate?.burst),
  hasQuota: quota !== null,
  perHour: words(quota?.per_hour),
  perDay: words(quota?.per_day),
  mode: quota?.enforce === false ? 'observe' : 'enforce',
});
type Draft = ReturnType<typeof read>;

const count = (typed: string) => (/^\d+$/.test(typed.trim()) ? Number(typed) : Number.NaN);
const optional = (typed: string) => (typed.trim() === '' ? null : count(typed));

/** The limits on the wire; what is wrong with each field that cannot be sent. */
const write = (draft: Draft) => {
  const burst = optional(draft.burst);
  const rate = draft.hasRate
    ? { requests: count(draft.requests), per_seconds: count(draft.perSeconds), ...(burst !== null && { burst }) }
    : null;
  const quota = draft.hasQuota
    ? { per_hour: optional(draft.perHour), per_day: optional(draft.perDay), enforce: draft.mode === 'enforce' }
    : null;
  const faults: Record<string, string> = {};
  for (const { path } of (rate && rateLimit.safeParse(rate).error?.issues) ?? []) {
    faults[String(path[0])] = 'must be a whole number of 1 or more';
  }
  for (const { path, message } of (quota && tokenQuota.safeParse(quota).error?.issues) ?? []) {
    faults[String(path[0] ?? 'per_hour')] = path.length === 0 ? 'Set one of the two.' : message;
  }
  return Object.keys(faults).length > 0 ? { faults } : { body: { rate_limit: rate, token_quota: quota } };
};

const MODES = [
  {
    value: 'enforce',
    label: 'Enforce',
    description: 'What exceeds the quota is refused with 429 until the window ends.',
  },
  { value: 'observe', label: 'Observe', description: 'What exceeds the quota is counted and shown, and not refused.' },
];

/** How fast and how much: what one client may ask for, so that the others never notice it. */
export const LimitsTab = (props: ClientFormProps) => (
  <ClientForm {...props} read={read} write={write} done="The limits are saved.">
    {({ draft, change, faults, isReadOnly }) => (
      <>
        <Panel title="Requests to the OAuth2 endpoints">
          <Stack>
            <Text size="sm" c="dimmed" maw="46rem">
              Faster requests are answered with 429 and the time to wait. Without a limit of its own the client has the
              installation’s.
            </Text>
            <Switch
              label="A limit of its own"
              checked={draft.hasRate}
              onChange={(event) => change({ hasRate: event.currentTarget.checked })}
              disabled={isReadOnly}
            />
            <Collapse expanded={draft.hasRate}>
              <div className={classes.fields}>
                <NumberField
                  label="Requests"
                  description="On average"
                  value={draft.requests}
                  onChange={(requests) => change({ requests })}
                  error={faults.requests}
                  disabled={isReadOnly}
                />
                <NumberField
                  label="In so many seconds"
                  description="The window of the average"
                  value={draft.perSeconds}
                  onChange={(perSeconds) => change({ perSeconds })}
                  error={faults.per_seconds}
                  disabled={isReadOnly}
                />
                <NumberField
                  label="At once"
                  description="Empty: as many as above"
                  placeholder={draft.requests}
                  value={draft.burst}
                  onChange={(burst) => change({ burst })}
                  error={faults.burst}
                  disabled={isReadOnly}
                />
              </div>
            </Collapse>
          </Stack>
        </Panel>
        <Panel title="Token quota">
          <Stack>
            <Text size="sm" c="dimmed" maw="46rem">
              How many tokens it may get in an hour and a day of UTC. A program that asks for a new token for each
              request, instead of keeping the one it has, meets it first.
            </Text>
            <Switch
              label="A quota"
              checked={draft.hasQuota}
              onChange={(event) => change({ hasQuota: event.currentTarget.checked })}
              disabled={isReadOnly}
            />
            <Collapse expanded={draft.hasQuota}>
              <Stack>
                <div className={classes.fields}>
                  <NumberField
                    label="Tokens per hour"
                    placeholder="no limit"
                    value={draft.perHour}
                    onChange={(perHour) => change({ perHour })}
                    error={faults.per_hour}
                    disabled={isReadOnly}
                  />
                  <NumberField
                    label="Tokens per day"
                    placeholder="no limit"
                    value={draft.perDay}
                    onChange={(perDay) => change({ perDay })}
                    error={faults.per_day}
                    disabled={isReadOnly}
                  />
                </div>
                <Choice
                  label="When it is used up"
                  options={MODES}
                  value={draft.mode}
                  onChange={(mode) => change({ mode })}
                  isReadOnly={isReadOnly}
                />
              </Stack>
            </Collapse>
          </Stack>
        </Panel>
      </>
    )}
  </ClientForm>
);
