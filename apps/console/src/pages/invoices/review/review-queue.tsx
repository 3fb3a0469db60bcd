import { Button, Checkbox, Skeleton, Stack, Text } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { invoicesQuery } from '../../../api/invoices';
import { usePermission } from '../../../api/session';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterButton } from '../../../ui/links';
import { Pager } from '../../../ui/pager';
import { Totals } from '../../../ui/totals';
import { filterOf } from '../list/invoice-views';
import { FinalizeSelected } from './finalize-selected';
import classes from './review-queue.module.css';
import { ReviewedDraft } from './reviewed-draft';

const route = getRouteApi('/signed-in/invoices');

/** Drafts that differ from the period before: what is right goes out, what is not is held or corrected. */
export const ReviewQueue = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayFinalize = usePermission('invoices:write');
  const { data, error, refetch, isPlaceholderData } = useQuery(invoicesQuery(filterOf(search)));
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [isAsking, setAsking] = useState(false);
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={220} radius="lg" aria-busy />;
  const drafts = data.data;
  const chosen = drafts.filter(({ id }) => selected.includes(id));
  const toggle = (id: string) =>
    setSelected(selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id]);

  if (drafts.length === 0 && !isPlaceholderData && !search.cursor) {
    return (
      <EmptyState
        icon={IconChecks}
        title="Nothing to review"
        action={
          <RouterButton variant="default" to="/invoices" search={{ view: 'drafts' }}>
            See all drafts
          </RouterButton>
        }
      >
        A draft stands here when it differs much from the period before: a total that jumped, a price that is new, usage
        that is missing.
      </EmptyState>
    );
  }
  return (
    <Stack gap={0}>
      {mayFinalize && (
        <div className={classes.bar}>
          <Checkbox
            label={chosen.length === 0 ? 'Select all on this page' : `${chosen.length} selected`}
            checked={chosen.length === drafts.length}
            indeterminate={chosen.length > 0 && chosen.length < drafts.length}
            onChange={(event) => setSelected(event.currentTarget.checked ? drafts.map(({ id }) => id) : [])}
          />
          <Button disabled={chosen.length === 0} onClick={() => setAsking(true)}>
            Finalize the selected
          </Button>
        </div>
      )}
      <ul className={classes.queue} aria-label="Drafts to review">
        {drafts.map((draft) => (
          <ReviewedDraft
            key={draft.id}
            draft={draft}
            isSelected={selected.includes(draft.id)}
            {...(mayFinalize && { onToggle: () => toggle(draft.id) })}
          />
        ))}
      </ul>
      <Totals rows={drafts} sums={{ Total: ({ total }) => total }} isPart={data.next_cursor !== null} />
      <Text size="xs" c="dimmed" mt="xs">
        Each draft goes out by itself when its grace is over, unless it is held.
      </Text>
      <Pager
        isFirst={!search.cursor}
        next={data.next_cursor}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
      {isAsking && (
        <FinalizeSelected
          drafts={chosen}
          onClose={() => setAsking(false)}
          onFinalized={(id) => setSelected((before) => before.filter((one) => one !== id))}
        />
      )}
    </Stack>
  );
};
