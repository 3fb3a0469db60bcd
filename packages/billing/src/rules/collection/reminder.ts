import type { DunningAct } from '@bastionary/contracts/dunning';

export interface Reminded {
  readonly customer: string;
  readonly number: string;
  /** As people read it: `EUR 49.00` */
  readonly amountDue: string;
  /** A date */
  readonly dueOn: string;
  /** What is suspended unless it is paid, and when; null: nothing */
  readonly suspendedFrom: string | null;
}

const OPENING: Record<DunningAct, string> = {
  remind: 'We have not seen your payment yet; perhaps it crossed this letter.',
  past_due: 'We have still not received your payment.',
  suspend: 'Your payment has not arrived, so your subscription is suspended. It works again at once with the payment.',
};

/** What whoever has not paid is told at a step of dunning. */
export function reminder(act: DunningAct, { customer, number, amountDue, dueOn, suspendedFrom }: Reminded) {
  const warning =
    act === 'suspend' || suspendedFrom === null
      ? []
      : [`Your subscription works on until ${suspendedFrom}. After that it is suspended until the payment is here.`];
  return {
    subject: act === 'suspend' ? `Suspended: invoice ${number} is not paid` : `Invoice ${number} was due on ${dueOn}`,
    text: [
      `Dear ${customer},`,
      `invoice ${number} was due on ${dueOn}; ${amountDue} are open.`,
      OPENING[act],
      ...warning,
      `Please name ${number} with your payment.`,
    ].join('\n\n'),
  };
}
