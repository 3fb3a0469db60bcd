import type { CatalogueChange, CatalogueOutcome } from '@bastionary/contracts/catalogue';
import { Badge, Group, Stack, Text } from '@mantine/core';
import { Panel } from '../../../ui/panel';
import { CustomerEffects } from '../customer-effects';
import { DifferenceList } from '../difference-list';
import { useTypes } from '../use-types';
import { addedTypes, changeWords } from './change-words';
import classes from './document-outcome.module.css';

type Act = CatalogueChange['change'];

const COLORS: Record<Act, string> = { created: 'green', updated: 'bastion', published: 'green', retired: 'gray' };

/** What is planned is said as such: nothing was created by looking. */
const PLANNED: Record<Act, string> = {
  created: 'to create',
  updated: 'to change',
  published: 'to publish',
  retired: 'to retire',
};
const DONE: Record<Act, string> = {
  created: 'created',
  updated: 'changed',
  published: 'published',
  retired: 'retired',
};

/** What a document changes, thing by thing, and for whom. */
export const DocumentOutcome = ({ outcome: { applied, changes, preview } }: { outcome: CatalogueOutcome }) => {
  const typeOf = useTypes(addedTypes(changes));
  return (
    <Panel title={applied ? 'What has changed' : 'What would change'}>
      <Stack>
        {changes.length === 0 && (
          <Text size="sm" role="status">
            Nothing: the catalogue says what the document says.
          </Text>
        )}
        {changes.length > 0 && (
          <ol className={classes.changes} aria-label="Changes">
            {changes.map((change) => {
              const { title, act, differences } = changeWords(change, typeOf);
              return (
                <li key={`${change.path} ${act}`} className={classes.change}>
                  <Group gap="xs">
                    <Text fw={600} size="sm">
                      {title}
                    </Text>
                    <Badge color={COLORS[act]}>{(applied ? DONE : PLANNED)[act]}</Badge>
                  </Group>
                  {differences.length > 0 && <DifferenceList differences={differences} emptyText="" />}
                </li>
              );
            })}
          </ol>
        )}
        {changes.length > 0 && <CustomerEffects preview={preview} typeOf={typeOf} />}
      </Stack>
    </Panel>
  );
};
