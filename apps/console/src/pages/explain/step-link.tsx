import { RouterAnchor } from '../../ui/links';
import { ObjectLink, PlanLink } from '../../ui/object-link';

type Props = { step: string; id: string; clientId: string | undefined };

/** The id a fact comes from, as a link to the page that shows it, where there is one. */
export const StepLink = ({ step, id, clientId }: Props) => {
  if (step.startsWith('client') || id === clientId) {
    return (
      <RouterAnchor to="/clients/$clientId" params={{ clientId: id }} search={{}} inherit underline="always">
        {id}
      </RouterAnchor>
    );
  }
  if (step === 'credential' && clientId !== undefined) {
    return (
      <RouterAnchor
        to="/clients/$clientId"
        params={{ clientId }}
        search={{ tab: 'credentials' }}
        inherit
        underline="always"
      >
        {id}
      </RouterAnchor>
    );
  }
  if (step === 'plan_version' || step === 'add_on') return <PlanLink id={id} />;
  // An exception and the use of a limit are named below their customer: cus_…/overrides/seats.
  const [owner = id] = id.split('/');
  return <ObjectLink id={owner}>{id}</ObjectLink>;
};
