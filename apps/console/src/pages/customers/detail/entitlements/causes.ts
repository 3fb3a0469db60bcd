const WORDS: Record<string, string> = {
  'customer.created': 'The customer was created',
  'customer.updated': 'The customer was changed',
  'customer.suspended': 'The customer was suspended',
  'customer.resumed': 'The customer was resumed',
  'override.set': 'An override was set',
  'override.deleted': 'An override was removed',
  'time.passed': 'Something fell due: it began or ended at its time',
  'feature.created': 'A feature was added to the catalogue',
  'feature.updated': 'The default of a feature changed',
  'feature.deleted': 'A feature was deleted',
  'catalogue.applied': 'The catalogue was applied',
  'subscription.created': 'A subscription was created',
  'subscription.updated': 'A subscription was changed',
  'subscription.changed': 'A subscription was changed',
  'subscription.migrated': 'A subscription moved to another version of its plan',
};

/** What made a new epoch, in words; readable, also for what this console does not know yet. */
export const causeWords = (cause: string) => WORDS[cause] ?? cause.replaceAll(/[._]/g, ' ');
