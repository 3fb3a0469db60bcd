import { Checkbox } from '@mantine/core';
import { Choice } from '../../../ui/choice';
import { More } from '../../../ui/more';
import { NumberField } from '../../../ui/number-field';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import { INTERVALS, SCOPES } from '../policy-words';
import classes from './fields.module.css';
import type { SectionProps } from './section';

const AUTHENTICATION = [
  { value: 'LICENSE', label: 'By the licence key', description: 'The key alone is enough to take a seat.' },
  { value: 'TOKEN', label: 'By a token', description: 'The key only validates; an operator makes tokens.' },
  { value: 'MIXED', label: 'By either', description: 'The licence key or a token.' },
  { value: 'NONE', label: 'Not at all', description: 'Programs can only validate by key.' },
];

/** How a program shows who it is, and what it has to say and do. */
export const ProgramFields = ({ draft, change, faults }: SectionProps) => (
  <Panel title="What programs must do">
    <Choice
      label="Authentication"
      options={AUTHENTICATION}
      value={draft.authentication_strategy}
      onChange={(strategy) => change({ authentication_strategy: strategy as typeof draft.authentication_strategy })}
    />
    <Checkbox
      my="md"
      label="Check in regularly"
      description="Off: a licence is valid also if nobody has heard of it for long"
      checked={draft.require_check_in}
      onChange={(event) =>
        change({
          require_check_in: event.currentTarget.checked,
          check_in_interval: draft.check_in_interval ?? 'month',
          check_in_interval_count: draft.check_in_interval_count || '1',
        })
      }
    />
    {draft.require_check_in && (
      <div className={classes.pair}>
        <NumberField
          label="Every"
          value={draft.check_in_interval_count}
          onChange={(check_in_interval_count) => change({ check_in_interval_count })}
          error={faults.check_in_interval_count}
        />
        <SelectField
          label="Interval"
          options={INTERVALS}
          value={draft.check_in_interval ?? 'month'}
          onChange={(check_in_interval) => change({ check_in_interval })}
          error={faults.check_in_interval}
        />
      </div>
    )}
    <More label="What a validation must name, and stale revocation lists">
      <fieldset className={classes.scopes} aria-label="What a validation must name">
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            label={`The ${scope}`}
            checked={draft[`require_${scope}_scope`]}
            onChange={(event) => change({ [`require_${scope}_scope`]: event.currentTarget.checked })}
          />
        ))}
      </fieldset>
      <SelectField
        label="Offline, with a revocation list older than it should be"
        description="Stands in licence files; the program decides by it"
        options={[
          { value: 'ALLOW', label: 'the licence is accepted' },
          { value: 'REFUSE', label: 'the licence is refused' },
        ]}
        value={draft.stale_revocation_list}
        onChange={(stale_revocation_list) => change({ stale_revocation_list })}
      />
    </More>
  </Panel>
);
