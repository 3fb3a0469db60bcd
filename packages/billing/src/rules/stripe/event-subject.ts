/** The part of an event that says what it is about. */
export interface EventFacts {
  readonly object: {
    readonly object?: unknown;
    readonly id?: unknown;
    readonly payment_intent?: unknown;
    readonly customer?: unknown;
  };
  /** What was before in the fields that changed */
  readonly previous?: { readonly customer?: unknown } | undefined;
}

/** What must be looked up again because of an event. */
export interface Subject {
  readonly kind: 'payment_intent' | 'checkout_session' | 'customer';
  readonly id: string;
}

const idOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  const id = (value as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : null;
};

/**
 * What an event is about, or null if nothing here follows from it. Only this is taken from an event: what became of it is
 * asked of Stripe, so that late, repeated and reordered events all lead to what is true now.
 */
export function subjectOf({ object, previous }: EventFacts): Subject | null {
  const about = (kind: Subject['kind'], value: unknown): Subject | null => {
    const id = idOf(value);
    return id === null ? null : { kind, id };
  };
  switch (object.object) {
    case 'payment_intent':
      return about('payment_intent', object.id);
    case 'charge':
    case 'refund':
    case 'dispute':
      return about('payment_intent', object.payment_intent);
    case 'checkout.session':
      return about('checkout_session', object.id);
    case 'customer':
      return about('customer', object.id);
    case 'setup_intent':
    case 'payment_method':
      // One that was taken away belongs to nobody any more.
      return about('customer', object.customer ?? previous?.customer);
    default:
      return null;
  }
}
