import type { Plan } from '@bastionary/contracts/plans';
import { ActionIcon, Button, Fieldset, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { NumberField } from '../../ui/number-field';
import { keyOf, nameOf, versionNumberOf } from './terms';
import type { TermsDraft } from './terms-draft';
import classes from './terms-fields.module.css';

type Props = {
  plans: Plan[];
  draft: TermsDraft;
  change: (part: Partial<TermsDraft>) => void;
  faults: Record<string, string>;
  /** key@version of the plan that it is on, which it may keep when that is retired. */
  held?: string;
};

const isOffered = ({ current_version }: Plan) => current_version !== null;

/** Plan, version, quantity and add-ons. */
export const TermsFields = ({ plans, draft, change, faults, held }: Props) => {
  const offered = plans.filter((plan) => plan.kind === 'plan' && (isOffered(plan) || plan.key === draft.plan));
  const addOns = plans.filter((plan) => plan.kind === 'add_on' && isOffered(plan));
  const free = addOns.filter(({ key }) => !draft.addOns.some(({ plan }) => keyOf(plan) === key));
  const setAddOn = (index: number, part: Partial<TermsDraft['addOns'][number]>) =>
    change({ addOns: draft.addOns.map((addOn, at) => (at === index ? { ...addOn, ...part } : addOn)) });

  return (
    <Stack>
      <div className={classes.row}>
        <NativeSelect
          label="Plan"
          required
          className={classes.plan}
          data={[
            ...(draft.plan === '' ? [{ value: '', label: 'Choose a plan' }] : []),
            ...offered.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` })),
          ]}
          value={draft.plan}
          onChange={(event) => {
            const plan = event.currentTarget.value;
            change({ plan, version: held && keyOf(held) === plan ? String(versionNumberOf(held)) : '' });
          }}
          error={faults.plan}
        />
        <NativeSelect
          label="Version"
          className={classes.version}
          data={versionOptions(plans, draft.plan, held)}
          value={draft.version}
          onChange={(event) => change({ version: event.currentTarget.value })}
          disabled={draft.plan === ''}
        />
        <div className={classes.quantity}>
          <NumberField
            label="Quantity"
            value={draft.quantity}
            onChange={(quantity) => change({ quantity })}
            error={faults.quantity}
          />
        </div>
      </div>
      {(addOns.length > 0 || draft.addOns.length > 0) && (
        <Fieldset legend="Add-ons" variant="unstyled" classNames={{ root: classes.addOns, legend: classes.legend }}>
          <Stack gap="xs" mt={4}>
            {draft.addOns.map((addOn, index) => (
              <div key={addOn.plan || index} className={classes.addOn}>
                <NativeSelect
                  aria-label={`Add-on ${index + 1}`}
                  className={classes.plan}
                  data={[
                    { value: addOn.plan, label: addOnLabel(plans, addOn.plan) },
                    ...free.map(({ key, name }) => ({ value: key, label: name })),
                  ]}
                  value={addOn.plan}
                  onChange={(event) => setAddOn(index, { plan: event.currentTarget.value })}
                />
                <TextInput
                  aria-label={`Quantity of add-on ${index + 1}`}
                  inputMode="numeric"
                  autoComplete="off"
                  className={classes.quantity}
                  value={addOn.quantity}
                  onChange={(event) => setAddOn(index, { quantity: event.currentTarget.value })}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={`Remove add-on ${index + 1}`}
                  onClick={() => change({ addOns: draft.addOns.filter((_, at) => at !== index) })}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </div>
            ))}
            {faults.add_ons && (
              <Text size="xs" c="var(--mantine-color-error)">
                {faults.add_ons}
              </Text>
            )}
            {free.length > 0 && (
              <div>
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<IconPlus size={14} aria-hidden />}
                  onClick={() => change({ addOns: [...draft.addOns, { plan: free[0]?.key ?? '', quantity: '1' }] })}
                >
                  Add an add-on
                </Button>
              </div>
            )}
          </Stack>
        </Fieldset>
      )}
    </Stack>
  );
};

const addOnLabel = (plans: Plan[], reference: string) =>
  reference.includes('@')
    ? `${nameOf(plans, reference)}, version ${versionNumberOf(reference)}`
    : nameOf(plans, reference);

/** The newest by that word, since a plan's key means it; each published one; and the one it has. */
const versionOptions = (plans: Plan[], key: string, held: string | undefined) => {
  const plan = plans.find((one) => one.key === key);
  const own = held !== undefined && keyOf(held) === key ? versionNumberOf(held) : undefined;
  const shown = plan?.versions.filter(({ version, status }) => status === 'published' || version === own) ?? [];
  const newest = plan?.current_version ?? null;
  return [
    ...(newest === null ? [] : [{ value: '', label: `newest (${newest})` }]),
    ...shown.map(({ version, status }) => ({
      value: String(version),
      label: version === own ? `${version}, as now${status === 'retired' ? ' (retired)' : ''}` : String(version),
    })),
  ];
};
