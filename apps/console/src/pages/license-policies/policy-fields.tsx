import type { LicenseScheme } from '@bastionary/contracts/license-policies';
import { policySummary } from '@bastionary/licensing/rules/policy-summary';
import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Panel } from '../../ui/panel';
import { ExpiryFields } from './fields/expiry-fields';
import { IdentityFields } from './fields/identity-fields';
import { LimitFields } from './fields/limit-fields';
import { MachineFields } from './fields/machine-fields';
import { ProgramFields } from './fields/program-fields';
import type { SectionProps } from './fields/section';
import { readTerms } from './policy-draft';
import classes from './policy-fields.module.css';

type Props = Omit<SectionProps, 'faults'> & {
  isNew: boolean;
  /** What the api refused, by field. */
  refused: Record<string, string>;
  /** Below the fields: what saves them. */
  children: ReactNode;
};

/** A policy while it is written: the fields, and beside them what they mean. */
export const PolicyFields = ({ draft, change, isNew, refused, children }: Props) => {
  const { faults: found } = readTerms(draft);
  const section = { draft, change, faults: { ...refused, ...found } };
  return (
    <div className={classes.columns}>
      <Stack gap="lg" className={classes.fields}>
        <IdentityFields {...section} isNew={isNew} />
        <LimitFields {...section} />
        <ExpiryFields {...section} />
        <MachineFields {...section} />
        <ProgramFields {...section} />
        {children}
      </Stack>
      <div className={classes.summary}>
        <PolicyInWords draft={draft} />
      </div>
    </div>
  );
};

/** What the fields mean, sentence by sentence; or what contradicts itself in them. */
const PolicyInWords = ({ draft }: Pick<Props, 'draft'>) => {
  const { terms, faults } = readTerms(draft);
  const wrong = Object.entries(faults);
  return (
    <Panel title="In plain English">
      <Stack gap="sm">
        {terms && <Sentences of={policySummary(terms, (draft.scheme || null) as LicenseScheme | null)} />}
        {wrong.length > 0 && (
          <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="This cannot be">
            <Stack gap={4} role="status">
              {wrong.map(([field, words]) => (
                <Text key={field} size="sm" c="inherit">
                  <code>{field}</code> {words}.
                </Text>
              ))}
            </Stack>
          </Alert>
        )}
      </Stack>
    </Panel>
  );
};

/** A summary as a list: one sentence a line is read faster than a paragraph. */
export const Sentences = ({ of }: { of: string }) => (
  <ul className={classes.sentences}>
    {of.split(/(?<=\.) (?=[A-Z])/).map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ul>
);
