import { Paper, Title, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './wizard-steps.module.css';

type Step = { name: string; question: string };
type Props = { steps: Step[]; current: number; onGoBack: (step: number) => void; children: ReactNode };

/** Where one is in the wizard. Steps that are done can be gone back to. */
export const WizardSteps = ({ steps, current, onGoBack, children }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(current);

  useEffect(() => {
    if (shown.current !== current) heading.current?.focus({ preventScroll: true });
    shown.current = current;
  }, [current]);

  return (
    <div className={classes.root}>
      <ol className={classes.steps} aria-label="Steps">
        {steps.map(({ name }, index) => (
          <li key={name} className={classes.step} aria-current={index === current ? 'step' : undefined}>
            <UnstyledButton className={classes.button} disabled={index >= current} onClick={() => onGoBack(index)}>
              <span className={classes.mark} data-done={index < current || undefined}>
                {index < current ? <IconCheck size={14} stroke={2.5} aria-label="Done:" /> : index + 1}
              </span>
              {name}
            </UnstyledButton>
          </li>
        ))}
      </ol>
      <Paper className={classes.body}>
        <Title order={2} ref={heading} tabIndex={-1} mb="md" className={classes.heading}>
          {steps[current]?.question}
        </Title>
        {children}
      </Paper>
    </div>
  );
};
