import type { DunningPolicy } from '@bastionary/contracts/dunning';
import { formatDuration } from '../../ui/duration';

type Steps = DunningPolicy['steps'];

const when = (seconds: number) =>
  seconds === 0 ? 'As soon as an invoice is overdue' : `${formatDuration(seconds)} after an invoice was due`;

/** What happens to whoever does not pay, a sentence each, in order. */
export const dunningWords = (steps: Steps): string[] => {
  const suspendedAfter = steps.find(({ act }) => act === 'suspend')?.after_seconds;
  const what = ({ act, after_seconds: after }: Steps[number]) => {
    switch (act) {
      case 'remind':
        return 'the customer is reminded.';
      case 'past_due':
        return suspendedAfter === undefined
          ? 'its subscription is past due. It works on, with no end.'
          : `its subscription is past due. It works on for ${formatDuration(suspendedAfter - after)}, and the customer is told so.`;
      case 'suspend':
        return 'its subscription is suspended: nothing it grants works any more.';
    }
  };
  return steps.map((step) => `${when(step.after_seconds)}, ${what(step)}`);
};

/** What holds after all of them. */
export const afterwards = (steps: Steps): string => {
  if (steps.length === 0) return 'Nothing happens to whoever does not pay: its invoices stay open, and all works on.';
  const restored = steps.some(({ act }) => act !== 'remind') ? ', and the subscription works again at once' : '';
  return `As soon as everything overdue is paid, this ends${restored}. After the last step nothing more happens by itself.`;
};
