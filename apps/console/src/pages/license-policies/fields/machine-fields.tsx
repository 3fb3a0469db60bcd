import { heartbeatBasis } from '@bastionary/licensing/rules/heartbeat';
import { Checkbox } from '@mantine/core';
import { DurationField } from '../../../ui/duration-field';
import { More } from '../../../ui/more';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import { COMPONENT_UNIQUENESS, CULL, HEARTBEAT_BASIS, MACHINE_UNIQUENESS, MATCHING, REVIVE } from '../policy-words';
import classes from './fields.module.css';
import type { SectionProps } from './section';

/** How machines show that they live, and how they are told apart. */
export const MachineFields = ({ draft, change, faults }: SectionProps) => (
  <Panel title="Machines and heartbeats">
    <div className={classes.grid}>
      <Checkbox
        label="Heartbeats are required"
        description="Off: only a machine that sends them must go on sending them"
        checked={draft.require_heartbeat}
        onChange={(event) => change({ require_heartbeat: event.currentTarget.checked })}
      />
      <DurationField
        label="Between two heartbeats at most"
        placeholder="10"
        value={draft.heartbeat_duration}
        onChange={(heartbeat_duration) => change({ heartbeat_duration })}
        error={faults.heartbeat_duration}
      />
    </div>
    <More label="What becomes of dead machines" isNeeded={Boolean(faults.heartbeat_resurrection_strategy)}>
      <div className={classes.grid}>
        <SelectField
          label="A dead machine"
          options={CULL}
          value={draft.heartbeat_cull_strategy}
          onChange={(heartbeat_cull_strategy) => change({ heartbeat_cull_strategy })}
        />
        <SelectField
          label="After that it"
          options={REVIVE}
          value={draft.heartbeat_resurrection_strategy}
          onChange={(heartbeat_resurrection_strategy) => change({ heartbeat_resurrection_strategy })}
          error={faults.heartbeat_resurrection_strategy}
        />
        <SelectField
          label="Heartbeats count from"
          options={HEARTBEAT_BASIS}
          value={heartbeatBasis(draft)}
          onChange={(heartbeat_basis) => change({ heartbeat_basis })}
        />
      </div>
    </More>
    <More label="How machines are told apart">
      <div className={classes.grid}>
        <SelectField
          label="Of several fingerprints must match"
          options={MATCHING}
          value={draft.machine_matching_strategy}
          onChange={(machine_matching_strategy) => change({ machine_matching_strategy })}
        />
        <SelectField
          label="Of several components must match"
          options={MATCHING}
          value={draft.component_matching_strategy}
          onChange={(component_matching_strategy) => change({ component_matching_strategy })}
        />
        <SelectField
          label="A machine may be activated under"
          description="Never stricter once there are licences"
          options={MACHINE_UNIQUENESS}
          value={draft.machine_uniqueness_strategy}
          onChange={(machine_uniqueness_strategy) => change({ machine_uniqueness_strategy })}
          error={faults.machine_uniqueness_strategy}
        />
        <SelectField
          label="A component may belong to"
          description="Never stricter once there are licences"
          options={COMPONENT_UNIQUENESS}
          value={draft.component_uniqueness_strategy}
          onChange={(component_uniqueness_strategy) => change({ component_uniqueness_strategy })}
          error={faults.component_uniqueness_strategy}
        />
      </div>
    </More>
  </Panel>
);
