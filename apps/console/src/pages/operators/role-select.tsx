import { type Role, role } from '@bastionary/contracts/operators';
import { mayGrantRole } from '@bastionary/contracts/permissions';
import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { useSession } from '../../api/session';

const WORDS: Record<Role, string> = {
  owner: 'Owner: everything, and makes owners',
  admin: 'Admin: everything but owners',
  developer: 'Developer: clients, resources, tokens and keys',
  finance: 'Finance: sees clients',
  auditor: 'Auditor: sees everything, changes nothing',
};

/** The roles that whoever is signed in may give. */
export const RoleSelect = (props: Omit<NativeSelectProps, 'data'>) => {
  const session = useSession();
  const permissions = new Set(session?.permissions);
  const given = role.options.filter((one) => mayGrantRole(session?.operator.role ?? null, permissions, one));
  return <NativeSelect label="Role" {...props} data={given.map((value) => ({ value, label: WORDS[value] }))} />;
};
