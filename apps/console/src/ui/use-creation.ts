import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { ApiError } from '../api/http';
import { idempotencyKey } from '../api/idempotency-key';
import { toast } from './toast';

type Options<Schema extends z.ZodType, Made> = {
  /** What the api takes: what it would refuse is said before it is sent. */
  schema: Schema;
  create: (body: z.input<Schema>, key: string) => Promise<Made>;
  /** What is asked for anew afterwards. */
  stale: QueryKey;
  done: (made: Made) => string;
  onCreated: (made: Made) => void | Promise<void>;
};

/** Of several faults of a field the first: the others follow from it. */
const byField = (issues: z.core.$ZodIssue[]) =>
  Object.fromEntries(issues.toReversed().map(({ path, message }) => [String(path[0]), message]));

/** Makes something of what stands in a form, once however often it is sent; faults are told by the field's name. */
export const useCreation = <Schema extends z.ZodType, Made>(options: Options<Schema, Made>) => {
  const { schema, create, stale, done, onCreated } = options;
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const creation = useMutation({
    mutationFn: (body: z.input<Schema>) => create(body, intent),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: stale });
      toast(done(made));
      await onCreated(made);
    },
    onError: () => setIntent(idempotencyKey()),
  });
  const refused = creation.error instanceof ApiError ? creation.error.fieldErrors : {};
  const faults: Record<string, string> = { ...refused, ...typed };
  return {
    faults,
    isPending: creation.isPending,
    /** What no field can tell. */
    error: Object.keys(faults).length === 0 ? creation.error : null,
    /** @param own faults that the form knows better than the schema */
    submit: (body: z.input<Schema>, own: Record<string, string> = {}) => {
      creation.reset();
      const found = { ...byField(schema.safeParse(body).error?.issues ?? []), ...own };
      setTyped(found);
      if (Object.keys(found).length === 0) creation.mutate(body);
    },
  };
};
