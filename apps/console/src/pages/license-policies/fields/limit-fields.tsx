import { Checkbox, Stack } from '@mantine/core';
import { Choice } from '../../../ui/choice';
import { More } from '../../../ui/more';
import { NumberField } from '../../../ui/number-field';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import { LIMITS } from '../policy-draft';
import { LIMIT_WORDS, MACHINE_LEASING, OVERAGE, PROCESS_LEASING } from '../policy-words';
import classes from './fields.module.css';
import type { SectionProps } from './section';

const FURTHER = LIMITS.filter((name) => name !== 'max_machines');
const UNITS: Partial<Record<string, string>> = { max_memory: ' in GiB', max_disk: ' in GiB' };

/** How much of what one licence gives. */
export const LimitFields = ({ draft, change, faults }: SectionProps) => (
  <Panel title="Limits">
    <div className={classes.grid}>
      <Choice
        label="Seats"
        options={[
          { value: 'locked', label: 'Locked to one machine', description: 'Another machine needs another licence.' },
          { value: 'floating', label: 'Floating', description: 'Several machines share it, as many as it has seats.' },
        ]}
        value={draft.floating ? 'floating' : 'locked'}
        onChange={(kind) =>
          change(kind === 'floating' ? { floating: true, max_machines: '5' } : { floating: false, max_machines: '1' })
        }
      />
      <Stack>
        {draft.floating && (
          <NumberField
            label="Machines at a time"
            description="A licence may have a number of its own"
            placeholder="any number"
            value={draft.max_machines}
            onChange={(max_machines) => change({ max_machines })}
            error={faults.max_machines}
          />
        )}
        <SelectField
          label="Tolerated beyond a limit"
          description="With a warning, and only as long as nothing else is wrong"
          options={OVERAGE}
          value={draft.overage_strategy}
          onChange={(overage_strategy) => change({ overage_strategy })}
          error={faults.overage_strategy}
        />
      </Stack>
    </div>
    <Checkbox
      my="md"
      label="Count at validation too"
      description="Off: machines are counted when they are activated, and a validation needs none"
      checked={draft.strict}
      onChange={(event) => change({ strict: event.currentTarget.checked })}
    />
    <More label="Cores, memory, processes, users, uses" isNeeded={FURTHER.some((name) => faults[name])}>
      <div className={classes.grid}>
        {FURTHER.map((name) => (
          <NumberField
            key={name}
            label={`${LIMIT_WORDS[name].label}${UNITS[name] ?? ''}`}
            placeholder="any number"
            value={draft[name]}
            onChange={(typed) => change({ [name]: typed })}
            error={faults[name]}
          />
        ))}
        <SelectField
          label="Machines are counted"
          options={MACHINE_LEASING}
          value={draft.machine_leasing_strategy}
          onChange={(machine_leasing_strategy) => change({ machine_leasing_strategy })}
        />
        <SelectField
          label="Processes are counted"
          options={PROCESS_LEASING}
          value={draft.process_leasing_strategy}
          onChange={(process_leasing_strategy) => change({ process_leasing_strategy })}
        />
      </div>
    </More>
  </Panel>
);
