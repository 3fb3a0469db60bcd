import { useSession } from '../../api/session';

/** Who did something, in words. */
export const useActorName = () => {
  const own = useSession()?.operator.id;
  return (actor: string) => {
    const [kind, ...rest] = actor.split(':');
    const id = rest.join(':');
    if (kind === 'operator') return id === own ? 'you' : `operator ${id}`;
    if (kind === 'client') return `client ${id}`;
    return kind === 'system' ? `the system (${id})` : actor;
  };
};
