import { DurationField } from '../../../ui/duration-field';
import { More } from '../../../ui/more';
import { NumberField } from '../../../ui/number-field';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import type { LastsDraft } from '../policy-draft';
import { BASIS, EXPIRATION, RENEWAL, TRANSFER } from '../policy-words';
import classes from './fields.module.css';
import type { SectionProps } from './section';

const UNITS: { value: LastsDraft['unit']; label: string }[] = [
  { value: 'day', label: 'days' },
  { value: 'month', label: 'months' },
  { value: 'year', label: 'years' },
  { value: 'other', label: 'ISO 8601 or seconds' },
];

/** How long a licence lasts, and what then. */
export const ExpiryFields = ({ draft, change, faults }: SectionProps) => (
  <Panel title="Expiry and grace">
    <div className={classes.grid}>
      <div className={classes.pair}>
        <NumberField
          label="Lasts"
          placeholder="for ever"
          value={draft.duration.amount}
          onChange={(amount) => change({ duration: { ...draft.duration, amount } })}
          error={faults.duration}
        />
        <SelectField
          label="Unit"
          options={UNITS}
          value={draft.duration.unit}
          onChange={(unit) => change({ duration: { ...draft.duration, unit } })}
        />
      </div>
      <SelectField
        label="Expired it"
        options={EXPIRATION}
        value={draft.expiration_strategy}
        onChange={(expiration_strategy) => change({ expiration_strategy })}
      />
      <DurationField
        label="Grace"
        description="How long it still works after its expiry, with a warning"
        placeholder="none"
        value={draft.grace_duration}
        onChange={(grace_duration) => change({ grace_duration })}
        error={faults.grace_duration}
      />
    </div>
    <More label="When its time begins, renewal and transfer">
      <div className={classes.grid}>
        <SelectField
          label="Its time begins with"
          options={BASIS}
          value={draft.expiration_basis}
          onChange={(expiration_basis) => change({ expiration_basis })}
        />
        <SelectField
          label="A renewal counts from"
          options={RENEWAL}
          value={draft.renewal_basis}
          onChange={(renewal_basis) => change({ renewal_basis })}
        />
        <SelectField
          label="A licence transferred to it"
          options={TRANSFER}
          value={draft.transfer_strategy}
          onChange={(transfer_strategy) => change({ transfer_strategy })}
        />
      </div>
    </More>
  </Panel>
);
