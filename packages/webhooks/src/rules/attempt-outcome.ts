/** What one request has shown. */
export interface Attempt {
  /** HTTP status; null if there was no answer */
  readonly status: number | null;
  /** Why there was none, in words for the owner of the endpoint */
  readonly fault: string | null;
}

export interface Outcome {
  readonly delivered: boolean;
  /** The endpoint wants nothing more. */
  readonly gone: boolean;
  readonly error: string | null;
}

/** Only 2xx means delivered; 410 means: never again (Standard Webhooks, "Delivery"). */
export function outcomeOf({ status, fault }: Attempt): Outcome {
  if (status === null) return { delivered: false, gone: false, error: fault ?? 'there was no answer' };
  if (status >= 200 && status < 300) return { delivered: true, gone: false, error: null };
  if (status >= 300 && status < 400) {
    return { delivered: false, gone: false, error: 'it redirects, and redirects are not followed' };
  }
  return { delivered: false, gone: status === 410, error: `it answers ${status}` };
}
