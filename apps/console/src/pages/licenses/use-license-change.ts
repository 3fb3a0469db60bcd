import { useMutation, useQueryClient } from '@tanstack/react-query';
import { customerKeys } from '../../api/customers';
import { licenseKeys, licenseQuery, type VersionedLicense } from '../../api/licenses';
import { toast } from '../../ui/toast';

/** What a refused change of a licence is about: see UpdateError. */
export const conflictOf = (id: string) => ({ target: `license:${id}`, queryKey: licenseKeys.one(id) });

/** Changes a licence, or something of it; what depends on it is asked for anew. */
export const useLicenseChange = <Changed, Variables = void>(
  id: string,
  change: (variables: Variables) => Promise<Changed>,
  done: string,
  onDone: (changed: Changed) => void,
) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    gcTime: 0,
    onSuccess: async (changed) => {
      if (isVersioned(changed)) queryClient.setQueryData(licenseQuery(id).queryKey, changed);
      onDone(changed);
      toast(done);
      await queryClient.invalidateQueries({ queryKey: licenseKeys.all });
      await queryClient.invalidateQueries({ queryKey: customerKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['explain'] });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};

const isVersioned = (changed: unknown): changed is VersionedLicense =>
  typeof changed === 'object' && changed !== null && 'license' in changed && 'etag' in changed;
