import type { Feature, Override } from '@bastionary/contracts/entitlements';
import { Badge, Button, Text } from '@mantine/core';
import { usePermission } from '../../../../api/session';
import { Panel } from '../../../../ui/panel';
import { Time } from '../../../../ui/time';
import { useActorName } from '../../../audit/actor';
import { featureNamed } from './feature-rows';
import { isInForce } from './feature-source';
import { valueWords } from './feature-value';
import classes from './overrides-panel.module.css';

type Props = { overrides: Override[]; features: Feature[]; onRemove: (feature: Feature) => void };

/** The exceptions of one customer, each with who made it and why; expired ones too, until they are removed. */
export const OverridesPanel = ({ overrides, features, onRemove }: Props) => {
  const mayWrite = usePermission('entitlements:write');
  const actorName = useActorName();
  return (
    <Panel title="Overrides">
      {overrides.length === 0 && (
        <Text size="sm" c="dimmed">
          None: this customer has what its plans give.
        </Text>
      )}
      <ul className={classes.list}>
        {overrides.map((each) => {
          const feature = featureNamed(features, each.feature, each.value);
          const isOver = !isInForce(each, Date.now());
          return (
            <li key={each.feature} className={classes.item}>
              <div className={classes.words}>
                <Text size="sm" component="div" className={classes.line}>
                  <strong>{feature.name}</strong> is {valueWords(feature.type, each.value)}
                  {isOver && <Badge color="gray">expired</Badge>}
                </Text>
                <Text size="sm">{each.reason}</Text>
                <Text size="sm" c="dimmed">
                  Set <Time value={each.created_at} /> by {actorName(each.created_by)}
                  {each.expires_at ? (
                    <>
                      ; {isOver ? 'ended' : 'ends'} <Time value={each.expires_at} />
                    </>
                  ) : (
                    '; does not end'
                  )}
                  .
                </Text>
              </div>
              {mayWrite && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Remove the override of ${feature.name}`}
                  onClick={() => onRemove(feature)}
                >
                  Remove
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
};
