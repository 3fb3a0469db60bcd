import type { Credential } from '@bastionary/contracts/credentials';
import { Badge, Button, Group, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconFileCertificate, IconKey, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyableId } from '../../../../ui/copyable-id';
import { StatusBadge } from '../../../../ui/status-badge';
import { Time } from '../../../../ui/time';
import classes from './credential-card.module.css';
import { RetirementVerdict } from './retirement-verdict';
import { isExpiring, KIND_NAMES, nameOf, originOf, validityOf } from './validity';

const ICONS = { secret: IconKey, public_key: IconFileCertificate, jwks_uri: IconLink };

type Props = {
  clientId: string;
  credential: Credential;
  /** Left out for those who may only look. */
  onEdit?: () => void;
  onDelete?: () => void;
};

/** A credential with the question everybody has about it: who still uses it? */
export const CredentialCard = ({ clientId, credential, onEdit, onDelete }: Props) => {
  const [isVerdictOpen, verdict] = useDisclosure(false);
  const [now] = useState(() => Date.now());
  const Icon = ICONS[credential.kind];
  const name = nameOf(credential);
  return (
    <li className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <span className={classes.icon}>
          <Icon size={18} stroke={1.7} aria-hidden />
        </span>
        <div className={classes.words}>
          <Group gap="xs">
            <Text fw={600} className={classes.name}>
              {name}
            </Text>
            <StatusBadge status={credential.status} />
            {isExpiring(credential, now) && <Badge color="orange">expires soon</Badge>}
          </Group>
          <Text size="sm" c="dimmed" className={classes.kind}>
            <Recognition credential={credential} /> {originOf(credential)}
          </Text>
        </div>
        {onEdit && onDelete && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="default" px={6} aria-label={`Actions on ${name}`}>
                <IconDots size={16} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
                Edit label and validity
              </Menu.Item>
              <Menu.Item
                c="var(--mantine-color-error)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={onDelete}
              >
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <dl className={classes.facts}>
        <div>
          <dt>Last used</dt>
          <dd>
            <LastUse credential={credential} />
          </dd>
        </div>
        <div>
          <dt>Uses</dt>
          <dd>{BigInt(credential.use_count).toLocaleString()}</dd>
        </div>
        <div>
          <dt>Valid</dt>
          <dd>{validityOf(credential)}</dd>
        </div>
        <div>
          <dt>Added</dt>
          <dd>
            <Time value={credential.created_at} as="date" />
          </dd>
        </div>
      </dl>
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.ask}
        aria-expanded={isVerdictOpen}
        onClick={verdict.toggle}
      >
        {isVerdictOpen ? 'Hide the evidence' : 'Is it safe to retire?'}
      </Button>
      {isVerdictOpen && <RetirementVerdict clientId={clientId} credentialId={credential.id} />}
    </li>
  );
};

/** What it can be told from others by, as far as its name does not say so already. */
const Recognition = ({ credential: { label, kind, hint, kid, jwks_uri } }: { credential: Credential }) => {
  if (kind === 'jwks_uri' && jwks_uri) return <CopyableId id={jwks_uri} what="the address" />;
  if (kid) return <CopyableId id={kid} what="key id" />;
  return label === null ? null : (
    <>
      {KIND_NAMES[kind]} <code>{hint}</code>,
    </>
  );
};

const LastUse = ({ credential: { last_used_at, last_used_address } }: { credential: Credential }) => {
  if (!last_used_at) return <>never</>;
  return (
    <>
      <Time value={last_used_at} />
      {last_used_address && (
        <>
          {' '}
          from <code>{last_used_address}</code>
        </>
      )}
    </>
  );
};
