import { getRouteApi } from '@tanstack/react-router';
import { PageHeader } from '../../ui/page-header';

const route = getRouteApi('/signed-in/explain');

export const ExplainPage = () => {
  route.useSearch();
  return <PageHeader title="Explain" />;
};
