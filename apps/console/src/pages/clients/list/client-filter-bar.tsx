import { clientStatus } from '@bastionary/contracts/clients';
import { NativeSelect } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { SearchFilter } from '../../../ui/search-filter';

const route = getRouteApi('/signed-in/clients');
const STATUSES = [
  { value: '', label: 'Any status' },
  ...clientStatus.options.map((value) => ({ value, label: value })),
];

/** The filters stand in the address: a filtered list can be bookmarked, sent and gone back to. */
export const ClientFilterBar = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <SearchFilter
      label="Search clients"
      placeholder="Search by name or id"
      value={filter.search}
      onSearch={(search) => navigate({ search: ({ status }) => ({ status, search }), replace: true })}
    >
      <NativeSelect
        aria-label="Status"
        data={STATUSES}
        value={filter.status ?? ''}
        onChange={(event) => {
          const status = clientStatus.safeParse(event.currentTarget.value).data;
          void navigate({ search: ({ search }) => ({ search, status }) });
        }}
      />
    </SearchFilter>
  );
};
