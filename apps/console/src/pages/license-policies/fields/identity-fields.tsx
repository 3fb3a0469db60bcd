import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { plansQuery } from '../../../api/catalogue';
import { licenseProductsQuery } from '../../../api/license-policies';
import { usePermission } from '../../../api/session';
import { Panel } from '../../../ui/panel';
import { SelectField } from '../../../ui/select-field';
import { SCHEMES } from '../policy-words';
import classes from './fields.module.css';
import type { SectionProps } from './section';

/** What it is called, what it is for, and what issues it. Product and keys are for ever. */
export const IdentityFields = ({ draft, change, faults, isNew }: SectionProps & { isNew: boolean }) => {
  const products = useQuery({ ...licenseProductsQuery, enabled: isNew }).data ?? [];
  return (
    <Panel title="Policy">
      <div className={classes.grid}>
        <TextInput
          label="Name"
          description="For you; programs do not see it"
          required
          autoComplete="off"
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={faults.name}
        />
        <PlanField draft={draft} change={change} faults={faults} />
        {isNew && products.length > 1 && (
          <SelectField
            label="Product"
            description="The program that is licensed; for ever"
            options={products.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.product || (products.find(({ code }) => code === 'default')?.id ?? '')}
            onChange={(product) => change({ product })}
            error={faults.product}
          />
        )}
        {isNew && (
          <SelectField
            label="Keys"
            description="For ever. Signed ones are verified offline, random ones are short"
            options={SCHEMES}
            value={draft.scheme}
            onChange={(scheme) => change({ scheme })}
          />
        )}
      </div>
    </Panel>
  );
};

const PlanField = ({ draft: { plan }, change, faults }: SectionProps) => {
  const maySee = usePermission('catalogue:read');
  const plans = useQuery({ ...plansQuery, enabled: maySee }).data;
  const label = 'Issued by';
  const description = 'Who subscribes to the plan gets a licence, with as many seats as the quantity';
  if (plans === undefined) {
    return (
      <TextInput
        label="Key of the plan that issues it"
        description={description}
        autoComplete="off"
        value={plan}
        onChange={(event) => change({ plan: event.currentTarget.value.trim() })}
        error={faults.plan}
      />
    );
  }
  return (
    <SelectField
      label={label}
      description={description}
      options={[
        { value: '', label: 'Operators and the API only' },
        ...(plan === '' || plans.some(({ key }) => key === plan) ? [] : [{ value: plan, label: plan }]),
        ...plans.map(({ key, name, kind }) => ({ value: key, label: kind === 'add_on' ? `${name} (add-on)` : name })),
      ]}
      value={plan}
      onChange={(chosen) => change({ plan: chosen })}
      error={faults.plan}
    />
  );
};
