import { useMutation, useQueryClient } from '@tanstack/react-query';
import { invoiceKeys } from '../../api/invoices';
import { creditNoteKeys, paymentKeys } from '../../api/payments';
import { toast } from '../../ui/toast';

/** Does something to invoices or their money; everything that shows money is asked for anew. */
export const useInvoiceChange = <Result, Variables = void>(
  change: (variables: Variables) => Promise<Result>,
  done: string | ((result: Result) => string),
  onDone: (result: Result) => void = () => {},
) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (result) => {
      onDone(result);
      toast(typeof done === 'string' ? done : done(result));
      const stale = [invoiceKeys.all, paymentKeys.all, creditNoteKeys.all, ['wallets'], ['revenue'], ['customers']];
      await Promise.all(stale.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  });
};
