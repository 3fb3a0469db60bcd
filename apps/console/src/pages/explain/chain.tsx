import type { ExplainStep } from '@bastionary/contracts/explain';
import { IconCheck, IconInfoSmall, IconX, type TablerIcon } from '@tabler/icons-react';
import classes from './chain.module.css';
import { Fact } from './fact';
import { StepLink } from './step-link';

const LOOKS: Record<ExplainStep['result'], [words: string, icon: TablerIcon]> = {
  allows: ['allows it', IconCheck],
  denies: ['denies it', IconX],
  informs: ['decides nothing by itself', IconInfoSmall],
};

const named = (step: string) => step.charAt(0).toUpperCase() + step.slice(1).replaceAll('_', ' ');

type Props = {
  steps: readonly ExplainStep[];
  clientId: string | undefined;
  /** What is asked about: it is not named again at every step. */
  subject: string | undefined;
};

const isOf = (id: string, subject: string | undefined) => id.split('/')[0] === subject;

/** The facts in the order in which they count. One that denies is enough for a no. */
export const Chain = ({ steps, clientId, subject }: Props) => (
  <ol className={classes.chain}>
    {steps.map(({ step, fact, id, result }, index) => {
      const [words, Icon] = LOOKS[result];
      return (
        <li key={index} className={classes.step} data-result={result}>
          <span className={classes.mark}>
            <Icon
              size={result === 'informs' ? 22 : 15}
              stroke={result === 'informs' ? 2 : 2.75}
              role="img"
              aria-label={words}
            />
          </span>
          <div className={classes.words}>
            <div className={classes.name}>{named(step)}</div>
            <div className={classes.fact}>
              <Fact words={fact} />
            </div>
          </div>
          {id !== null && !isOf(id, subject) && (
            <div className={classes.id}>
              <StepLink step={step} id={id} clientId={clientId} />
            </div>
          )}
        </li>
      );
    })}
  </ol>
);
