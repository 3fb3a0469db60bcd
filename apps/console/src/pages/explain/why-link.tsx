import type { ExplainQuestion } from '@bastionary/contracts/explain';
import { IconHelpCircle } from '@tabler/icons-react';
import { usePermission } from '../../api/session';
import { RouterAnchor } from '../../ui/links';
import { toSearch } from './explain-search';
import classes from './why-link.module.css';

type Props = {
  /** Whom it is about: a client or a customer. */
  clientId?: string;
  customerId?: string;
  question: ExplainQuestion;
  /** RFC 3339; default: now. */
  at?: string;
  label?: string;
};

/** Beside whatever was refused: leads to the chain of facts behind it. Nothing for those who may not ask. */
export const WhyLink = ({ clientId, customerId, question, at, label = 'Why?' }: Props) => {
  const mayAsk = usePermission('explain:read');
  if (!mayAsk) return null;
  const who = clientId === undefined ? { customer_id: customerId } : { client_id: clientId };
  const search = toSearch({ ...who, question, ...(at !== undefined && { at }) });
  return (
    <RouterAnchor to="/explain" search={search} size="sm" className={classes.link}>
      <IconHelpCircle size={15} stroke={1.8} aria-hidden />
      {label}
    </RouterAnchor>
  );
};
