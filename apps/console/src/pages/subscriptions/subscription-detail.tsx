import { PageHeader } from '../../ui/page-header';

export const SubscriptionDetailPage = () => <PageHeader title="Subscription" />;
